import { type PaySlip, seededId, type Tenant, type Worker } from './tenant.ts';

const ORGANIZATIONS = ['Engineering', 'Finance', 'Human Resources', 'Sales', 'Security'];
const PEOPLE = [
  'Amara Okafor',
  'Jonas Lind',
  'Mei Tanaka',
  'Luis Ortega',
  'Priya Nair',
  'Noah Weber',
  'Sofia Rossi',
  'Omar Haddad',
];
/** Who works on a contract. */
const CONTINGENT = 'Omar Haddad';
/** Enough for more than one page of 100. */
const FURTHER_PEOPLE = 122;

/** The simulated tenant on its first day: always the same, so that demos and tests can name what is in it. */
export function seededTenant(): Tenant {
  const workers = [...PEOPLE, ...Array.from({ length: FURTHER_PEOPLE }, (_, i) => `Worker ${i + 1}`)].map(seededWorker);
  const named = (kind: string, names: readonly string[]) =>
    new Map(names.map((name) => [seededId(`${kind}/${slug(name)}`), name]));
  return {
    workers: new Map(workers.map((worker) => [worker.id, worker])),
    organizations: named('organization', ORGANIZATIONS),
    reasons: named('reason', ['Transfer', 'Promotion', 'Spot Bonus']),
    paymentPlans: named('payment-plan', ['Spot Bonus Plan', 'Relocation Plan']),
    timeOffTypes: named('time-off-type', ['Vacation', 'Sick Leave']),
    suppliers: named('supplier', ['Northwind Traders', 'Contoso Consulting']),
    companies: named('company', ['Global Modern Services']),
    paySlips: workers.slice(0, PEOPLE.length).flatMap(paySlipsOf),
    processes: new Map(),
    payrollInputs: new Map(),
    invoices: new Map([seededInvoice()]),
    reports: new Map([seededReport()]),
    timeOff: [],
    log: [],
  };
}

export function slug(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

function seededWorker(name: string, i: number): Worker {
  const organization = ORGANIZATIONS[i % ORGANIZATIONS.length] ?? '';
  return {
    id: seededId(`worker/${slug(name)}`),
    name,
    title: i % 10 === 0 ? `Director of ${organization}` : `${organization} Specialist`,
    dateOfBirth: `19${70 + (i % 30)}-0${1 + (i % 9)}-1${i % 10}`,
    isManager: i % 10 === 0,
    contingent: name === CONTINGENT,
    moves: [{ organizationId: seededId(`organization/${slug(organization)}`), effective: '2020-01-01' }],
  };
}

function paySlipsOf(worker: Worker, i: number): readonly PaySlip[] {
  return ['2026-01-30', '2026-02-27', '2026-03-31'].map((date) => ({
    id: seededId(`pay-slip/${worker.id}/${date}`),
    workerId: worker.id,
    date,
    gross: 6_000 + 450 * i,
    net: 4_100 + 300 * i,
  }));
}

function seededInvoice() {
  const id = seededId('supplier-invoice/draft');
  const fields = {
    supplier: seededId('supplier/northwind-traders'),
    company: seededId('company/global-modern-services'),
    memo: 'Laptops for new joiners',
    total: '12500.00',
    currency: 'USD',
    invoiceDate: '2026-03-02',
  };
  return [id, { id, status: 'Draft', fields }] as [string, { id: string; status: 'Draft'; fields: typeof fields }];
}

function seededReport() {
  const id = seededId('expense-report/draft');
  const fields = { memo: 'Customer visit', total: '842.10', currency: 'EUR' };
  return [id, { id, status: 'Draft', fields }] as [string, { id: string; status: 'Draft'; fields: typeof fields }];
}
