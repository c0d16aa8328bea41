import { describe, expect, it } from 'vitest';
import { order, startClient } from './client.ts';

const PATHS = [
  'Carriers',
  'Orders',
  'Orders/?fromUpdateId=0',
  'Orders/A1',
  'Products/',
  'ProductTransactions/',
  'ASNs/N1',
];

describe('access', () => {
  it('is refused to unknown users and clients', async () => {
    const ctl = await startClient();
    for (const path of PATHS) {
      expect((await ctl.send('GET', `/ctl/v1/${path}`, undefined, { 'x-ctl-userid': 'nobody' })).status).toBe(401);
      expect((await ctl.send('GET', `/ctl/v1/${path}`, undefined, { 'x-ctl-clientid': 'nobody' })).status).toBe(401);
    }
    expect((await ctl.put('Orders/A1', order(), { 'x-ctl-clientid': '' })).status).toBe(401);
  });

  it('to the list of clients needs a user alone, who may have none', async () => {
    const ctl = await startClient();
    await ctl.admin('POST', 'seed', { ctl: { users: [{ id: 'lonely', clients: [] }] } });
    const ask = (user: string) =>
      ctl.send('GET', '/ctl/v1/Clients', undefined, { 'x-ctl-userid': user, 'x-ctl-clientid': '' });
    expect((await ask('demo')).json).toEqual([{ Id: 'demo', Name: 'Demo Company' }]);
    expect((await ask('lonely')).status).toBe(404);
    expect((await ask('nobody')).status).toBe(401);
  });

  it('gives each client its own records', async () => {
    const ctl = await startClient();
    const users = [{ id: 'second', clients: ['other'] }];
    await ctl.admin('POST', 'seed', { ctl: { clients: [{ id: 'other', name: 'Other' }], users } });
    const headers = { 'x-ctl-userid': 'second', 'x-ctl-clientid': 'other' };
    expect((await ctl.put('Orders/A1', order(), headers)).status).toBe(201);
    expect((await ctl.put('Orders/A1', order())).status).toBe(201);
    expect((await ctl.send('GET', '/ctl/v1/Orders/A1', undefined, { 'x-ctl-clientid': 'other' })).status).toBe(401);
  });

  it('lists carriers with the sizes of their addresses', async () => {
    const ctl = await startClient();
    const carriers = await ctl.get<{ Name: string; AddressFieldSizes: Record<string, number> }[]>('Carriers');
    expect(carriers.map(({ Name }) => Name)).toContain('UPS Ground');
    expect(carriers[0]?.AddressFieldSizes).toMatchObject({ Name: 35, City: 30, Ref5: 25 });
  });

  it('to what is not there is 404, and with the wrong method 405', async () => {
    const ctl = await startClient();
    expect((await ctl.send('GET', '/ctl/v1/Nothing')).status).toBe(404);
    expect((await ctl.send('GET', '/elsewhere')).status).toBe(404);
    expect((await ctl.send('DELETE', '/ctl/v1/Orders/A1')).status).toBe(405);
  });
});
