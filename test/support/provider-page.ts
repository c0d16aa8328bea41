import { isMap, isNode, isPair, isScalar, isSeq, parseDocument, type Document } from 'yaml';

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
    section('What an answer means', outcomes(document, at('outcomes'))),
    limits(document),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
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
    const body = rules === undefined ? '' : outcomes(document, rules);
    const notes = commentsOf(value);
    return body === '' && notes === ''
      ? []
      : [[`### \`${name}\``, notes, body].filter((text) => text !== '').join('\n\n')];
  });
  return [table(head, rows), ...own].join('\n\n');
}

interface FeedShape {
  readonly summary: string;
  readonly path?: string;
  readonly request?: { readonly method?: string };
  readonly paging?: Readonly<Record<string, unknown>>;
  readonly changes?: unknown;
  readonly track?: { readonly path: string };
}

function feeds(document: Document): string {
  const rows = entriesOf(document, 'feeds').map(([name, value]) => {
    const { summary, path, request, paging, changes, track } = plain(document, value) as FeedShape;
    const pages = Object.keys(paging ?? {}).join(', ');
    const kind =
      paging?.['index'] !== undefined
        ? 'stream'
        : changes !== undefined
          ? 'changes'
          : track === undefined
            ? 'snapshot'
            : 'one by one';
    return [code(name), summary, `${request?.method ?? 'GET'} ${code(path ?? track?.path ?? '')}`, kind, pages];
  });
  const notes = entriesOf(document, 'feeds').flatMap(([name, value]) => {
    const text = commentsOf(value);
    return text === '' ? [] : [`### \`${name}\`\n\n${text}`];
  });
  return [table(['feed', 'what', 'request', 'kind', 'pages by'], rows), ...notes].join('\n\n');
}

interface RuleShape {
  readonly status: unknown;
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
    return [listOf(rule.status), told, code(rule.class), noteOf(item)];
  });
  return table(['status', 'and', 'class', ''], rows);
}

function limits(document: Document): string {
  const rows = ['limits', 'retry'].flatMap((part) =>
    entriesOf(document, part).map(([name, value]) => [code(`${part}.${name}`), code(String(plain(document, value)))]),
  );
  const note = pairNote(document, 'limits');
  return section('Limits', [note, table(['word', 'value'], rows)].filter((text) => text !== '').join('\n\n'));
}

function entriesOf(document: Document, part: string): [name: string, value: unknown][] {
  const map = document.get(part, true);
  return isMap(map) ? map.items.map(({ key, value }) => [textOf(key), value]) : [];
}

function plain(document: Document, node: unknown): unknown {
  return isNode(node) ? node.toJS(document) : node;
}

function textOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : '';
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

function noteOf(node: unknown): string {
  const comment = isNode(node) ? (node.commentBefore ?? '') : '';
  const lines = comment.split('\n').filter((line) => !line.includes('yaml-language-server'));
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

function listOf(value: unknown): string {
  const values = Array.isArray(value) ? value : [value];
  return values.map((item) => code(String(item))).join(', ');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const kept = head.map((_, index) => rows.some((row) => (row[index] ?? '') !== ''));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, index) => kept[index])
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
