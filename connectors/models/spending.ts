import type { Effect, Spent } from '../../src/action/effect.ts';
import { type ModelsSettings, settingsOf } from './settings.ts';

/** Tokens of one call, by the two prices that they have. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** What a chat template may put around one message, its role and its name; generous. */
const MESSAGE_OVERHEAD_TOKENS = 64;
const MILLION = 1_000_000;

/**
 * Never less than what the text comes to: a token of a byte-level vocabulary stands for at least one byte, and the JSON of
 * a call has every byte of its text. English text has about a quarter of it.
 */
export function inputTokensAtMost(texts: unknown, messages = 1): number {
  return Buffer.byteLength(JSON.stringify(texts), 'utf8') + MESSAGE_OVERHEAD_TOKENS * (messages + 1);
}

/** The most that an answer may have; it is always sent along, so that the reservation is one. */
export function outputTokensAtMost(settings: ModelsSettings, model: string, asked: number | null | undefined): number {
  return asked ?? settingsOf(settings, model)?.maxOutputTokens ?? settings.maxOutputTokens;
}

/** Tokens and their price, rounded up to a whole minor unit; without a price, the tokens alone. */
export function spendOf(settings: ModelsSettings, model: string, { input, output }: Tokens): Spent {
  const tokens = input + output;
  const price = settingsOf(settings, model);
  if (price === undefined) return { tokens };
  const cost = (input * price.inputPerMillion + output * price.outputPerMillion) / MILLION;
  return { tokens, amount: { minorUnits: Math.ceil(cost), currency: settings.currency } };
}

/** A call of a model: it spends what `tokens` come to at most, and what it says leaves, unless the models run inside. */
export function modelCall(settings: ModelsSettings, model: string, tokens: Tokens): Effect {
  return {
    kind: 'spend',
    reversible: 'no',
    external: !settings.inside,
    privileged: false,
    count: 1,
    ...spendOf(settings, model, tokens),
    ...(settings.promptLabels.length === 0 ? {} : { dataClasses: settings.promptLabels }),
  };
}
