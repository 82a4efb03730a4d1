import { isMutating } from '../../action/effect.ts';
import type { EventPayloads } from '../../action/event.ts';
import { type Fact, factKey } from '../../action/fact.ts';
import type { StreamId } from '../../action/log-port.ts';
import { type ResourceRef, resourceKey } from '../../action/resource.ts';
import type { ActionView, WorkflowView } from '../../action/view.ts';
import { BOUNDS } from '../../lib/bounds.ts';
import type { Clock } from '../../lib/clock.ts';
import { asInterlockError, type InterlockError } from '../../lib/errors.ts';
import type { Workflows } from '../../workflow/workflows.ts';
import { Classifier } from './classifier.ts';
import { labelsOfClasses, TEXT_CLASSES_FACT, type TextClass } from './text-classes.ts';
import { textOf } from './text-of.ts';

export interface ClassificationParts {
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly alarm: (message: string, error: InterlockError) => void;
}

/** What was found in a record is true of it until somebody writes it anew, which nobody may tell: a month. */
const TTL_MS = 30 * 24 * 3_600_000;

const { name, system: source } = TEXT_CLASSES_FACT;

export interface Classification {
  close(): Promise<void>;
}

/**
 * Looks through what actions have read and written, as far as the log keeps it, and lets what it finds be a fact of the
 * records that they touched. Nothing waits for it; what is not done when the process ends is left out.
 */
export function startClassification({ workflows, clock, alarm }: ClassificationParts): Classification {
  const classifier = new Classifier({ clock });
  const closing = new AbortController();
  const running = new Set<Promise<void>>();
  const end = workflows.onDurable((stream, events, view) => {
    for (const { type, payload } of events) {
      const action = type === 'action.completed' ? view.actions.get(payload.action) : undefined;
      if (type !== 'action.completed' || action === undefined || action.decided.parts !== undefined) continue;
      const task = classify(stream, { action, completed: payload }).catch((thrown: unknown) => {
        if (!closing.signal.aborted)
          alarm('what an action has shown could not be classified', asInterlockError(thrown));
      });
      running.add(task);
      task.finally(() => running.delete(task));
    }
  });

  const classify = async (stream: StreamId, shown: Shown): Promise<void> => {
    const resources = resourcesOf(shown);
    const text = shownText(shown);
    if (resources.length === 0 || text === '') return;
    const observedAt = clock.now();
    const classes = text === undefined ? (['unread'] as const) : await classifier.classesOf(text);
    if (classes.length === 0 || closing.signal.aborted) return;
    const commit = ({ facts }: WorkflowView) => ({
      events: resources.flatMap((resource) => {
        const payload = factOf(resource, { classes, observedAt, facts });
        return payload === undefined ? [] : [{ type: 'fact.observed', payload } as const];
      }),
      result: undefined,
    });
    await workflows.commitUntilIn(stream, commit, closing.signal);
  };

  return {
    async close() {
      end();
      closing.abort();
      await classifier.close();
      await Promise.all(running);
    },
  };
}

interface Shown {
  readonly action: ActionView;
  readonly completed: EventPayloads['action.completed'];
}

type Named = Pick<ResourceRef, 'type' | 'id'>;

function resourcesOf({ action: { decided }, completed }: Shown): readonly Named[] {
  const all = [...decided.resources, ...(completed.resources ?? [])].map(({ type, id }) => ({ type, id }));
  return [...new Map(all.map((resource) => [resourceKey(resource), resource])).values()].slice(
    0,
    BOUNDS.classifyResources,
  );
}

/** What was read, and what was written. Undefined: it was too long to be kept, or is too long to be looked through. */
function shownText({ action: { decided }, completed }: Shown): string | undefined {
  const { result, resultDigest, exposed, status } = completed;
  if (exposed && resultDigest !== undefined && result === undefined) return undefined;
  const wrote = decided.effect !== undefined && isMutating(decided.effect) && status !== 'failed';
  return textOf([wrote ? (decided.input ?? null) : null, exposed ? (result ?? null) : null], BOUNDS.classifyCharacters);
}

/** With what was known before: a record still has had it. Undefined where that is all. */
function factOf(
  subject: Named,
  {
    classes,
    observedAt,
    facts,
  }: {
    readonly classes: readonly TextClass[];
    readonly observedAt: number;
    readonly facts: WorkflowView['facts'];
  },
): Fact | undefined {
  const known = facts.get(factKey(name, subject));
  const before = Array.isArray(known?.value) ? (known.value as readonly string[]) : []; // what stands below
  const value = [...new Set([...before, ...classes])].sort();
  if (value.length === before.length) return undefined;
  const labels = labelsOfClasses(classes);
  return { fact: name, subject, value, source, observedAt, expiresAt: observedAt + TTL_MS, labels };
}
