import { realpathSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { createIssue, type Issue } from '../core/issue.ts';
import type { Config, InboundConfig, OutboundConfig } from './config.ts';
import { canBeSame, namesOfGlob, namesOfTemplate } from './possible-names.ts';

/** Directories that dray takes files from, and writes files to that it would take again. */
export function checkOverlaps(config: Config): Issue[] {
  const picked = [...config.inbound].map(([name, flow]): Picked => {
    return { name, flow, place: placeOf(config, flow.folder, flow.directory) };
  });
  return [
    ...picked.flatMap((one) => [...checkTwins(config, one, picked), ...checkFiled(config, one, picked)]),
    ...[...config.outbound].flatMap(([name, flow]) => checkWritten(config, name, flow, picked)),
  ];
}

interface Picked {
  readonly name: string;
  readonly flow: InboundConfig;
  /** Undefined in a folder that does not exist. */
  readonly place: string | undefined;
}

function checkTwins(config: Config, { name, flow, place }: Picked, picked: readonly Picked[]): Issue[] {
  const isTwin = (other: Picked): boolean => other.place === place && other.flow.pattern === flow.pattern;
  return picked.flatMap((other) => {
    if (place === undefined || other.name >= name || !isTwin(other)) return [];
    const what = `flows "${other.name}" and "${name}" pick the same files`;
    return [createIssue('overlapping-folders', config.yaml.place(['inbound', name, 'pick']), { what })];
  });
}

// With what a name had before and the format it has.
const ANSWERS = ['{stem}.result.{format}', '{stem}.rejected.{format}', '{stem}.received.{format}'] as const;

function checkFiled(config: Config, { name, flow }: Picked, picked: readonly Picked[]): Issue[] {
  return (['done', 'failed', 'results'] as const).flatMap((key) => {
    // Where nothing goes.
    if (flow[key] === '') return [];
    const folder = key === 'results' ? flow.resultsFolder : flow.folder;
    const takers = takersIn(picked, placeOf(config, folder, flow[key]));
    return takers.flatMap((taker): Issue[] => {
      const isOwn = taker.name === name;
      if (!isOwn && !(key === 'results' ? ANSWERS.some((name) => takes(taker, name)) : takesAlike(taker, flow)))
        return [];
      const by = isOwn ? '' : ` by flow "${taker.name}"`;
      const what = `"${key}" is the directory that is picked from${by}${meeting(folder, taker)}: files would be taken again`;
      const details = { what, hint: 'Name a directory that nothing is picked from.' };
      return [createIssue('overlapping-folders', config.yaml.place(['inbound', name, key]), details)];
    });
  });
}

/** Files of an outbound flow, their markers and those they replace, where an inbound flow would take them for drops. */
function checkWritten(config: Config, name: string, flow: OutboundConfig, picked: readonly Picked[]): Issue[] {
  const known = { flow: name, ...(flow.site === undefined ? {} : { site: flow.site }) };
  return pathsOf(flow).flatMap(([key, path]) => {
    const directory = path
      .slice(0, Math.max(path.lastIndexOf('/'), 0))
      .replaceAll(/\{(flow|site)\}/g, (whole, place) => {
        return place === 'flow' ? name : (flow.site ?? whole);
      });
    return takersIn(picked, placeOf(config, flow.folder, directory)).flatMap((taker): Issue[] => {
      if (!takes(taker, path.slice(path.lastIndexOf('/') + 1), known)) return [];
      const what = `flow "${taker.name}" picks from this directory${meeting(flow.folder, taker)}, and its glob fits such names: our own files would be taken`;
      const hint = `Write to another directory, or let pick of "${taker.name}" fit other names.`;
      return [createIssue('overlapping-folders', config.yaml.place(['outbound', name, key]), { what, hint })];
    });
  });
}

/** What a flow writes, by the key that says so. */
function pathsOf({
  file,
  marker,
  replace,
  archive,
}: OutboundConfig): (readonly ['file' | 'marker' | 'archive', string])[] {
  const at = file.lastIndexOf('/') + 1;
  const [directory, name] = [file.slice(0, at), file.slice(at)];
  const marked = marker
    ?.replaceAll('{name}', () => name)
    .replaceAll('{stem}', () => name.replace(/(?<=.)\.[^.]*$/, ''));
  return [
    ['file', file],
    ...(marked === undefined ? [] : [['marker', `${directory}${marked}`] as const]),
    // Beside the file, with its number behind the name, unless the flow says so.
    ...(replace === 'archive' ? [['archive', archive ?? `${directory}archive/{archived}`] as const] : []),
  ];
}

function takersIn(picked: readonly Picked[], place: string | undefined): readonly Picked[] {
  return place === undefined ? [] : picked.filter((taker) => taker.place === place);
}

function takes({ flow: { pattern } }: Picked, template: string, known: Readonly<Record<string, string>> = {}): boolean {
  const letters = [pattern, template, ...Object.values(known)].join('');
  return canBeSame(namesOfGlob(pattern), namesOfTemplate(template, known), letters);
}

/** Whether a flow would take what another one has filed. */
function takesAlike({ flow: { pattern } }: Picked, other: InboundConfig): boolean {
  return canBeSame(namesOfGlob(pattern), namesOfGlob(other.pattern), pattern + other.pattern);
}

function meeting(folder: string, { flow }: Picked): string {
  return folder === flow.folder ? '' : ` (folders "${folder}" and "${flow.folder}" meet there)`;
}

/** The same for two directories when they are the same, whatever folder they are named in. */
function placeOf({ folders }: Config, folder: string, directory: string): string | undefined {
  const known = folders.get(folder);
  if (known === undefined) return undefined;
  const { path, sftp } = known;
  if (sftp === undefined) return realPath(join(path, directory));
  const there = posix.join(path, directory).replace(/(?<=.)\/$/, '');
  return `sftp://${sftp.username}@${sftp.host.toLowerCase()}:${sftp.port} ${there}`;
}

/** Without symbolic links, as far as the path exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), basename(path));
  }
}
