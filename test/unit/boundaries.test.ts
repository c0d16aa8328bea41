import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/dray.ts';

/** Which rooms a room may know, besides itself. Everything else is a wall. */
const KNOWS: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli'],
  'launch.js': ['main.ts'],
  'app.ts': [
    'app',
    'core',
    'config',
    'mapping',
    'formats',
    'folders',
    'providers',
    'ledger',
    'inbound',
    'outbound',
    'server',
    'sandbox',
  ],
  app: [
    'core',
    'config',
    'mapping',
    'formats',
    'folders',
    'providers',
    'ledger',
    'inbound',
    'outbound',
    'server',
    'sandbox',
  ],
  cli: ['app.ts', 'app', 'core', 'config', 'mapping', 'inbound', 'outbound'],
  inbound: ['core', 'mapping'],
  outbound: ['core', 'mapping'],
  server: ['core', 'mapping'],
  mapping: ['core'],
  formats: ['core'],
  folders: ['core'],
  providers: ['core'],
  ledger: ['core'],
  config: ['core'],
  core: [],
  sandbox: [],
};

/** Modules that do things, and the only rooms that may. */
const RESERVED: readonly { readonly module: RegExp; readonly rooms: readonly string[] }[] = [
  { module: /^node:sqlite$|^pg$/, rooms: ['ledger'] },
  { module: /^undici$|^node:https?$/, rooms: ['providers', 'server', 'sandbox'] },
  // Configuration and tables are read where they are loaded, the spool lies beside the ledger, the socket beside both.
  {
    module: /^node:fs(\/promises)?$/,
    rooms: ['folders', 'config', 'ledger', 'app', 'app.ts', 'server', 'sandbox', 'launch.js'],
  },
  { module: /^node:child_process$/, rooms: ['launch.js'] },
];

const source = join(repository, 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|js)$/.test(name))
  .map((name) => ({ name, room: name.split('/')[0] ?? name, text: readFileSync(join(source, name), 'utf8') }));

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => specifier ?? '');
}

function targetRoom(file: string, specifier: string): string {
  return relative(source, join(source, file, '..', specifier)).split('/')[0] ?? '';
}

test('every room imports only the rooms it may know', () => {
  const trespasses = files.flatMap(({ name, room, text }) =>
    importsOf(text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => targetRoom(name, specifier))
      .filter((target) => target !== room && target !== '..' && KNOWS[room]?.includes(target) !== true)
      .map((target) => `${name} → ${target}`),
  );
  expect(trespasses).toEqual([]);
});

test('every room is listed, so that a new one states what it may know', () => {
  expect([...new Set(files.map(({ room }) => room))].filter((room) => KNOWS[room] === undefined)).toEqual([]);
});

test('SQL, HTTP and the file system are used in their rooms only', () => {
  const trespasses = files.flatMap(({ name, room, text }) =>
    importsOf(text).flatMap((specifier) =>
      RESERVED.filter(({ module, rooms }) => module.test(specifier) && !rooms.includes(room)).map(
        () => `${name} → ${specifier}`,
      ),
    ),
  );
  expect(trespasses).toEqual([]);
});

test('the environment is read in config only, and only main ends the process', () => {
  const readers = files
    .filter(({ room, text }) => room !== 'config' && /process\.env\b/.test(text))
    .map(({ name }) => name);
  const enders = files
    .filter(({ room, text }) => !['main.ts', 'launch.js'].includes(room) && /process\.exit\(/.test(text))
    .map(({ name }) => name);
  expect({ readers, enders }).toEqual({ readers: [], enders: [] });
});

test('no provider is named in code outside the sandbox', () => {
  const named = files
    .filter(({ room, text }) => room !== 'sandbox' && /['"](choice|flexport|ctl|ds)['"]/.test(text))
    .map(({ name }) => name);
  expect(named).toEqual([]);
});
