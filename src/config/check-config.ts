import { Cron } from 'croner';
import { createIssue, type Issue } from '../core/issue.ts';
import type { KeyPath } from '../core/positioned-yaml.ts';
import { suggestion } from '../core/shape.ts';
import { checkAcknowledged, checkAwaited } from './answers.ts';
import type { Config, InboundConfig, OutboundConfig, Schedule } from './config.ts';
import { checkOverlaps } from './overlaps.ts';
import { checkSftp } from './sftp.ts';
import { checkSources } from './sources.ts';
import { checkWebhooks } from './webhooks.ts';

/** What the shape alone cannot say: names that must exist, directories that must differ, times that must come. */
export function checkConfig(config: Config): Issue[] {
  const issues: Issue[] = [...checkWebhooks(config.yaml, config.webhooks)];
  const refer = (known: ReadonlyMap<string, unknown>, name: string, what: string, path: KeyPath): void => {
    if (known.has(name)) return;
    const hint = suggestion(name, [...known.keys()]);
    issues.push(
      createIssue('unknown-reference', config.yaml.place(path), { what: `there is no ${what} "${name}"`, ...hint }),
    );
  };
  for (const [name, { sftp }] of config.folders) {
    if (sftp !== undefined) issues.push(...checkSftp(config.yaml, name, sftp));
  }
  for (const [name, flow] of config.inbound) {
    refer(config.folders, flow.folder, 'folder', ['inbound', name, 'folder']);
    if (flow.acknowledges.length === 0)
      refer(config.providers, flow.provider, 'provider', ['inbound', name, 'submit', 'provider']);
    if (flow.resultsFolder !== flow.folder)
      refer(config.folders, flow.resultsFolder, 'folder', ['inbound', name, 'results', 'folder']);
    issues.push(...checkInboundPaths(config, name, flow));
  }
  for (const [name, flow] of config.outbound) {
    refer(config.folders, flow.folder, 'folder', ['outbound', name, 'folder']);
    refer(config.providers, flow.provider, 'provider', ['outbound', name, 'collect', 'provider']);
    issues.push(
      ...checkSchedule(config, name, flow.schedule),
      ...checkFilePath(config, ['outbound', name, 'file'], flow.file),
      ...(flow.archive === undefined ? [] : checkFilePath(config, ['outbound', name, 'archive'], flow.archive)),
      ...checkReplacing(config, name, flow),
    );
  }
  return [
    ...issues,
    ...checkOverlaps(config),
    ...checkAcknowledged(config),
    ...checkAwaited(config),
    ...checkSources(config),
  ];
}

function checkInboundPaths(config: Config, name: string, flow: InboundConfig): Issue[] {
  const issues = checkFilePath(config, ['inbound', name, 'pick'], flow.directory);
  for (const key of ['done', 'failed', 'results'] as const) {
    // Where nothing goes.
    if (flow[key] === '') continue;
    issues.push(...checkFilePath(config, ['inbound', name, key], flow[key]));
  }
  if (flow.pattern.includes('/')) {
    const what = 'the glob spans directories; pick from one directory per flow';
    issues.push(createIssue('wrong-value', config.yaml.place(['inbound', name, 'pick']), { what }));
  }
  return issues;
}

function checkReplacing(config: Config, name: string, { archive, replace, per, snapshot }: OutboundConfig): Issue[] {
  const issues: Issue[] = [];
  if (archive !== undefined && replace !== 'archive') {
    const what = 'nothing is archived';
    const hint = 'Set replace: archive, or take archive out.';
    issues.push(createIssue('wrong-value', config.yaml.place(['outbound', name, 'archive']), { what, hint }));
  }
  if (snapshot === 'changes' && per === 'document') {
    const what = 'what is gone from a snapshot belongs to no document';
    const hint = 'Write changes into one file, or documents in full.';
    issues.push(createIssue('wrong-value', config.yaml.place(['outbound', name, 'snapshot']), { what, hint }));
  }
  return issues;
}

function checkFilePath(config: Config, path: KeyPath, value: string): Issue[] {
  const escapes = value.startsWith('/') || value.split(/[\\/]/).includes('..');
  if (!escapes) return [];
  return [createIssue('wrong-value', config.yaml.place(path), { what: 'must stay inside the folder', got: value })];
}

function checkSchedule(config: Config, name: string, schedule: Schedule): Issue[] {
  if ('everyMs' in schedule) {
    if (schedule.everyMs >= SHORTEST_EVERY_MS) return [];
    const place = config.yaml.place(['outbound', name, 'collect', 'every']);
    return [
      createIssue('wrong-value', place, {
        what: 'the time between two collections is too short',
        expected: '100ms or more',
      }),
    ];
  }
  try {
    const job = new Cron(schedule.cron, { timezone: schedule.zone, paused: true });
    if (job.nextRun() !== null) return [];
  } catch {
    // Told below, at the right place and without the library's words.
  }
  const what = 'not a cron expression with an IANA time zone that has a next run';
  return [
    createIssue('wrong-value', config.yaml.place(['outbound', name, 'collect', 'at']), { what, got: schedule.cron }),
  ];
}

// Less would be a loop without a pause.
const SHORTEST_EVERY_MS = 100;
