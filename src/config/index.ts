export type { Config, FolderConfig, InboundConfig, OutboundConfig } from './config.ts';
export { configSchema } from './config-schema.ts';
export { loadConfig, parseConfig, readText, type LoadedConfig } from './load-config.ts';
