import * as fc from 'fast-check';
import { diceOf, rolls, seed, type Seed } from './content.ts';
import { codecOf, encodings, type Encoding } from './encode.ts';
import { lineCounter, type Expected, type GeneratedFile } from './generated-file.ts';
import { canonicalOf, createTreeWriter, nameOf, node, record, type Node, type TreeWriter } from './tree.ts';

/** What a JSON or NDJSON file is to be, as drawn. */
export interface TreePlan {
  readonly encoding: Encoding;
  readonly hasMark: boolean;
  readonly path: readonly string[];
  readonly isArray: boolean;
  readonly elements: readonly Node[];
  /** What stands beside the path, before and after. */
  readonly beside: readonly (readonly [Seed, Node])[];
  readonly blanks: number;
  readonly lineEnd: number;
  readonly tail: number;
  readonly isLarge: boolean;
  readonly names: readonly Seed[];
  readonly rows: readonly (readonly Seed[])[];
  readonly rolls: Seed;
}

export const treePlan: fc.Arbitrary<TreePlan> = fc.record({
  encoding: fc.constantFrom(...encodings),
  hasMark: fc.boolean(),
  path: fc.array(fc.constantFrom('Orders', 'data', 'a b', '0', '__proto__', '"x"', 'ß', 'a/b'), { maxLength: 3 }),
  isArray: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  elements: fc.array(record, { maxLength: 6 }),
  beside: fc.array(fc.tuple(seed, node), { maxLength: 3 }),
  blanks: fc.nat({ max: 4 }),
  lineEnd: fc.nat({ max: 3 }),
  tail: fc.nat({ max: 4 }),
  isLarge: fc.oneof({ weight: 40, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  names: fc.array(seed, { minLength: 1, maxLength: 4 }),
  rows: fc.array(fc.array(seed, { maxLength: 4 }), { maxLength: 5 }),
  rolls,
});

const BLANKS = [[''], ['', ' '], ['', '\n', '  '], ['', '\r\n', '\t'], ['', ' ', '\n', '\r', '\r\n', '\t \n']] as const;
const TAILS = ['\n', '', '\r\n', '\u001a', '\n\u001a'] as const;

/** One document: an array or an object, perhaps under a path, written by hand. */
export function jsonByHand(plan: TreePlan): GeneratedFile {
  const writer = createTreeWriter(codecOf(plan.encoding), BLANKS[plan.blanks] ?? [''], plan.rolls);
  const lone = plan.elements[0];
  const object: Node = lone?.kind === 'object' ? lone : { kind: 'object', members: [] };
  const elements = !plan.isArray ? [object] : plan.isLarge ? enlarged(plan.elements) : plan.elements;
  const lead = openingOf(plan, writer);
  let text = (isMarked(plan) ? '\ufeff' : '') + lead.opening;
  const starts: number[] = [];
  if (plan.isArray) text += `[${writer.blank()}`;
  for (const [index, element] of elements.entries()) {
    if (index > 0) text += `,${writer.blank()}`;
    starts.push(text.length);
    text += writer.value(element) + writer.blank();
  }
  text += (plan.isArray ? ']' : '') + lead.closing + (TAILS[plan.tail] ?? '');
  const path = plan.path.join('.');
  return finished('json', plan, elements, starts, text, {
    options: path === '' ? {} : { path: plan.tail === 1 ? `$.${path}` : path },
    notices: elements.length === 0 ? ['no-records'] : [],
  });
}

/** The objects of the path around the records, with what else is in them. */
function openingOf(plan: TreePlan, writer: TreeWriter): { opening: string; closing: string } {
  let opening = writer.blank();
  let closing = writer.blank();
  for (const [level, step] of plan.path.entries()) {
    const others = plan.beside
      .filter((_, index) => index % plan.path.length === level)
      .filter(([name]) => nameOf(name) !== step);
    const member = ([name, value]: readonly [Seed, Node]): string =>
      `${writer.string(nameOf(name))}${writer.blank()}:${writer.blank()}${writer.value(value)}${writer.blank()}`;
    const [before, after] = level % 2 === 0 ? [others.slice(0, 1), others.slice(1)] : [[], others];
    const first = before.map((other) => `${member(other)},${writer.blank()}`).join('');
    opening += `{${writer.blank()}${first}${writer.string(step)}${writer.blank()}:${writer.blank()}`;
    closing = `${after.map((other) => `,${writer.blank()}${member(other)}`).join('')}}${writer.blank()}${closing}`;
  }
  return { opening, closing };
}

const LINE_ENDS = ['\n', '\r\n', '\r'] as const;

/** One value on each line, now and then two, written by hand. */
export function ndjsonByHand(plan: TreePlan): GeneratedFile {
  const dice = diceOf(plan.rolls);
  const writer = createTreeWriter(codecOf(plan.encoding), ['', '', ' ', '\t'], plan.rolls);
  const drawn: readonly Node[] = plan.elements.length === 0 ? [{ kind: 'object', members: [] }] : plan.elements;
  const elements = plan.isLarge ? enlarged(drawn) : drawn;
  const end = (): string => LINE_ENDS[plan.lineEnd] ?? LINE_ENDS[dice(3)] ?? '\n';
  let text = isMarked(plan) ? '\ufeff' : '';
  const starts: number[] = [];
  for (const [index, element] of elements.entries()) {
    const value = writer.value(element);
    if (index > 0 && !(value.startsWith('{') && dice(8) === 7)) text += end() + (dice(6) === 5 ? ` ${end()}` : '');
    text += writer.blank();
    starts.push(text.length);
    text += value + writer.blank();
  }
  const hasEnd = plan.tail !== 1;
  text += hasEnd ? end() + (plan.tail > 2 ? '\u001a' : '') : '';
  return finished('ndjson', plan, elements, starts, text, {
    options: {},
    notices: hasEnd ? [] : ['no-final-newline'],
  });
}

function isMarked({ hasMark, encoding }: TreePlan): boolean {
  return hasMark && encoding.startsWith('utf-');
}

function enlarged(elements: readonly Node[]): readonly Node[] {
  const characters = elements.reduce((sum, element) => sum + canonicalOf(element).length + 2, 0);
  const times = elements.length === 0 ? 0 : Math.ceil(140_000 / characters);
  return Array.from({ length: times }, () => elements).flat();
}

function finished(
  format: 'json' | 'ndjson',
  plan: TreePlan,
  elements: readonly Node[],
  starts: readonly number[],
  text: string,
  { options, notices }: Pick<GeneratedFile, 'options' | 'notices'>,
): GeneratedFile {
  const bytes = codecOf(plan.encoding).encode(text);
  if (bytes === undefined) throw new Error(`a text that ${plan.encoding} cannot hold`);
  const lineAt = lineCounter(text);
  const declared = isMarked(plan) && plan.tail === 3 ? 'shift_jis' : plan.encoding;
  const records = elements.map((element, index): Expected => ({
    line: lineAt(starts[index] ?? 0),
    tree: canonicalOf(element),
  }));
  return {
    format,
    by: 'hand',
    encoding: plan.encoding,
    options: { ...options, encoding: declared },
    bytes,
    records,
    columns: { '': [] },
    passedOver: 0,
    notices: [...notices, ...(declared === plan.encoding ? [] : ['encoding-detected'])].sort(),
  };
}
