/** One element: its name in Workday's namespace, and its text or what stands in it, in the order of the schema. */
export interface Element {
  readonly name: string;
  readonly content: string | readonly Element[];
  /** For `ID`: the type of the id. */
  readonly type?: string | undefined;
}

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
/** The namespace of every Workday web service [spec]. */
const WORKDAY = 'urn:com.workday/bsvc';
const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const PASSWORD_TEXT = `${OASIS}-username-token-profile-1.0#PasswordText`;

export interface SoapUser {
  /** `user@tenant`, as an integration user is named over SOAP [3rd]. */
  readonly username: string;
  readonly password: string;
}

/** A SOAP 1.1 envelope with a WS-Security UsernameToken around one request. */
export function envelopeOf(request: Element, version: string, { username, password }: SoapUser): string {
  const token =
    `<wsse:UsernameToken><wsse:Username>${escaped(username)}</wsse:Username>` +
    `<wsse:Password Type="${PASSWORD_TEXT}">${escaped(password)}</wsse:Password></wsse:UsernameToken>`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${SOAP}" xmlns:wd="${WORKDAY}">` +
    `<soapenv:Header><wsse:Security xmlns:wsse="${OASIS}-wssecurity-secext-1.0.xsd" soapenv:mustUnderstand="1">` +
    `${token}</wsse:Security></soapenv:Header>` +
    `<soapenv:Body>${written(request, ` wd:version="${escaped(version)}"`)}</soapenv:Body></soapenv:Envelope>`
  );
}

/** The elements that have content; an absent field is an absent element. */
export function elements(
  fields: Readonly<Record<string, Element['content'] | boolean | undefined>>,
): readonly Element[] {
  return Object.entries(fields).flatMap(([name, content]) => {
    if (content === undefined) return [];
    return [{ name, content: typeof content === 'boolean' ? String(content) : content }];
  });
}

/** A reference to another thing, by its Workday ID. */
export function byWid(id: string): readonly Element[] {
  return [{ name: 'ID', type: 'WID', content: id }];
}

function written({ name, content, type }: Element, attributes = ''): string {
  const typed = type === undefined ? attributes : `${attributes} wd:type="${escaped(type)}"`;
  const inside = typeof content === 'string' ? escaped(content) : content.map((element) => written(element)).join('');
  return `<wd:${name}${typed}>${inside}</wd:${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

/** Characters that XML 1.0 has no form for are left out: nothing can carry them. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot carry
  const carried = text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
  return carried.replace(/[&<>"'\r]/g, (character) => ESCAPES[character] ?? character);
}
