import type SftpClient from 'ssh2-sftp-client';
import { Failure } from '../../core/failure.ts';
import { StatusError } from './failures.ts';

/** The channel the client opens: requests of the protocol, each with a callback. */
export type Channel = Awaited<ReturnType<SftpClient['connect']>>;

/** What the protocol says of a file. Not every server says everything. */
export interface Attributes {
  readonly mode: number | undefined;
  readonly size: number | undefined;
  /** Whole seconds. */
  readonly mtime: number | undefined;
}

export interface Name {
  readonly filename: string;
  readonly attributes: Attributes;
}

export type Handle = Buffer;

/**
 * Requests to a server, one method each. Every one has a deadline; passing it ends the connection, because what a silent
 * server still does cannot be known. Used in place of the client's own methods, which take a general failure for "no
 * such file" and the kind of a file from the text of a listing.
 * @throws StatusError for an answer that says no, Failure server-unreachable when none comes.
 */
export interface Requests {
  lstat(path: string): Promise<Attributes>;
  /** Follows links. */
  stat(path: string): Promise<Attributes>;
  fstat(handle: Handle): Promise<Attributes>;
  realpath(path: string): Promise<string>;
  opendir(path: string): Promise<Handle>;
  /** The next names; undefined at the end. */
  readdir(handle: Handle): Promise<readonly Name[] | undefined>;
  openRead(path: string): Promise<Handle>;
  /** The name must be free. */
  openNew(path: string): Promise<Handle>;
  /** At most `length` bytes, fewer when the server likes; none at the end. `queued`: bytes asked for before, still to come. */
  read(handle: Handle, position: number, length: number, queued: number): Promise<Buffer>;
  write(handle: Handle, position: number, bytes: Buffer, queued: number): Promise<void>;
  close(handle: Handle): Promise<void>;
  mkdir(path: string): Promise<void>;
  unlink(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Replaces what is there, in one step. Undefined where the server does not offer it, like those below. */
  readonly renameAtOnce: ((from: string, to: string) => Promise<void>) | undefined;
  readonly flush: ((handle: Handle) => Promise<void>) | undefined;
  /** Bytes that may still be written to where a path is. */
  readonly freeBytes: ((path: string) => Promise<number>) | undefined;
}

/** A connection that requests go over. */
export interface Line {
  readonly channel: Channel;
  readonly timeoutMs: number;
  /** Why it ended; undefined while it stands. */
  ended(): Failure | undefined;
  /** Ends it for every request that is under way. */
  end(failure: Failure): void;
  /** Calls back when it ends; answers how to stop waiting for that. */
  onEnd(callback: (failure: Failure) => void): () => void;
  answered(): void;
}

/** The slowest line that is no silence: a byte in a millisecond. */
const SLOWEST_BYTES_PER_MS = 1;

type Done<T> = (error: unknown, value: T) => void;

/** `isAnswer`: whether what came is an answer to this request. A server that mixes them up cannot be worked with. */
function ask<T>(
  line: Line,
  isAnswer: (value: unknown) => value is T,
  start: (done: Done<unknown>) => void,
  bytes = 0,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const over = line.ended();
    if (over !== undefined) {
      reject(over);
      return;
    }
    const stopWaiting = line.onEnd((failure) => {
      clearTimeout(timer);
      reject(failure);
    });
    const timer = setTimeout(
      () => line.end(new Failure('server-unreachable', 'it does not answer')),
      line.timeoutMs + bytes / SLOWEST_BYTES_PER_MS,
    );
    start((error, value) => {
      clearTimeout(timer);
      stopWaiting();
      if (error !== undefined && error !== null) reject(requestError(error, line));
      else if (isAnswer(value)) {
        line.answered();
        resolve(value);
      } else {
        const failure = new Failure('server-unreachable', 'it answers what was not asked');
        reject(failure);
        line.end(failure);
      }
    });
  });
}

function requestError(error: unknown, line: Line): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'number') {
    line.answered();
    return new StatusError(code);
  }
  const failure = line.ended() ?? new Failure('server-unreachable', 'the connection was lost', { cause: error });
  line.end(failure);
  return failure;
}

export function createRequests(line: Line): Requests {
  const { channel } = line;
  const look = (start: (done: Done<unknown>) => void): Promise<Attributes> =>
    ask(line, isAttributes, start).then(attributes);
  return {
    lstat: (path) => look((done) => channel.lstat(path, done)),
    stat: (path) => look((done) => channel.stat(path, done)),
    fstat: (handle) => look((done) => channel.fstat(handle, done)),
    realpath: (path) => ask(line, isText, (done) => channel.realpath(path, done)),
    opendir: (path) => ask(line, isHandle, (done) => channel.opendir(path, done)),
    readdir: (handle) => readNames(handle, line),
    openRead: (path) => ask(line, isHandle, (done) => channel.open(path, 'r', done)),
    openNew: (path) => ask(line, isHandle, (done) => channel.open(path, 'wx', done)),
    async read(handle, position, length, queued) {
      const buffer = Buffer.allocUnsafe(length);
      const answer = (done: Done<unknown>): void => channel.read(handle, buffer, 0, length, position, done);
      const count = await ask(line, isCount, answer, queued + length);
      return buffer.subarray(0, count);
    },
    write(handle, position, bytes, queued) {
      const { length } = bytes;
      const answer = (done: Done<unknown>): void => channel.write(handle, bytes, 0, length, position, act(done));
      return ask(line, isDone, answer, queued + length);
    },
    close: (handle) => ask(line, isDone, (done) => channel.close(handle, act(done))),
    mkdir: (path) => ask(line, isDone, (done) => channel.mkdir(path, act(done))),
    unlink: (path) => ask(line, isDone, (done) => channel.unlink(path, act(done))),
    rename: (from, to) => ask(line, isDone, (done) => channel.rename(from, to, act(done))),
    ...extensions(line),
  };
}

/** The extensions are found by what the server announced when the channel opened. */
function extensions(line: Line): Pick<Requests, 'renameAtOnce' | 'flush' | 'freeBytes'> {
  const { channel } = line;
  const offered = '_extensions' in channel ? (channel._extensions as Readonly<Record<string, string>>) : {};
  const has = (name: string, version: string): boolean => offered[name] === version;
  return {
    renameAtOnce: has('posix-rename@openssh.com', '1')
      ? (from, to) => ask(line, isDone, (done) => channel.ext_openssh_rename(from, to, act(done)))
      : undefined,
    flush: has('fsync@openssh.com', '1')
      ? (handle) => ask(line, isDone, (done) => channel.ext_openssh_fsync(handle, act(done)))
      : undefined,
    freeBytes: has('statvfs@openssh.com', '2')
      ? async (path) => {
          const found = await ask(line, isFields, (done) => channel.ext_openssh_statvfs(path, done));
          const { f_bavail, f_frsize } = found;
          return Number(f_bavail) * Number(f_frsize);
        }
      : undefined,
  };
}

/** Requests that answer nothing but yes or no. */
function act(done: Done<unknown>): (error: unknown) => void {
  return (error) => done(error, undefined);
}

const END_OF_NAMES = 1;

async function readNames(handle: Handle, line: Line): Promise<readonly Name[] | undefined> {
  try {
    const found = await ask(line, areNames, (done) => line.channel.readdir(handle, done));
    return found.map(({ filename, attrs }) => ({ filename, attributes: attributes(attrs) }));
  } catch (error) {
    if (error instanceof StatusError && error.status === END_OF_NAMES) return undefined;
    throw error;
  }
}

/** Servers leave out what they do not know. */
interface RawAttributes {
  readonly mode?: number;
  readonly size?: number;
  readonly mtime?: number;
}
interface RawName {
  readonly filename: string;
  readonly attrs: RawAttributes;
}

const isDone = (value: unknown): value is undefined => value === undefined;
const isText = (value: unknown): value is string => typeof value === 'string';
const isHandle = (value: unknown): value is Handle => Buffer.isBuffer(value);
const isCount = (value: unknown): value is number => typeof value === 'number';
const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
const isAttributes = (value: unknown): value is RawAttributes => isFields(value);
const areNames = (value: unknown): value is readonly RawName[] =>
  Array.isArray(value) &&
  value.every((name: unknown) => isFields(name) && isText(name['filename']) && isFields(name['attrs']));

function attributes({ mode, size, mtime }: RawAttributes): Attributes {
  return { mode, size, mtime };
}
