import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { repository, runDray, startDray, type DrayOptions, type Finished } from './dray.ts';

/** A directory with a configuration of its own, removed at the end. */
export interface Workspace {
  readonly directory: string;
  path(...parts: string[]): string;
  /** Puts a file where a sender would; answers its path. */
  put(path: string, content: string | Uint8Array): Promise<string>;
  read(path: string): Promise<string>;
  /** Names in a directory, sorted; none when it does not exist. */
  names(path: string): Promise<string[]>;
  run(argv: readonly string[], options?: DrayOptions): Promise<Finished>;
  start(argv: readonly string[], options?: DrayOptions): ReturnType<typeof startDray>;
  remove(): Promise<void>;
}

export async function createWorkspace(config: object): Promise<Workspace> {
  const directory = await mkdtemp(join(tmpdir(), 'dray-test-'));
  const path = (...parts: string[]): string => join(directory, ...parts);
  await writeFile(path('config.yaml'), stringify(config));
  const located = (argv: readonly string[]): string[] => ['--config', path('config.yaml'), ...argv];
  return {
    directory,
    path,
    async put(file, content) {
      await mkdir(dirname(path(file)), { recursive: true });
      await writeFile(path(file), content);
      return path(file);
    },
    read: (file) => readFile(path(file), 'utf8'),
    async names(sub) {
      const found: string[] = await readdir(path(sub)).catch(() => []);
      return found.sort();
    },
    run: (argv, options = {}) => runDray(located(argv), { cwd: directory, ...options }),
    start: (argv, options = {}) => startDray(located(argv), { cwd: directory, ...options }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

export const ctlDefinition = join(repository, 'mappings/ctl/provider.yaml');

/** A configuration with one folder, CTL at an address, and the flows asked for. */
export function ctlConfig(
  baseUrl: string,
  flows: { inbound?: object; outbound?: object; provider?: object } = {},
): object {
  return {
    ledger: 'data/dray.db',
    folders: { erp: { path: 'erp' } },
    providers: {
      ctl: {
        definition: ctlDefinition,
        baseUrl,
        settings: { clientId: 'demo', userId: 'demo' },
        limits: { rate: '1000/s' },
        retry: { base: '20ms', cap: '200ms' },
        ...flows.provider,
      },
    },
    inbound: flows.inbound ?? { orders: inboundFlow('orders', 'order', 'order.create') },
    outbound: flows.outbound ?? {},
  };
}

export function inboundFlow(directory: string, mapping: string, operation: string, more: object = {}): object {
  return {
    folder: 'erp',
    pick: `${directory}/in/*.csv`,
    mapping: mapping.endsWith('.yaml') ? mapping : join(repository, `mappings/ctl/${mapping}.yaml`),
    submit: { provider: 'ctl', operation },
    done: `${directory}/done`,
    failed: `${directory}/failed`,
    results: `${directory}/results`,
    quiet: '20ms',
    ...more,
  };
}

export function outboundFlow(feed: string, mapping: string, file: string, more: object = {}): object {
  return {
    collect: { provider: 'ctl', feed, every: '1s' },
    mapping: join(repository, `mappings/ctl/${mapping}.yaml`),
    folder: 'erp',
    file,
    ...more,
  };
}
