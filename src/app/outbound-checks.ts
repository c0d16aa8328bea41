import type { Config, OutboundConfig } from '../config/index.ts';
import { createIssue, type ConfigDetails, type Issue } from '../core/issue.ts';
import type { ConfigCode } from '../core/issue-catalogue.ts';
import type { OutboundMapping } from '../mapping/index.ts';
import { archiveTemplate, fileNameTemplate, type FileName } from '../outbound/index.ts';
import type { ProviderDefinition } from '../providers/index.ts';

/** A feed as its provider's definition describes it. */
export type FeedDefinition = ProviderDefinition['feeds'] extends ReadonlyMap<string, infer Feed> ? Feed : never;

/** What the files of a flow are called; undefined where the template has findings. */
export function outboundNames(flow: OutboundConfig): { file: FileName | undefined; archive: FileName | undefined } {
  const { file, archive } = templates(flow);
  return { file: file.name, archive: archive?.name };
}

function templates({ file, archive, replace, per, site }: OutboundConfig) {
  const rules = { isPerDocument: per === 'document', hasSite: site !== undefined };
  return {
    file: fileNameTemplate(file, { ...rules, isReplaced: replace !== undefined }),
    // Whatever is archived stays: two of them must not share a name.
    archive: replace === 'archive' ? fileNameTemplate(archiveTemplate(file, archive), rules) : undefined,
  };
}

/** What is wrong with a flow beside its mapping and its feed. */
export function outboundFindings(
  config: Config,
  name: string,
  flow: OutboundConfig,
  mapping: OutboundMapping | undefined,
  feed: FeedDefinition | undefined,
): Issue[] {
  const issues: Issue[] = [];
  const note = (code: ConfigCode, key: string, details: ConfigDetails): void => {
    issues.push(createIssue(code, config.yaml.place(['outbound', name, key]), details));
  };
  const { file, archive } = templates(flow);
  for (const problem of file.issues) note(problem.code, 'file', problem);
  for (const problem of file.issues.length > 0 ? [] : (archive?.issues ?? []))
    note(problem.code, flow.archive === undefined ? 'file' : 'archive', problem);
  if (flow.snapshot === 'changes' && feed !== undefined && !isSnapshot(feed)) {
    note('wrong-value', 'snapshot', { what: `the feed ${flow.feed} is a stream: it tells changes only` });
  }
  const records = mapping?.definition.write.options['records'] as { trailer?: unknown } | undefined;
  if (flow.empty === 'trailer' && mapping !== undefined && records?.trailer === undefined) {
    note('wrong-value', 'empty', { what: 'the mapping declares no trailer', hint: 'Add write.records.trailer to it.' });
  }
  return issues;
}

/** Whether each run reads all of a feed. */
export function isSnapshot({ paging, changes, track, report }: FeedDefinition): boolean {
  return paging.kind !== 'index' && changes === undefined && track === undefined && report?.period === undefined;
}
