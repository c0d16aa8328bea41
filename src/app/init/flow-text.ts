import { parse as parsePath, relative } from 'node:path';
import { stringify } from 'yaml';
import type { Config } from '../../config/index.ts';

/** The flow that would take files like this one, as it stands under `inbound:` of the configuration. */
export function flowText(
  config: Config,
  file: string,
  mapping: string,
  submit: { readonly provider: string; readonly operation: string },
): { readonly name: string; readonly flow: Readonly<Record<string, unknown>>; readonly text: string } {
  const { ext } = parsePath(file);
  const base = slugOf(parsePath(mapping).name);
  let name = base;
  for (let count = 2; config.inbound.has(name); count++) name = `${base}-${count}`;
  const [folder = 'folder'] = config.folders.keys();
  const flow = {
    folder,
    pick: `${name}/in/*${ext}`,
    mapping: relative(config.directory, mapping),
    submit,
    done: `${name}/done`,
    failed: `${name}/failed`,
    results: `${name}/results`,
  };
  return { name, flow, text: stringify({ [name]: flow }, { lineWidth: 0 }).trimEnd() };
}

/** A text as a name in the configuration and in paths. */
export function slugOf(text: string): string {
  const slug = text
    .normalize('NFKD')
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .toLowerCase();
  return slug === '' ? 'orders' : slug;
}
