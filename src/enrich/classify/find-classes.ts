import { redact } from '@arcjet/redact';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import validator from 'validator';
import type { TextClass } from './text-classes.ts';

const PERSONAL = { email: 'email-address', 'phone-number': 'phone-number' } as const satisfies Record<
  string,
  TextClass
>;

const ENTITIES = Object.keys(PERSONAL) as (keyof typeof PERSONAL)[]; // keys of a constant

const PRIVATE_KEY = '@secretlint/secretlint-rule-privatekey';

/** All that the text holds. Costs time that grows with it; run where nobody waits. */
export async function findClasses(text: string): Promise<readonly TextClass[]> {
  const found = new Set<TextClass>([...(await secretsIn(text)), ...(await personalDataIn(text))]);
  if (hasIban(text)) found.add('iban');
  if (hasCard(text)) found.add('credit-card');
  if (KEY.test(text)) found.add('private-key');
  return [...found].sort();
}

async function secretsIn(text: string): Promise<readonly TextClass[]> {
  const { messages } = await lintSource({
    source: { filePath: 'result.txt', content: text, contentType: 'text' },
    options: { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } },
  });
  return messages.map(({ ruleId }) => (ruleId === PRIVATE_KEY ? 'private-key' : 'credential'));
}

/** Characters that are looked through at once, and those of the piece before that are seen again. */
const PIECE = 8_192;
const OVERLAP = 256;

/** Piece by piece: what was found once is not looked for again, as the library's time grows with what it finds. */
async function personalDataIn(text: string): Promise<readonly TextClass[]> {
  // The library takes words apart at white space; an address often stands in brackets, in quotes or after a colon.
  const words = text.includes('@') ? `${text}\n${text.replaceAll(/[<>()[\]{}"',;:?&=|]/g, ' ')}` : text;
  const missing = new Set(ENTITIES);
  for (let at = 0; at < words.length && missing.size > 0; at += PIECE) {
    const entities = [...missing];
    await redact(words.slice(Math.max(0, at - OVERLAP), at + PIECE), {
      entities,
      replace: (entity) => {
        for (const each of entities) if (each === entity) missing.delete(each);
        return '';
      },
    });
  }
  return ENTITIES.filter((entity) => !missing.has(entity)).map((entity) => PERSONAL[entity]);
}

/** An account, in groups or not; each character stands for itself, so that no text takes long. The check digits decide. */
const IBAN = /\b[a-z]{2}\d{2}(?: ?[a-z0-9]){10,30}(?![a-z0-9])/gi;

function hasIban(text: string): boolean {
  for (const [candidate] of text.matchAll(IBAN))
    if (endsInWord(candidate).some((each) => validator.isIBAN(each))) return true;
  return false;
}

/** What follows an account in its sentence may look like more groups of it. */
function endsInWord(candidate: string): readonly string[] {
  const groups = candidate.toUpperCase().split(' ');
  return groups.map((_, cut) => groups.slice(0, groups.length - cut).join(''));
}

const CARD = /(?<!\d)\d(?:[ -]?\d){11,18}(?!\d)/g;

function hasCard(text: string): boolean {
  for (const [candidate] of text.matchAll(CARD)) if (validator.isCreditCard(candidate)) return true;
  return false;
}

/** RFC 7468 §4, OpenSSH's own format and OpenPGP's begin alike. */
const KEY = /-----BEGIN (?:[A-Z0-9]{2,20} ){0,2}PRIVATE KEY(?: BLOCK)?-----/;
