export type { Config, InboundConfig } from './config.ts';
export { configSchema } from './config-schema.ts';
export { loadConfig, parseConfig, readText, type LoadedConfig } from './load-config.ts';
