import { resolve } from 'node:path';
import type { InboundConfig } from '../config/index.ts';
import { Failure } from '../core/failure.ts';
import type { JsonSchema } from '../core/json.ts';
import { acknowledgementSchema } from '../outbound/index.ts';
import type { Purpose } from './load-mapping.ts';
import type { Project } from './project.ts';
import { purposeOf } from './purpose.ts';

/** What else is known of what a mapping is for. */
export function purposeFor(
  project: Project,
  mappingFile: string,
  named: { provider?: string; operation?: string },
): Purpose {
  if (named.operation !== undefined) return { operation: named.operation };
  const flow = findFlow(project, mappingFile);
  if (flow !== undefined && flow.acknowledges.length > 0) return { operation: flow.operation };
  const definition = project.definitions.get(flow?.provider ?? '');
  return flow === undefined || definition === undefined ? {} : purposeOf(flow, definition);
}

/** The schema a mapping is for: that of the operation its flow submits to, or of the one that is named. */
export function schemaFor(
  project: Project,
  mappingFile: string,
  named: { provider?: string; operation?: string },
): JsonSchema | undefined {
  return findOperation(project, mappingFile, named)?.schema;
}

function findOperation(
  project: Project,
  mappingFile: string,
  named: { provider?: string; operation?: string },
): { readonly schema: JsonSchema | undefined } | undefined {
  const { definitions } = project;
  if (named.operation !== undefined) {
    const provider =
      named.provider ??
      [...definitions.keys()].find((name) => definitions.get(name)?.operations.has(named.operation ?? ''));
    const operation = definitions.get(provider ?? '')?.operations.get(named.operation);
    if (operation === undefined)
      throw new Failure('bad-usage', `no provider of the configuration has the operation ${named.operation}`);
    return operation;
  }
  const flow = findFlow(project, mappingFile);
  if (flow !== undefined && flow.acknowledges.length > 0) return { schema: acknowledgementSchema };
  return definitions.get(flow?.provider ?? '')?.operations.get(flow?.operation ?? '');
}

function findFlow({ config }: Project, mappingFile: string): InboundConfig | undefined {
  return [...config.inbound.values()].find(({ mapping }) => mapping === resolve(mappingFile));
}
