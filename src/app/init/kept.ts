import { basename, relative } from 'node:path';
import type { YamlObject, YamlValue } from '../../mapping/index.ts';
import type { Project } from '../project.ts';

/** Constants of a mapping, and the mapping they are of. */
export interface Kept {
  readonly map: YamlObject;
  readonly from: string;
}

/**
 * What mappings for the same operation say without reading the file: an account, a mark by which answers are told apart.
 * Another file for that operation needs the same. Undefined when there is nothing of the kind.
 */
export function keptConstants({ config, inbound }: Project, provider: string, operation: string): Kept | undefined {
  for (const [name, flow] of config.inbound) {
    if (flow.provider !== provider || flow.operation !== operation) continue;
    const entries = Object.entries(inbound.get(name)?.definition.map ?? {}).filter(([, node]) => isConstant(node));
    if (entries.length === 0) continue;
    const path = relative(config.directory, flow.mapping);
    return { map: Object.fromEntries(entries), from: path.startsWith('..') ? basename(path) : path };
  }
  return undefined;
}

function isConstant(node: YamlValue): boolean {
  if (Array.isArray(node)) return node.length > 0 && (node as readonly YamlValue[]).every(isConstant);
  if (typeof node !== 'object' || node === null) return false;
  const object = node as YamlObject;
  if (Object.hasOwn(object, '$value')) return Object.keys(object).length === 1 && readsNothing(object['$value']);
  const names = Object.keys(object);
  return names.length > 0 && names.every((name) => !name.startsWith('$') && isConstant(object[name] ?? null));
}

/** The key of the document is there whatever the file is like; a column is not. */
function readsNothing(value: YamlValue | undefined): boolean {
  if (typeof value === 'object' && value !== null) return false;
  return !/\{(?!\{)/.test(String(value).replaceAll('{document.key}', ''));
}
