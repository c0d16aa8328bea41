import { systemClock } from '../../core/clock.ts';
import { isError } from '../../core/issue.ts';
import type { Limits } from '../../core/limits.ts';
import { checkDeclaredColumns, createBinding, findColumns } from '../records/bind-columns.ts';
import { createBound } from '../bound.ts';
import { checkRecords, checkUnread } from '../records/check-records.ts';
import type { ColumnIndex } from '../records/columns.ts';
import { companionNames } from '../records/companions.ts';
import type { Bind, Compiler } from './compiler.ts';
import { checkControls, controlColumns, withDocumentTotals } from '../controls/index.ts';
import { compileGroups, groupColumns } from '../records/groups.ts';
import { compileKey, keyText, type RecordText } from '../records/key.ts';
import { createLookUps } from '../records/look-ups.ts';
import { onSheets, type OnSheet } from '../records/on-sheet.ts';
import { fileOf, headerName, headerNames, partFinder } from '../records/parts.ts';
import type { Read } from '../run.ts';
import { compileTargets, type Targets } from './targets.ts';
import {
  PICKED_PART,
  type BoundMapping,
  type CompileContext,
  type Header,
  type InboundDefinition,
  type InboundMapping,
  type LookUps,
} from '../types.ts';

/** An inbound mapping that still has to meet its columns. */
interface Unbound {
  readonly definition: InboundDefinition;
  readonly compiler: Compiler;
  readonly limits: Limits;
  readonly now: () => number;
  readonly key: Bind<Read>;
  readonly groups: ReadonlyMap<string, RecordText>;
  readonly targets: Targets;
}

export function compileInbound(
  definition: InboundDefinition,
  compiler: Compiler,
  context: CompileContext,
): InboundMapping {
  checkRecords(definition, compiler);
  const { key } = definition.document;
  const unbound: Unbound = {
    definition,
    compiler,
    limits: context.limits,
    now: context.now ?? systemClock.now,
    key: compileKey(key, ['document', 'key'], compiler),
    groups: compileGroups(definition, compiler, context.purposes),
    targets: compileTargets(definition, compiler, context),
  };
  compiler.columns.push(...controlColumns(definition));
  compiler.issues.push(...checkControls(definition, compiler.yaml));
  checkUnread(compiler);
  compiler.issues.push(...checkDeclaredColumns(definition, compiler));
  return {
    kind: 'inbound',
    definition,
    keyColumn: keyText(key),
    companions: (pickedName) => companionNames(definition, pickedName),
    headerName: (part, type) => headerName(definition, part, type),
    headerCount: headerNames(definition).length,
    lookUps: () => openLookUps(unbound),
    bind(headers, files, lookUps, now = unbound.now) {
      const { indexes, issues } = findColumns(definition, compiler, headers, files);
      if (issues.some(isError)) return { issues };
      return { bound: bindMapping({ ...unbound, now }, { indexes, headers, files, lookUps }), issues };
    },
  };
}

function openLookUps({ definition, compiler, limits }: Unbound): LookUps {
  const columns = new Map<string, string[]>();
  for (const { name, parts } of compiler.columns) {
    const [part = ''] = parts;
    if (compiler.lookUps.includes(part)) columns.set(part, [...(columns.get(part) ?? []), name]);
  }
  return createLookUps(definition, columns, limits);
}

/** What is known of a drop when its mapping is bound. */
interface Found {
  readonly indexes: ReadonlyMap<string, ColumnIndex>;
  readonly headers: ReadonlyMap<string, Header>;
  readonly files: ReadonlyMap<string, string>;
  readonly lookUps: LookUps | undefined;
}

function bindMapping({ definition, compiler, limits, now, ...unbound }: Unbound, found: Found): BoundMapping {
  const { indexes, headers, files, lookUps } = found;
  const { heads, binding } = createBinding(indexes, headers);
  const { parts } = compiler;
  const groups = new Map([...unbound.groups].map(([name, bind]) => [name, bind(indexes)] as const));
  const fileNames = parts.map(({ name }) => files.get(fileOf(definition, name)) ?? '');
  const bound = createBound({
    type: definition.document.type,
    parts,
    // Records no type fits have a list of their own behind the others.
    files: [...fileNames, files.get(PICKED_PART) ?? ''],
    partOf: partFinder(definition, parts),
    sorting: {
      types: definition.read.records,
      begins: definition.document.begins,
      groups,
      columns: groupColumns(definition),
    },
    heads,
    key: unbound.key(binding),
    targets: unbound.targets.bind(binding),
    limits,
    now,
    lookUps,
    isAsync: compiler.expressions > 0,
  });
  return onSheets(withDocumentTotals(bound, definition, headers, files), sheetsOf(definition, compiler, found));
}

function sheetsOf(definition: InboundDefinition, compiler: Compiler, { indexes, headers, files }: Found): OnSheet[] {
  return [...headers].flatMap(([name, { sheet }]): OnSheet[] => {
    const part = fileOf(definition, name);
    const find: OnSheet['find'] = (column) => indexes.get(name)?.find(column);
    const uses = compiler.columns.filter(({ parts }) => parts.includes(name)).map((use) => find(use.name) ?? -1);
    const used = compiler.expressions > 0 ? undefined : new Set(uses);
    return sheet === undefined ? [] : [{ file: files.get(part) ?? '', part, sheet, find, used }];
  });
}
