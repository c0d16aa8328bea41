import { say } from '../../core/text.ts';
import type { Archive } from './archive.ts';
import { damaged, Refusal } from './refusal.ts';
import { kindOfPackage } from './package-kind.ts';
import { visitSmall } from './small-part.ts';
import { unescapeText } from './text.ts';
import type { Attributes } from './xml.ts';

/** A sheet as the workbook lists it. */
export interface SheetEntry {
  readonly name: string;
  readonly isHidden: boolean;
  /** Name of its part in the archive. */
  readonly part: string;
}

export interface Workbook {
  /** Sheets with cells, in the order of their tabs; charts are none. */
  readonly sheets: readonly SheetEntry[];
  /** Days are counted from 1904-01-01. */
  readonly is1904: boolean;
  readonly styles: string | undefined;
  readonly strings: string | undefined;
}

const MOST_SHEETS = 1000;
/** Spreadsheet programs allow 31. */
const LONGEST_NAME = 255;
const MOST_RELATIONS = 10_000;

/** Finds the parts of a workbook. @throws Refusal for what is no workbook. */
export async function openWorkbook(archive: Archive): Promise<Workbook> {
  const part = await mainPart(archive);
  const relations = await readRelations(archive, part);
  const listed: { name: string; state: string; id: string }[] = [];
  let is1904 = false;
  await visitSmall(archive, part, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = isTrue(attributes['date1904']);
      if (name !== 'sheet') return;
      const { name: title = '' } = attributes;
      if (listed.length >= MOST_SHEETS || title.length > LONGEST_NAME)
        throw damaged(say`its list of sheets is too long`);
      listed.push({
        name: unescapeText(title),
        state: attributes['state'] ?? 'visible',
        id: relationId(attributes),
      });
    },
  });
  const byType = (type: string): string | undefined => [...relations.values()].find((each) => each.type === type)?.part;
  const sheets = listed.flatMap(({ name, state, id }): SheetEntry[] => {
    const relation = relations.get(id);
    if (relation === undefined) throw damaged(say`the sheet "${name}" is missing`);
    if (relation.type !== 'worksheet') return [];
    return [{ name, isHidden: state !== 'visible', part: relation.part }];
  });
  return { sheets, is1904, styles: byType('styles'), strings: byType('sharedStrings') };
}

async function mainPart(archive: Archive): Promise<string> {
  const relations = archive.has('_rels/.rels') ? await readRelations(archive, '') : new Map<string, Relation>();
  const part = [...relations.values()].find(({ type }) => type === 'officeDocument')?.part;
  const kind = await kindOfPackage(archive, part);
  if (kind !== undefined) throw new Refusal('not-a-workbook', kind);
  if (part === undefined || !archive.has(part)) throw damaged(say`its list of sheets is missing`);
  return part;
}

interface Relation {
  /** Last step of the type, the same in both dialects of the format. */
  readonly type: string;
  readonly part: string;
}

async function readRelations(archive: Archive, part: string): Promise<ReadonlyMap<string, Relation>> {
  const slash = part.lastIndexOf('/') + 1;
  const path = `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`;
  const relations = new Map<string, Relation>();
  await visitSmall(archive, path, {
    open(name, { Id, Type = '', Target = '', TargetMode }) {
      // What lies outside the workbook is never looked at.
      if (name !== 'Relationship' || Id === undefined || TargetMode === 'External') return;
      if (relations.size >= MOST_RELATIONS || Target.length > LONGEST_NAME) {
        throw damaged(say`its list of parts is too long`, path);
      }
      relations.set(Id, { type: Type.slice(Type.lastIndexOf('/') + 1), part: resolve(part.slice(0, slash), Target) });
    },
  });
  return relations;
}

/** `../a/b` seen from a directory of the archive; what leads out of it is found nowhere. */
function resolve(directory: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const steps: string[] = [];
  for (const step of `${directory}${target}`.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

function relationId(attributes: Attributes): string {
  const name = Object.keys(attributes).find((each) => each.endsWith(':id'));
  return name === undefined ? '' : (attributes[name] ?? '');
}

/** As XML Schema writes booleans, and as older programs do. */
export function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true' || text === 'on';
}
