import { expect, it } from 'vitest';
import { HOUR, START, startClient } from './client.ts';

it('answers say the time of the stand-in', async () => {
  const client = await startClient();
  const dateOf = async (): Promise<string | null> =>
    (
      await fetch(`${client.url}/ctl/Orders/NONE`, { headers: { 'x-ctl-clientid': 'demo', 'x-ctl-userid': 'demo' } })
    ).headers.get('date');
  expect(await dateOf()).toBe(new Date(START).toUTCString());
  await client.admin('POST', 'clock', { advanceMs: HOUR });
  expect(await dateOf()).toBe(new Date(START + HOUR).toUTCString());
});
