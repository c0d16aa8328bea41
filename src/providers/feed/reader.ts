import { createIssue, type ConfigDetails, type Issue } from '../../core/issue.ts';
import type { ConfigCode } from '../../core/issue-catalogue.ts';
import { parsePath, type JsonPath } from '../../core/path.ts';
import type { KeyPath, PositionedYaml } from '../../core/positioned-yaml.ts';
import { suggestion } from '../../core/shape.ts';
import type { HeaderTemplate, Setting } from '../definition.ts';
import type { HeadersText, OneOrMore, StatusText } from '../definition-text.ts';
import { parseTemplate, variablesOf, type Template, type VariableKind } from '../request/template.ts';

/**
 * Compiles the small languages inside a definition. What cannot be compiled is reported at its place and
 * stands empty: a definition with an error is never used.
 */
export interface Reader {
  readonly issues: Issue[];
  readonly settings: ReadonlyMap<string, Setting>;
  report(code: ConfigCode, at: KeyPath, details: ConfigDetails): void;
  path(text: string, at: KeyPath): JsonPath;
  paths(text: OneOrMore | undefined, at: KeyPath): JsonPath[];
  /** `mayHoldSecrets`: only what is never stored. */
  template(text: string, at: KeyPath, allowed: readonly VariableKind[], mayHoldSecrets?: boolean): Template;
  headers(text: HeadersText | undefined, at: KeyPath, allowed: readonly VariableKind[]): HeaderTemplate[];
}

export function createReader(yaml: PositionedYaml, settings: ReadonlyMap<string, Setting>): Reader {
  const issues: Issue[] = [];
  const reader: Reader = {
    issues,
    settings,
    report: (code, at, details) => issues.push(createIssue(code, yaml.place(at), details)),
    path: (text, at) => {
      const path = parsePath(text);
      if (path !== undefined) return path;
      reader.report('wrong-value', at, { what: 'not a path', expected: 'a path such as Items[].Sku', got: text });
      return { text, steps: [] };
    },
    paths: (text, at) =>
      typeof text === 'string'
        ? [reader.path(text, at)]
        : (text ?? []).map((one, position) => reader.path(one, [...at, position])),
    template: (text, at, allowed, mayHoldSecrets = false) => {
      const template = parseTemplate(text);
      if (template === undefined) {
        reader.report('bad-template', at, { got: text, hint: usable(allowed) });
        return { text, parts: [] };
      }
      checkVariables(reader, template, at, { allowed, mayHoldSecrets });
      return template;
    },
    headers: (text, at, allowed) =>
      Object.entries(text ?? {}).map(([name, value]) => ({
        name: name.toLowerCase(),
        value: reader.template(value, [...at, name], allowed),
      })),
  };
  return reader;
}

interface Permission {
  readonly allowed: readonly VariableKind[];
  readonly mayHoldSecrets: boolean;
}

function checkVariables(reader: Reader, template: Template, at: KeyPath, permission: Permission): void {
  for (const variable of variablesOf(template)) {
    if (!permission.allowed.includes(variable.kind)) {
      const what = `{${variable.kind}} cannot be used here`;
      reader.report('bad-template', at, { what, hint: usable(permission.allowed) });
    } else if (variable.kind === 'settings') {
      const setting = reader.settings.get(variable.name);
      if (setting === undefined) {
        const what = `there is no setting "${variable.name}"`;
        reader.report('unknown-reference', at, { what, ...suggestion(variable.name, [...reader.settings.keys()]) });
      } else if (setting.isSecret && !permission.mayHoldSecrets) {
        const what = `the secret setting "${variable.name}" would be stored with the request`;
        reader.report('bad-template', at, { what, hint: 'Secrets belong into auth.headers or auth.token.' });
      }
    }
  }
}

const forms: Readonly<Record<VariableKind, string>> = {
  key: '{key}',
  'key.uuid': '{key.uuid}',
  'key.part': '{key.name}',
  'document.key': '{document.key}',
  'payload.hash': '{payload.hash:8}',
  payload: '{payload.Path}',
  answer: '{answer.Path}',
  record: '{record.Path}',
  found: '{found.name}',
  value: '{value}',
  each: '{each.name}',
  item: '{item.Path}',
  reference: '{reference}',
  since: '{since}',
  until: '{until}',
  row: '{row}',
  settings: '{settings.name}',
};

function usable(allowed: readonly VariableKind[]): string {
  return `Usable here: ${allowed.map((kind) => forms[kind]).join(', ')}.`;
}

/** `[404, 5xx]` as texts. */
export function statusTexts(text: StatusText | undefined, absent: readonly string[]): readonly string[] {
  return text === undefined ? absent : [text].flat().map(String);
}
