import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadTexts, untranslated } from '../../../src/app/load-texts.ts';
import { loadConfig } from '../../../src/config/index.ts';
import { createIssue, describeConfigIssue, describeFinding, type Issue } from '../../../src/core/issue.ts';
import { issueCatalogue, type CatalogueEntry, type IssueCode } from '../../../src/core/issue-catalogue.ts';
import { knownTexts } from '../../../src/core/known-texts.ts';
import { phraseText, placesOf, type Phrase } from '../../../src/core/text.ts';
import { createTextWriter } from '../../../src/formats/text/encodings.ts';
import { parseProvider } from '../../../src/providers/index.ts';
import { repository } from '../../support/dray.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const own = parse(read('mappings/texts/de.yaml')) as Record<string, string>;
const ofCtl = parse(read('mappings/ctl/texts/de.yaml')) as Record<string, string>;
const translations = Object.entries({ ...own, ...ofCtl });

function ctl() {
  const schemaOf = (path: string) => ({ text: read(`mappings/ctl/${path}`), file: path });
  const { definition } = parseProvider(read('mappings/ctl/provider.yaml'), 'provider.yaml', schemaOf, false);
  if (definition === undefined) throw new Error('the definition has errors');
  return new Map([['ctl', definition]]);
}

describe('the German texts', () => {
  test('are complete, and none of them is for a text that is not told', () => {
    expect([...knownTexts].filter((text) => own[text] === undefined)).toEqual([]);
    expect(Object.keys(own).filter((text) => !knownTexts.has(text))).toEqual([]);
  });

  test('load without a finding together with those of the provider, and leave nothing in English', () => {
    const { config } = loadConfig(join(repository, 'config.yaml'));
    if (config === undefined) throw new Error('the configuration has errors');
    const issues: Issue[] = [];
    const paths = ['mappings/texts/de.yaml', 'mappings/ctl/texts/de.yaml'].map((path) => join(repository, path));
    const texts = loadTexts({ ...config, texts: paths }, ctl(), (path) => path, issues);
    expect(issues.map(describeConfigIssue)).toEqual([]);
    expect(untranslated(texts, ctl())).toBe(0);
  });

  test('say every value of their template, once each', () => {
    const found = translations.filter(([text, translation]) => {
      const values = placesOf(text).map((place) => `<${place}>`);
      const told = phraseText([text, ...values] as Phrase, new Map(translations));
      return values.some((value) => told.split(value).length !== 2) || /\{\d/.test(told) || translation === text;
    });
    expect(found.map(([text]) => text)).toEqual([]);
  });

  test('can be written in the old encodings of western files', () => {
    const lacking = new Set<string>();
    for (const encoding of [
      'windows-1252',
      'iso-8859-1',
      'iso-8859-15',
      'cp437',
      'cp850',
      'ebcdic-037',
      'ebcdic-500',
    ]) {
      createTextWriter(encoding)(translations.map(([, text]) => text).join(''), (character) => {
        lacking.add(character);
        return '?';
      });
    }
    expect([...lacking].sort()).toEqual(['…', '\ufffd']);
  });

  test('end as their template does, so that sentences stay sentences', () => {
    const stop = (text: string): string => /[.?:]$/.exec(text)?.[0] ?? '';
    expect(translations.filter(([text, told]) => stop(text) !== stop(told)).map(([text]) => text)).toEqual([]);
  });

  test.each(
    (Object.entries(issueCatalogue) as [IssueCode, CatalogueEntry][])
      .filter(([, { scope }]) => scope !== 'config')
      .map(([code]) => code),
  )('tell %s in German', (code) => {
    const { what, hint = '' } = issueCatalogue[code];
    const told = describeFinding(createIssue(code, {}), new Map(Object.entries(own)));
    expect(told).not.toContain(what);
    if (hint !== '') expect(told).not.toContain(hint);
  });
});
