import { createServer as createPlainServer, type AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answer, open, operationOf, sendTo, serve, thing } from './support.ts';

const short = { answerMs: 100 };

async function sendToAddress(url: string, signal?: AbortSignal, limits = {}) {
  const operation = operationOf(open(thing, url, { limits }), 'thing.create');
  return operation.send(operation.freeze('T-1', {}), signal);
}

describe('nothing was sent', () => {
  it('the connection is refused', async () => {
    const { url, close } = await serve(answer(201));
    close();
    expect(await sendToAddress(url)).toEqual({
      class: 'RETRY_LATER',
      messages: [],
      detail: 'not sent: connection refused',
    });
  });

  it('the name is unknown', async () => {
    const outcome = await sendToAddress('http://no-such-host.invalid');
    expect(outcome).toMatchObject({ class: 'RETRY_LATER', detail: expect.stringMatching(/^not sent: /) as string });
    expect(outcome.status).toBeUndefined();
  });

  it('TLS cannot be agreed on', async () => {
    const { url } = await serve(answer(201));
    const outcome = await sendToAddress(url.replace('http:', 'https:'));
    expect(outcome).toMatchObject({ class: 'RETRY_LATER', detail: expect.stringMatching(/^not sent: /) as string });
  });

  it('the work was stopped before', async () => {
    const { url, received } = await serve(answer(201));
    const outcome = await sendToAddress(url, AbortSignal.abort());
    expect(outcome).toMatchObject({ class: 'RETRY_LATER', detail: 'not sent: stopped' });
    expect(received).toEqual([]);
  });
});

describe('it is not known what became of the request', () => {
  it('the connection is reset', async () => {
    expect(await sendTo((_request, response) => response.socket?.resetAndDestroy())).toMatchObject({
      class: 'AMBIGUOUS',
      detail: expect.stringMatching(/^no answer: /) as string,
    });
  });

  it('no answer comes in time', async () => {
    expect(await sendTo(() => undefined, { limits: short })).toEqual({
      class: 'AMBIGUOUS',
      messages: [],
      detail: 'no answer: timeout',
    });
  });

  it('the work is stopped while waiting', async () => {
    const stop = new AbortController();
    const { url } = await serve(() => stop.abort());
    expect(await sendToAddress(url, stop.signal)).toMatchObject({ class: 'AMBIGUOUS', detail: 'no answer: stopped' });
  });

  it('the answer is cut off', async () => {
    const outcome = await sendTo((_request, response) => {
      response.writeHead(201, { 'content-length': '100' });
      response.write('{"half":', () => response.socket?.destroy());
    });
    expect(outcome).toMatchObject({
      class: 'AMBIGUOUS',
      status: 201,
      detail: 'answer cut off: connection lost after 201',
    });
  });

  it('the answer drips without end', async () => {
    const outcome = await sendTo(
      (_request, response) => {
        const timer = setInterval(() => response.write(' '), 10);
        response.on('close', () => clearInterval(timer));
      },
      { limits: short },
    );
    expect(outcome).toMatchObject({ class: 'AMBIGUOUS', detail: 'answer cut off: timeout after 200' });
  });

  it('the answer is longer than the limit', async () => {
    const outcome = await sendTo(answer(201, ' '.repeat(5000)), { limits: { answerBytes: 2000 } });
    expect(outcome).toMatchObject({
      class: 'AMBIGUOUS',
      detail: 'answer cut off: answer longer than the limit after 201',
    });
  });

  it('the peer speaks something else than HTTP', async () => {
    const server = createPlainServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('220 mail.example ESMTP\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const outcome = await sendToAddress(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(outcome.class).toBe('AMBIGUOUS');
  });
});

it('repeats nothing by itself and sends the same bytes each time', async () => {
  const { url, received } = await serve((_request, response) => response.socket?.resetAndDestroy());
  const operation = operationOf(open(thing, url), 'thing.create');
  const request = operation.freeze('T-1', { Name: 'é' });
  await operation.send(request);
  expect(received).toHaveLength(1);
  await operation.send(request);
  expect(received[1]).toMatchObject({ method: 'PUT', url: '/things/T-1', body: '{"Name":"é"}' });
  expect(received[1]?.headers['x-token']).toBe('canary-token-4711');
  expect(received[1]?.body).toBe(received[0]?.body);
});

it('sends nothing after it was closed', async () => {
  const { url, received } = await serve(answer(201));
  const provider = open(thing, url);
  const operation = operationOf(provider, 'thing.create');
  await provider.close();
  expect(await operation.send(operation.freeze('T', {}))).toMatchObject({ detail: 'not sent: stopped' });
  expect(received).toEqual([]);
});

it('bears a server that closes idle connections', async () => {
  const { url } = await serve((_request, response) => {
    response.on('finish', () => response.socket?.end());
    response.writeHead(201).end();
  });
  const operation = operationOf(open(thing, url), 'thing.create');
  const request = operation.freeze('T', {});
  for (let count = 0; count < 20; count++) {
    const { class: outcome } = await operation.send(request);
    expect(['ACCEPTED', 'AMBIGUOUS']).toContain(outcome);
  }
});

it('puts the path of the address before its own', async () => {
  const { url, received } = await serve(answer(201));
  await sendToAddress(`${url}/ctl/`);
  expect(received[0]?.url).toBe('/ctl/things/T-1');
});
