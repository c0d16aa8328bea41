import { loadProject } from '../../../../src/app/project.ts';
import { openApp } from '../../../../src/app.ts';
import { describeConfigIssue } from '../../../../src/core/issue.ts';
import type { Finished } from '../../dray.ts';

const nothing = (): void => undefined;
const events = { taken: nothing, answered: nothing, reported: nothing, incident: nothing, published: nothing };

/** What `run --once` does, in this process: most of a start is reading the program, and a sweep is nothing but starts. */
export async function runHere(config: string): Promise<Finished> {
  const { project, issues } = await loadProject(config);
  if (project === undefined) return finished(2, issues.map(describeConfigIssue));
  const app = await openApp(project, { events, logLevel: 'silent' });
  const { signal } = new AbortController();
  try {
    await app.inbound.recover();
    await app.inbound.runOnce({ signal, cut: signal });
    await app.webhooks.wakeStored();
    await app.outbound.runOnce(signal);
  } finally {
    await app.close();
  }
  const troubles = [...app.inbound.troubles(), ...app.outbound.troubles()];
  return finished(troubles.length === 0 ? 0 : 3, troubles);
}

function finished(code: number, told: readonly string[]): Finished {
  return { code, signal: null, stdout: '', stderr: told.join('\n') };
}
