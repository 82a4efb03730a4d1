import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { describe, expect, test } from 'vitest';
import { askCedar, askCompiled, FORMS, ref } from './world.ts';

const TEMPLATES = [
  'permit(principal == ?principal, action, resource == ?resource);',
  'permit(principal in ?principal, action, resource in ?resource);',
  'permit(principal is User in ?principal, action, resource is Doc in ?resource);',
  'permit(principal is Team in ?principal, action, resource == ?resource);',
  'permit(principal == ?principal, action, resource == ?resource) when { context.missing };',
];
const LINKS = [
  { '?principal': ref('User', 'alice'), '?resource': ref('Doc', 'd') },
  { '?principal': ref('Team', 'red'), '?resource': ref('Doc', 'd') },
  { '?principal': ref('Team', 'blue'), '?resource': ref('Folder', 'f') },
];
const world = {
  principal: ref('User', 'alice'),
  action: ref('Action', 'read'),
  resource: ref('Doc', 'd'),
  entities: [
    [ref('User', 'alice'), { attributes: {}, parents: [ref('Team', 'red')] }],
    [ref('Doc', 'd'), { attributes: {}, parents: [ref('Folder', 'f')] }],
  ],
} as const;
const all = TEMPLATES.flatMap((text, template) =>
  LINKS.map((slots, link) => ({ id: `${template}/${link}`, text, template: `t${template}`, slots })),
);

function templateJson(text: string): cedar.PolicyJson {
  const answer = cedar.templateToJson(text);
  if (answer.type === 'failure') throw new Error(text);
  return answer.json;
}

describe.for(FORMS)('compiled to %s', (form) => {
  test('links of templates match as in Cedar', () => {
    const policies = all.map(({ id, text, slots }) => ({ id, json: templateJson(text), slots }));
    const templates = Object.fromEntries(TEMPLATES.map((text, index) => [`t${index}`, text]));
    const templateLinks = all.map(({ id, template, slots }) => ({
      templateId: template,
      newId: id,
      values: Object.fromEntries(Object.entries(slots).map(([slot, value]) => [slot, { ...value }])),
    }));
    expect(askCompiled(form, policies, world)).toEqual(askCedar({ templates, templateLinks }, world));
  });

  test('a slot that nothing fills is refused', () => {
    const json = templateJson('permit(principal == ?principal, action, resource);');
    expect(() => askCompiled(form, [{ id: 'x', json }], world)).toThrow('?principal');
  });
});
