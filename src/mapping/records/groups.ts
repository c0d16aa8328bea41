import type { Compiler } from '../compile/compiler.ts';
import { compileGroup, GROUP_SEPARATOR, isGroupable, type RecordText } from './key.ts';
import { isTemplate, parseTemplate } from '../compile/template.ts';
import { PICKED_PART, type InboundDefinition, type KeySpec, type Purposes } from '../types.ts';

/** How records are told whose they are, by file or record type. */
export function compileGroups(
  { read, document }: InboundDefinition,
  compiler: Compiler,
  purposes: Purposes | undefined,
): ReadonlyMap<string, RecordText> {
  const groups = new Map<string, RecordText>();
  const { group } = document;
  const joined = [
    ...Object.entries(read.with).map(([part, { by }]) => [part, by, ['read', 'with', part, 'by']] as const),
    ...[...read.records].map(([type, { by }]) => [type, by, ['read', 'records', type, 'by']] as const),
  ];
  for (const [part, by, path] of joined) {
    if (by !== undefined) groups.set(part, compileGroup(by, part, path, compiler));
  }
  if (group !== undefined) {
    groups.set(PICKED_PART, compileGroup(group, PICKED_PART, ['document', 'group'], compiler));
  } else if (read.records.size > 0 && isGroupable(document.key, compiler)) {
    groups.set(PICKED_PART, groupByKey(document.key, compiler, groups.size === 0 ? purposes : undefined));
  }
  return groups;
}

/**
 * A document that begins twice is told by its key. What is to be done with it makes it another one: an order and its
 * cancellation may lie in one file.
 */
function groupByKey(
  key: InboundDefinition['document']['key'],
  compiler: Compiler,
  purposes: Purposes | undefined,
): RecordText {
  const byKey = compileGroup(key, PICKED_PART, ['document', 'key'], compiler);
  if (purposes === undefined || !isGroupable(purposes.from, compiler)) return byKey;
  const byAction = compileGroup(purposes.from, PICKED_PART, ['document'], compiler, false);
  return (indexes) => {
    const [keyOf, actionOf] = [byKey(indexes), byAction(indexes)];
    return (record, above) => {
      const text = keyOf(record, above);
      return text === '' ? '' : `${text}${GROUP_SEPARATOR}${actionOf(record, above)}`;
    };
  };
}

/** Names of the columns a group is read from, by file or record type; none for templates that name several. */
export function groupColumns({ read, document }: InboundDefinition): ReadonlyMap<string, readonly string[]> {
  const specs = [
    [PICKED_PART, document.group] as const,
    ...Object.entries(read.with).map(([part, { by }]) => [part, by] as const),
    ...[...read.records].map(([type, { by }]) => [type, by] as const),
  ];
  return new Map(specs.flatMap(([name, spec]) => (spec === undefined ? [] : [[name, namesIn(spec)] as const])));
}

function namesIn(spec: KeySpec): readonly string[] {
  if (typeof spec !== 'string') return spec;
  if (!isTemplate(spec)) return [spec];
  const parsed = parseTemplate(spec);
  return 'parts' in parsed ? parsed.parts.flatMap((part) => ('name' in part ? [part.name] : [])) : [];
}
