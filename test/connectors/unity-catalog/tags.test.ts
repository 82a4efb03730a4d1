import { describe, expect, test } from 'vitest';
import { labelOf, labelsOf } from '../../../connectors/unity-catalog/tags.ts';

describe('what a tag gives to a table', () => {
  test.each([
    ['pii', 'pii'],
    ['PII=true', 'pii'],
    ['pii=email', 'pii'],
    ['personal_data=yes', 'pii'],
    ['gdpr', 'pii'],
    ['class.us_ssn=true', 'pii'],
    ['class.email_address', 'pii'],
    ['sensitivity=pii', 'pii'],
    ['sensitivity=confidential', 'confidential'],
    ['data_classification=Restricted', 'confidential'],
    ['sensitivity=purple', 'confidential'],
    ['sensitivity', 'confidential'],
    ['secret', 'secret'],
    ['credentials=yes', 'secret'],
    ['hr', 'hr'],
    ['finance=true', 'finance'],
    ['compensation', 'compensation'],
  ])('%s gives %s', (tag, label) => {
    expect(labelOf(tag)).toBe(label);
  });

  test.each([
    'pii=false',
    'pii=no',
    'sensitivity=public',
    'classification=internal',
    'team=hr',
    'cost_center=pii',
    'not_pii',
    'piiiii',
    '',
    'constructor',
    '__proto__=x',
  ])('%s gives nothing', (tag) => {
    expect(labelOf(tag)).toBeUndefined();
  });

  test('several give each label once, and what is no list of tags is refused', () => {
    expect(labelsOf(['class.a', 'pii', 'sensitivity=top', 'team=x'])).toEqual(['pii', 'confidential']);
    expect(() => labelsOf('pii')).toThrow();
  });
});
