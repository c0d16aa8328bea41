// Loaded with `node --import` before the program: counts the durable steps of the process and kills it at one of them.
// KILL_AT=<step>:before|after chooses the step, counted from 1; KILL_TRACE=<file> gets one line per step. Durable is what
// another process can see afterwards: changes of files, SQL that writes, and bytes that leave through a socket. Standard
// output and standard error do not count. KILL_ON={"pattern","nth","side"} chooses the nth step whose line matches; then,
// and with KILL_CLOSELY=1, looks at names count as steps, too, statements say their values, and a COMMIT what it commits.
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import process from 'node:process';
import { DatabaseSync, StatementSync } from 'node:sqlite';

const [killStep = '', killSide = ''] = (process.env.KILL_AT ?? '').split(':');
const killAt = Number(killStep);
const killOn = process.env.KILL_ON === undefined ? undefined : JSON.parse(process.env.KILL_ON);
const pattern = killOn === undefined ? undefined : new RegExp(killOn.pattern);
const isClose = killOn !== undefined || process.env.KILL_CLOSELY !== undefined;
const LONGEST = isClose ? 4000 : 200;
const trace = process.env.KILL_TRACE === undefined ? undefined : fs.openSync(process.env.KILL_TRACE, 'w');
const { writeSync } = fs;
let steps = 0;
let matches = 0;

function die() {
  process.kill(process.pid, 'SIGKILL');
  // The signal ends all threads at once; nothing of the program may run until it does.
  for (;;);
}

/** Counts one step; answers whether the process dies once it is done. */
function enter(name, what) {
  steps++;
  const line = `${name} ${String(what).replace(/\s+/g, ' ').trim().slice(0, LONGEST)}`;
  if (trace !== undefined) writeSync(trace, `${line}\n`);
  if (pattern?.test(line) === true && ++matches === killOn.nth) {
    if (killOn.side === 'before') die();
    return true;
  }
  if (steps !== killAt) return false;
  if (killSide === 'before') die();
  return true;
}

const isLog = (target) => target === 1 || target === 2;
const hasWritingFlags = (flags) =>
  typeof flags === 'number'
    ? (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0
    : /[wa+]/.test(flags ?? 'r');

/** Replaces a function by one that counts, unless `counts` says that this call changes nothing. */
function wrap(owner, name, describe, { counts = () => true, prefix = '' } = {}) {
  const original = owner[name];
  if (typeof original !== 'function') return;
  const wrapped = function (...values) {
    if (!Reflect.apply(counts, this, values)) return Reflect.apply(original, this, values);
    const dies = enter(`${prefix}${name}`, Reflect.apply(describe, this, values));
    if (!dies) return Reflect.apply(original, this, values);
    const callback = values.at(-1);
    if (prefix === 'fs.' && typeof callback === 'function') values[values.length - 1] = die;
    const result = Reflect.apply(original, this, values);
    if (prefix === 'fs.' && typeof callback === 'function') return result;
    if (typeof result?.then === 'function') return result.then(die, die);
    return die();
  };
  Object.defineProperty(owner, name, { value: wrapped, writable: true, configurable: true, enumerable: true });
}

const paths = (from, to) => (typeof to === 'string' || Buffer.isBuffer(to) ? `${from} ${to.toString()}` : from);
const onDescriptor = { prefix: 'fs.', counts: (target) => !isLog(target) };
const onOpen = { counts: (_path, flags) => hasWritingFlags(flags) };

const CHANGES = ['rename', 'link', 'symlink', 'unlink', 'rm', 'rmdir', 'mkdir', 'copyFile', 'cp', 'truncate'];
const WRITES = ['writeFile', 'appendFile'];
const ON_DESCRIPTORS = ['write', 'writev', 'fsync', 'fdatasync', 'ftruncate'];

for (const suffix of ['', 'Sync']) {
  for (const name of CHANGES) wrap(fs, name + suffix, paths, { prefix: 'fs.' });
  for (const name of [...WRITES, ...ON_DESCRIPTORS]) wrap(fs, name + suffix, (target) => target, onDescriptor);
  wrap(fs, `open${suffix}`, (path) => path, { ...onOpen, prefix: 'fs.' });
}
for (const name of CHANGES) wrap(promises, name, paths, { prefix: 'promises.' });
for (const name of WRITES)
  wrap(promises, name, (target) => (typeof target === 'object' ? '' : target), { prefix: 'promises.' });

const handle = await promises.open('/dev/null', 'r');
const FileHandle = Object.getPrototypeOf(handle);
await handle.close();
const opened = new WeakMap();
for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'sync', 'datasync', 'truncate']) {
  wrap(FileHandle, name, pathOf, { prefix: 'handle.' });
}
wrap(promises, 'open', (path) => path, { ...onOpen, prefix: 'promises.' });
const { open } = promises;
promises.open = async (path, ...rest) => {
  const file = await open(path, ...rest);
  opened.set(file, String(path));
  return file;
};
function pathOf() {
  return opened.get(this) ?? '';
}
if (isClose) wrap(promises, 'lstat', (path) => path, { prefix: 'promises.' });

const isWrite = (sql) => /^\s*(INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql);
let transaction = [];
wrap(DatabaseSync.prototype, 'exec', statementOf, { prefix: 'sql.' });
for (const name of ['run', 'get', 'all', 'iterate']) {
  wrap(StatementSync.prototype, name, sourceOf, {
    prefix: 'sql.',
    counts() {
      return isWrite(this.sourceSQL);
    },
  });
}
function statementOf(sql) {
  if (!isClose) return sql;
  const before = transaction;
  if (/^(BEGIN|COMMIT|ROLLBACK)/.test(sql)) transaction = [];
  return sql === 'COMMIT' ? `COMMIT of ${[...new Set(before)].join('; ')}` : sql;
}
function sourceOf(...values) {
  if (!isClose) return this.sourceSQL;
  const shown = values.map((value) => (value instanceof Uint8Array ? 'bytes' : String(value)));
  const statement = `${this.sourceSQL.replace(/\s+/g, ' ').trim()} <- [${shown.join(',')}]`;
  transaction.push(statement.slice(0, 80));
  return statement;
}

function isConnection() {
  return this._isStdio !== true;
}
function isCorkedConnection() {
  return this._isStdio !== true && this.writableCorked > 0 && this.writableLength > 0;
}
function firstLine(data) {
  return typeof data === 'string' || Buffer.isBuffer(data) ? String(data).split('\r\n', 1)[0] : '';
}
wrap(net.Socket.prototype, 'connect', () => '', { prefix: 'socket.', counts: isConnection });
wrap(net.Socket.prototype, 'write', firstLine, { prefix: 'socket.', counts: isConnection });
// What was written to a corked socket leaves the process here.
wrap(net.Socket.prototype, 'uncork', () => '', { prefix: 'socket.', counts: isCorkedConnection });

syncBuiltinESMExports();
