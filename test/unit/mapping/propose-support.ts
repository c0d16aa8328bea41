import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Issue } from '../../../src/core/issue.ts';
import type { JsonSchema } from '../../../src/core/json.ts';
import { defaultLimits } from '../../../src/core/limits.ts';
import { formats } from '../../../src/formats/index.ts';
import {
  compileMapping,
  parseMapping,
  ProfileBuilder,
  proposeMapping,
  writeProposal,
  type FileProfile,
  type Proposal,
  type YamlValue,
} from '../../../src/mapping/index.ts';
import { repository } from '../../support/dray.ts';

function schemaOf(name: string): JsonSchema {
  return JSON.parse(readFileSync(join(repository, `mappings/ctl/schemas/${name}.json`), 'utf8')) as JsonSchema;
}

export function profileOf(columns: readonly string[], rows: readonly (readonly string[])[]): FileProfile {
  const builder = new ProfileBuilder(columns);
  for (const row of rows) builder.add(row);
  return builder.profile();
}

/** What is proposed for a table, its text, and what checking the text finds. */
export function propose(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  { schema = 'order', type = 'order' }: { schema?: string; type?: string } = {},
): { proposal: Proposal; text: string; issues: readonly Issue[]; map: Readonly<Record<string, YamlValue>> } {
  const payload = schemaOf(schema);
  const proposal = proposeMapping({
    profile: profileOf(columns, rows),
    isTable: true,
    type,
    schema: payload,
    summary: 'a test',
  });
  if (proposal === undefined) throw new Error('nothing was proposed');
  const text = writeProposal(proposal, [{ name: 'format', value: 'csv' }], ['a test']);
  const { definition, yaml, issues } = parseMapping(text, 'proposal.yaml', formats);
  if (definition?.kind !== 'inbound') return { proposal, text, issues, map: {} };
  const compiled = compileMapping(definition, yaml, { schema: payload, tables: new Map(), limits: defaultLimits });
  return { proposal, text, issues: [...issues, ...compiled.issues], map: definition.map };
}
