export { parseMapping } from './parse-mapping.ts';
export { mappingSchema } from './mapping-schema.ts';
export { tableFiles } from './tables.ts';
export { companionNames } from './companions.ts';
export { compileMapping } from './compile-mapping.ts';
export { runMappingTests } from './run-tests.ts';
export { formatInstant } from './instant.ts';
export { PICKED_PART } from './types.ts';
export type {
  BoundMapping,
  BuiltDocument,
  CompileContext,
  CompiledMapping,
  Controls,
  Explanation,
  Header,
  InboundDefinition,
  InboundMapping,
  MappingDefinition,
  MappingTestResult,
  OutboundDefinition,
  OutboundMapping,
  OutboundRow,
  OutboundRows,
  ParsedMapping,
  SourceCell,
  SourceRecord,
  TableData,
  TableFile,
} from './types.ts';
