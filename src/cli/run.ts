import process from 'node:process';
import { Option, type Command } from 'commander';
import { missingFiles, type Missing } from '../app/incidents.ts';
import { owedReports } from '../app/owed-reports.ts';
import type { Project } from '../app/project.ts';
import { openApp, type App } from '../app.ts';
import { Failure } from '../core/failure.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes, type ExitCode, type Output } from './output.ts';
import { openProject } from './project.ts';
import { createStory, type LeftFile, type Story } from './story.ts';

// What is in flight gets this long to finish; then it is cut off and looked up at the next start.
const STOP_MS = 10_000;

export function addRun(program: Command, act: Act): void {
  program
    .command('run')
    .description('watch the folders until stopped')
    .option('--once', 'take what is there, finish it, and exit')
    .option('--json', 'one JSON object per line, also on a terminal')
    .addOption(
      new Option('--log <level>', 'level of the log on standard error').choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    )
    .action(
      act(async (options: { once?: boolean; json?: boolean; log?: string }) => {
        const output = createOutput(options);
        const project = await openProject(program.opts<{ config: string }>().config, output);
        if (project === undefined) return exitCodes.usage;
        const story = createStory(output, project.config);
        const app = await openApp(project, {
          events: story.events,
          logLevel: options.log ?? (output.isForPeople ? 'error' : 'info'),
        });
        return work(app, project, story, output, options.once === true);
      }),
    );
}

async function work(app: App, project: Project, story: Story, output: Output, isOnce: boolean): Promise<ExitCode> {
  const stop = new AbortController();
  const cut = new AbortController();
  const release = onStopSignals(stop, cut, output);
  let failure: Failure | undefined;
  let missing: readonly Missing[] = [];
  let blocked = 0;
  try {
    story.owes(await owedReports(app.ledger));
    await app.inbound.recover();
    if (!isOnce) story.opened(project, app.sandboxUrl);
    await (isOnce ? runOnce(app, stop, cut) : watch(app, stop, cut));
    if (isOnce) {
      missing = await missingFiles(project.config, app.ledger, true);
      blocked = await app.inbound.blocked();
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failure = error;
  } finally {
    release();
    await app.close();
  }
  const troubles = isOnce ? [...app.inbound.troubles(), ...app.outbound.troubles()] : [];
  if (failure !== undefined) troubles.push(`${failure.code}: ${failure.message}`);
  return story.closed(isOnce, { troubles, left: isOnce ? leftFiles(app) : [], missing, blocked });
}

function leftFiles({ inbound, outbound }: App): readonly LeftFile[] {
  const ours = outbound.waiting().map(({ flow, path, files }) => ({
    path,
    why: `${files} ${files === 1 ? 'file' : 'files'} of ${flow} can go out when its reader has taken it`,
    isExpected: true,
  }));
  return [...inbound.waiting(), ...ours];
}

async function runOnce(app: App, stop: AbortController, cut: AbortController): Promise<void> {
  await app.inbound.runOnce({ signal: stop.signal, cut: cut.signal });
  await app.webhooks.wakeStored();
  await app.outbound.runOnce(stop.signal);
}

async function watch(app: App, stop: AbortController, cut: AbortController): Promise<void> {
  const legs = [app.inbound.run({ signal: stop.signal, cut: cut.signal }), app.outbound.run(stop.signal)];
  legs.push(app.webhooks.run(stop.signal));
  // When one leg fails for good the other must not go on alone.
  await Promise.all(legs.map((leg) => leg.finally(() => stop.abort())));
}

function onStopSignals(stop: AbortController, cut: AbortController, output: Output): () => void {
  let timer: NodeJS.Timeout | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) {
      // A second signal, or a process that cannot end: everything that counts is in the ledger.
      process.kill(process.pid, 'SIGKILL');
      return;
    }
    if (output.isForPeople) output.text(`\n${signal}: finishing what is in flight`);
    stop.abort();
    timer = setTimeout(() => cut.abort(), STOP_MS);
    timer.unref();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, onSignal);
  };
}
