import type { YamlValue } from '../types.ts';

/** What a mapping could be, with everything a person should look at. */
export interface Proposal {
  readonly summary: string;
  readonly document: {
    readonly type: string;
    readonly key: string;
    readonly keyDoubt: string | undefined;
    readonly isGrouped: boolean;
  };
  /** Other names for columns that cannot stand in a mapping as they are called. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly map: readonly ProposedEntry[];
  readonly tables: readonly ProposedTable[];
  /** Columns that no field reads. */
  readonly unread: readonly string[];
}

export interface ProposedEntry {
  readonly name: string;
  readonly node: ProposedNode;
}

export type ProposedNode =
  /** A value: a column, or directives. `doubts` are for a person to settle. */
  | { readonly kind: 'value'; readonly value: YamlValue; readonly doubts: readonly string[] }
  /** Required, and nothing in the file fits. */
  | { readonly kind: 'todo'; readonly placeholder: string; readonly isList: boolean; readonly wanted: string }
  | { readonly kind: 'object'; readonly children: readonly ProposedEntry[] }
  | { readonly kind: 'each'; readonly over: string; readonly children: readonly ProposedEntry[] }
  /** Taken over from a mapping that there is already. */
  | { readonly kind: 'kept'; readonly value: YamlValue; readonly from: string };

export interface ProposedTable {
  readonly name: string;
  readonly entries: readonly { readonly text: string; readonly value: string | undefined; readonly isSure: boolean }[];
}

/** Every value of a proposal that a person must settle: what is required and missing, and what is in doubt. */
export function openQuestions(proposal: Proposal): {
  readonly todo: readonly string[];
  readonly unsure: readonly string[];
} {
  const todo: string[] = [];
  const unsure = proposal.document.keyDoubt === undefined ? [] : ['document.key'];
  const visit = (entries: readonly ProposedEntry[], path: string): void => {
    for (const { name, node } of entries) {
      const own = path === '' ? name : `${path}.${name}`;
      if (node.kind === 'todo') todo.push(own);
      else if (node.kind === 'value' && node.doubts.length > 0) unsure.push(own);
      else if (node.kind === 'object' || node.kind === 'each') visit(node.children, own);
    }
  };
  visit(proposal.map, '');
  for (const { name, entries } of proposal.tables) {
    if (entries.some(({ value, isSure }) => value === undefined || !isSure)) unsure.push(`tables.${name}`);
  }
  return { todo, unsure };
}
