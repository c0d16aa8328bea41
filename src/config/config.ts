import type { AnswerRule, ExpectRule, SequenceRule } from '../core/flow-rules.ts';
import type { Original } from '../core/ledger.ts';
import type { PositionedYaml } from '../core/positioned-yaml.ts';
import type { SftpConfig } from './sftp.ts';
import type { WebhookConfig } from './webhooks.ts';

/** config.yaml: validated, resolved and frozen. Paths are absolute. */
export interface Config {
  readonly file: string;
  readonly directory: string;
  readonly yaml: PositionedYaml;
  readonly ledger: string;
  readonly sandbox: { readonly scale: number; readonly seed: number };
  readonly folders: ReadonlyMap<string, FolderConfig>;
  readonly providers: ReadonlyMap<string, ProviderConfig>;
  readonly inbound: ReadonlyMap<string, InboundConfig>;
  readonly outbound: ReadonlyMap<string, OutboundConfig>;
  /** Where posts of providers are taken; undefined: none are. */
  readonly webhooks: WebhookConfig | undefined;
  /** Files with translations of what answers say, the earlier before the later. */
  readonly texts: readonly string[];
  /** Values that came from the environment or from secret files: never to be shown. */
  readonly secrets: readonly string[];
}

export interface FolderConfig {
  /** Absolute; on a server as it stands in the file. */
  readonly path: string;
  /** Undefined for a directory of this machine. */
  readonly sftp: SftpConfig | undefined;
  /** Subdirectory → glob relative to the configuration. */
  readonly seed: Readonly<Record<string, string>>;
}

export interface ProviderConfig {
  readonly definition: string;
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly limits: {
    readonly rate?: string;
    readonly concurrency?: number;
    readonly connectMs?: number;
    readonly answerMs?: number;
  };
  readonly retry: { readonly baseMs?: number; readonly capMs?: number; readonly attempts?: number };
  readonly track: { readonly everyMs?: number };
}

export interface InboundConfig {
  readonly folder: string;
  /** Directory part of `pick`, and the glob for names in it. */
  readonly directory: string;
  readonly pattern: string;
  readonly mapping: string;
  readonly provider: string;
  /** What documents are submitted to; where they say it themselves, those that say nothing, or the first. */
  readonly operation: string;
  /** Undefined when all documents go to one operation. */
  readonly choice: OperationChoice | undefined;
  readonly accept: 'document' | 'file';
  readonly original: Original;
  /** Empty where nothing goes. */
  readonly done: string;
  readonly failed: string;
  /** Template of the name of the file that announces a file. */
  readonly marker: string | undefined;
  readonly results: string;
  /** Folder of `results`. */
  readonly resultsFolder: string;
  /** Format of result files; undefined: as the drops themselves. */
  readonly result: string | undefined;
  readonly answers: AnswerRule;
  /** Outbound flows whose files its drops acknowledge; empty: its documents go to the provider. */
  readonly acknowledges: readonly string[];
  readonly quietMs: number | undefined;
  readonly sequence: SequenceRule | undefined;
  readonly expect: ExpectRule | undefined;
}

/** `{ $from: Action, $table: { N: order.create, C: order.cancel }, $default: order.create }`. */
export interface OperationChoice {
  /** Column of the document's head. */
  readonly from: string;
  readonly table: Readonly<Record<string, string>>;
  /** For documents whose column is empty. */
  readonly otherwise: string | undefined;
}

export interface OutboundConfig {
  readonly provider: string;
  readonly feed: string;
  readonly schedule: Schedule;
  readonly mapping: string;
  readonly folder: string;
  readonly file: string;
  readonly empty: 'skip' | 'header' | 'trailer';
  readonly per: 'run' | 'document' | { readonly rows: number };
  readonly snapshot: 'full' | 'changes';
  readonly site: string | undefined;
  /** Template of the name of the file that follows each file. */
  readonly marker: string | undefined;
  readonly replace: 'archive' | 'wait' | undefined;
  readonly archive: string | undefined;
  readonly keepMs: number;
  /** How long a file may lie in its folder, and how long its acknowledgement may take; undefined: for ever. */
  readonly collectedMs: number | undefined;
  readonly acknowledgedMs: number | undefined;
}

export type Schedule = { readonly everyMs: number } | { readonly cron: string; readonly zone: string };
