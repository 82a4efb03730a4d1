/** What a fresh simulated provider has. */
export const SEED = {
  key: 'sk-simulated-key',
  models: {
    small: 'sim-small',
    /** Answers without saying what it took. */
    silent: 'sim-silent',
    /** Its streams end before they are whole. */
    broken: 'sim-broken',
    /** Fine-tuned, so it can be deleted. */
    tuned: 'ft:sim-small:acme::1',
    embedding: 'sim-embedding',
    moderation: 'omni-moderation-latest',
  },
  files: { training: 'file-training1' },
  jobs: { running: 'ftjob-running1' },
  adminKeys: { old: 'key_old1' },
  projects: { web: 'proj_web1' },
} as const;

/** A word or a sign is one token here; every message has four of its own. */
export function tokensIn(text: string): number {
  return text.match(/\w+|[^\s\w]/g)?.length ?? 0;
}
