import picomatch from 'picomatch';
import type { Config } from '../config/index.ts';
import type { Folder } from '../core/folder.ts';
import { defaultLimits } from '../core/limits.ts';
import type { Provider } from '../core/provider.ts';
import { formats } from '../formats/index.ts';
import type { InboundFlow } from '../inbound/index.ts';
import { at, every, markerPath, type OutboundFlow } from '../outbound/index.ts';
import { outboundNames } from './outbound-checks.ts';
import type { Project } from './project.ts';
import { resultWriter } from './result-writer.ts';

/** What flows are put together from. */
export interface FlowParts {
  readonly project: Project;
  readonly folders: ReadonlyMap<string, Folder>;
  readonly providers: ReadonlyMap<string, Provider>;
}

/** Inbound flows with all they need; those whose parts are missing are left out. */
export function inboundFlows({ project, folders, providers }: FlowParts): InboundFlow[] {
  return [...project.config.inbound].flatMap(([name, flow]): InboundFlow[] => {
    const folder = folders.get(flow.folder);
    const resultsFolder = folders.get(flow.resultsFolder);
    const operation = providers.get(flow.provider)?.operations.get(flow.operation);
    const mapping = project.inbound.get(name);
    if (folder === undefined || resultsFolder === undefined) return [];
    if (operation === undefined || mapping === undefined) return [];
    const { read } = mapping.definition;
    const { directory, provider, accept, original, marker, done, failed, results } = flow;
    return [
      {
        name,
        folder,
        directory,
        // Spreadsheets name their files .CSV as often as .csv.
        picks: picomatch(flow.pattern, { nocase: true }),
        quietMs: flow.quietMs ?? folder.defaultQuietMs,
        format: formatOf(read.format),
        readOptions: (part) => (part === '' ? read.options : (read.with[part]?.options ?? read.options)),
        mapping,
        provider,
        operation,
        operations: providers.get(flow.provider)?.operations ?? new Map(),
        accept,
        original,
        marker,
        done,
        failed,
        results,
        resultsFolder,
        answers: flow.answers,
        isOwnDirectory: ownDirectories(project.config, flow.folder),
        result: resultWriter(flow.result, read),
        texts: project.texts.size === 0 ? undefined : project.texts,
        limits: defaultLimits,
        sequence: flow.sequence,
        expect: flow.expect,
      },
    ];
  });
}

/** Tells of directories in a folder whether a flow takes or puts files there, or below them. */
export function ownDirectories({ inbound, outbound }: Config, folder: string): (path: string) => boolean {
  const used = [
    ...[...inbound.values()].flatMap((flow) => [
      ...(flow.folder === folder ? [flow.directory, flow.done, flow.failed] : []),
      ...(flow.resultsFolder === folder ? [flow.results] : []),
    ]),
    ...[...outbound.values()].flatMap((flow) => (flow.folder === folder ? [flow.file, flow.archive ?? ''] : [])),
  ];
  return (path) => used.some((each) => `${each}/`.startsWith(`${path}/`));
}

/** Outbound flows with all they need. */
export function outboundFlows({ project, folders, providers }: FlowParts): OutboundFlow[] {
  return [...project.config.outbound].flatMap(([name, flow]): OutboundFlow[] => {
    const folder = folders.get(flow.folder);
    const feed = providers.get(flow.provider)?.feeds.get(flow.feed);
    const mapping = project.outbound.get(name);
    const { file: fileName, archive } = outboundNames(flow);
    if (folder === undefined || feed === undefined || mapping === undefined || fileName === undefined) return [];
    const { schedule, provider, empty, marker } = flow;
    const { write } = mapping.definition;
    return [
      {
        name,
        provider,
        feed,
        schedule: 'everyMs' in schedule ? every(schedule.everyMs) : at(schedule.cron, schedule.zone),
        runsOnDemand: 'everyMs' in schedule,
        mapping,
        format: formatOf(write.format),
        writeOptions: write.options,
        folder,
        fileName,
        empty,
        per: flow.per,
        snapshot: flow.snapshot,
        ...(flow.site === undefined ? {} : { site: flow.site }),
        ...(marker === undefined ? {} : { markerPath: (path: string) => markerPath(marker, path) }),
        ...(flow.replace === undefined ? {} : { replaces: flow.replace }),
        ...(archive === undefined ? {} : { archiveName: archive }),
        ...(flow.keepMs === 0 ? {} : { keepMs: flow.keepMs }),
        ...(flow.collectedMs === undefined
          ? {}
          : { collected: { withinMs: flow.collectedMs, base: fixedDirectory(flow.file) } }),
        ...(flow.acknowledgedMs === undefined ? {} : { acknowledged: { withinMs: flow.acknowledgedMs } }),
      },
    ];
  });
}

/** The directory of a name up to the first place that is filled in. */
function fixedDirectory(file: string): string {
  const [fixed = ''] = file.split('{', 1);
  return fixed.slice(0, Math.max(fixed.lastIndexOf('/'), 0));
}

/** A format that a checked configuration or mapping names. */
function formatOf(name: string): typeof formats extends ReadonlyMap<string, infer F> ? F : never {
  const format = formats.get(name);
  if (format === undefined) throw new TypeError(`unknown format ${name}`);
  return format;
}
