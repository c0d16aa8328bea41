import { isMap, isNode, isPair, isSeq, parseDocument, type Document } from 'yaml';
import { code, entriesOf, listOf, noteOf, plain, section, table, textOf } from './page-parts.ts';
import { webhooks } from './provider-page-webhooks.ts';

/** The reference page of a provider, made of its definition and of the comments in it. */
export function providerPage(name: string, definition: string): string {
  const document = parseDocument(definition, { merge: true });
  const root = document.contents;
  if (!isMap(root)) throw new Error(`mappings/${name}/provider.yaml is no mapping`);
  const at = (...path: string[]): unknown => document.getIn(path, true);
  const sections = [
    `# ${textOf(at('summary'))}`,
    `Everything dray knows of this API stands in [provider.yaml](../../mappings/${name}/provider.yaml); this page is made of it. ` +
      'What the words mean: [provider.md](../provider.md).',
    noteOf(root),
    section('Settings', settings(document)),
    section('Operations', operations(document, name)),
    section('Feeds', feeds(document)),
    section('Webhooks', webhooks(document, pairNote(document, 'webhooks'))),
    section('What an answer means', outcomes(document, at('outcomes'))),
    limits(document),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function settings(document: Document): string {
  const rows = entriesOf(document, 'settings').map(([name, value]) => {
    const setting = plain(document, value) as { summary: string; secret?: boolean; default?: string; enum?: string[] };
    const fallback =
      setting.default === undefined ? 'required' : setting.default === '' ? 'may be left out' : code(setting.default);
    return [code(name), fallback, `${setting.summary}${setting.secret === true ? ' (secret)' : ''}`];
  });
  return table(['setting', 'default', 'what'], rows);
}

interface OperationShape {
  readonly summary: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly repeat: string;
  readonly lookUp?: { readonly method?: string; readonly path: string };
  readonly find?: { readonly method?: string; readonly path: string };
  readonly upload?: { readonly method?: string; readonly url: string };
}

function operations(document: Document, provider: string): string {
  const entries = entriesOf(document, 'operations');
  const rows = entries.map(([name, value]) => {
    const { summary, method, path, body, repeat, lookUp, find } = plain(document, value) as OperationShape;
    const schema = body === undefined ? '' : `[${body.replace(/^.*\//, '')}](../../mappings/${provider}/${body})`;
    const known = lookUp === undefined ? '' : `${lookUp.method ?? 'GET'} ${code(lookUp.path)}`;
    const found = find === undefined ? '' : `${find.method ?? 'GET'} ${code(find.path)}`;
    return [code(name), summary, `${method} ${code(path)}`, schema, repeat, known, found];
  });
  const head = ['operation', 'what', 'request', 'payload', 'key in', 'looked up by', 'found first by'];
  const own = entries.flatMap(([name, value]) => {
    const rules = isMap(value) ? value.get('outcomes', true) : undefined;
    const body = [rules === undefined ? '' : outcomes(document, rules), together(document, value)]
      .filter((text) => text !== '')
      .join('\n\n');
    const { upload } = plain(document, value) as OperationShape;
    const then = upload === undefined ? '' : ` Then the file itself: ${upload.method ?? 'PUT'} ${code(upload.url)}.`;
    const notes = `${commentsOf(value)}${then}`.trim();
    return body === '' && notes === ''
      ? []
      : [[`### \`${name}\``, notes, body].filter((text) => text !== '').join('\n\n')];
  });
  return [table(head, rows), ...own].join('\n\n');
}

/** How many of an operation go in one request, and what the answer says of each. */
function together(document: Document, value: unknown): string {
  const batch = isMap(value) ? value.get('batch', true) : undefined;
  if (!isMap(batch)) return '';
  const { size } = plain(document, batch) as { size: number };
  const rules = batch.getIn(['results', 'outcomes'], true);
  return [`Up to ${size} go in one request. What its answer says of each:`, outcomes(document, rules)].join('\n\n');
}

interface FeedShape {
  readonly summary: string;
  readonly path?: string;
  readonly request?: { readonly method?: string };
  readonly paging?: Readonly<Record<string, unknown>>;
  readonly changes?: unknown;
  readonly track?: { readonly path: string };
  readonly report?: { readonly start: { readonly method?: string; readonly path: string }; readonly period?: unknown };
}

function feeds(document: Document): string {
  const rows = entriesOf(document, 'feeds').map(([name, value]) => {
    const feed = plain(document, value) as FeedShape;
    const { summary, path, request, paging, track, report } = feed;
    const method = report === undefined ? (request?.method ?? 'GET') : (report.start.method ?? 'POST');
    const asked = `${method} ${code(path ?? track?.path ?? report?.start.path ?? '')}`;
    return [code(name), summary, asked, kindOf(feed), Object.keys(paging ?? {}).join(', ')];
  });
  const notes = entriesOf(document, 'feeds').flatMap(([name, value]) => {
    const text = commentsOf(value);
    return text === '' ? [] : [`### \`${name}\`\n\n${text}`];
  });
  return [table(['feed', 'what', 'request', 'kind', 'pages by'], rows), ...notes].join('\n\n');
}

function kindOf({ paging, changes, track, report }: FeedShape): string {
  if (report !== undefined) return report.period === undefined ? 'report' : 'report by periods';
  if (paging?.['index'] !== undefined) return 'stream';
  if (changes !== undefined) return 'changes';
  return track === undefined ? 'snapshot' : 'one by one';
}

interface RuleShape {
  readonly status?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly after?: 'lost';
  readonly class: string;
}

function outcomes(document: Document, rules: unknown): string {
  const resolved =
    isNode(rules) && 'resolve' in rules ? (rules as { resolve(doc: Document): unknown }).resolve(document) : rules;
  if (!isSeq(resolved)) return '';
  const rows = resolved.items.map((item) => {
    const rule = plain(document, item) as RuleShape;
    const conditions = [...Object.entries(rule.headers ?? {}), ...Object.entries(rule.body ?? {})];
    const lost = rule.after === 'lost' ? ['an earlier answer was lost'] : [];
    const told = [...conditions.map(([path, value]) => `${code(path)} = ${listOf(value)}`), ...lost].join(' and ');
    return [rule.status === undefined ? '' : listOf(rule.status), told, code(rule.class), noteOf(item)];
  });
  const hasStatus = rows.some(([status]) => status !== '');
  return table(['status', hasStatus ? 'and' : 'when', 'class', ''], rows);
}

function limits(document: Document): string {
  const rows = ['limits', 'retry'].flatMap((part) =>
    entriesOf(document, part).map(([name, value]) => [code(`${part}.${name}`), code(String(plain(document, value)))]),
  );
  const note = pairNote(document, 'limits');
  return section('Limits', [note, table(['word', 'value'], rows)].filter((text) => text !== '').join('\n\n'));
}

/** What the comments inside an entry say, in their order. */
function commentsOf(value: unknown): string {
  if (!isMap(value)) return '';
  const found: string[] = [noteOf(value)];
  for (const pair of value.items) {
    if (textOf(pair.key) === 'outcomes') continue;
    found.push(noteOf(pair.key), isNode(pair.value) ? noteOf(pair.value) : '');
    if (isMap(pair.value)) found.push(commentsOf(pair.value));
  }
  return found.filter((text) => text !== '').join(' ');
}

function pairNote(document: Document, part: string): string {
  const { contents } = document;
  const pair = isMap(contents) ? contents.items.find((item) => isPair(item) && textOf(item.key) === part) : undefined;
  return pair === undefined ? '' : noteOf(pair.key);
}
