import { parentPort } from 'node:worker_threads';
import { findClasses } from './find-classes.ts';

export interface ClassifyQuestion {
  readonly id: number;
  readonly text: string;
}

export interface ClassifyAnswer {
  readonly id: number;
  /** Undefined: it could not be looked through. */
  readonly classes?: Awaited<ReturnType<typeof findClasses>> | undefined;
}

// The thread in which text is looked through: whatever it does to a library, it does it here. One at a time.
parentPort?.on('message', ({ id, text }: ClassifyQuestion) => {
  const answer = (said: Omit<ClassifyAnswer, 'id'>): void => parentPort?.postMessage({ id, ...said });
  findClasses(text).then(
    (classes) => answer({ classes }),
    () => answer({}),
  );
});
