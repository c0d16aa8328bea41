import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts';

/** A sandbox whose clock stands still until it is advanced, so that its answers never change from run to run. */
export function startFixedSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({ now: () => Date.UTC(2026, 4, 4, 14, 0, 0), ...options });
}

/** Bodies of what was sent to a path of the provider, in order. */
export function sentTo(
  sandbox: Sandbox,
  method: string,
  path: RegExp,
): { path: string; body: string; status: number | null }[] {
  return sandbox
    .journal()
    .filter((entry) => entry.method === method && path.test(entry.path))
    .map(({ path: at, body, status }) => ({ path: at, body, status }));
}

/** Makes the next requests fail in a named way. */
export async function addFault(sandbox: Sandbox, match: object, action: object): Promise<void> {
  const answer = await fetch(`${sandbox.url}/__admin/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ match, action }),
  });
  if (!answer.ok) throw new Error(`the sandbox refused the fault: ${answer.status}`);
}
