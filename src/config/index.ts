export type { Config, FolderConfig, InboundConfig, OutboundConfig, ProviderConfig, Schedule } from './config.ts';
export { configSchema } from './config-schema.ts';
export { loadConfig, parseConfig, readText, type LoadedConfig } from './load-config.ts';
