export { parseMapping } from './parse-mapping.ts';
export { mappingSchema } from './mapping-schema.ts';
export { tableFiles } from './tables.ts';
export { compileMapping } from './compile-mapping.ts';
export { runMappingTests } from './run-tests.ts';
export { formatInstant } from './instant.ts';
export type {
  BoundMapping,
  BuiltDocument,
  Controls,
  Explanation,
  Header,
  InboundMapping,
  MappingTestResult,
  OutboundMapping,
  OutboundRows,
  SourceRecord,
  TableData,
  TableFile,
} from './types.ts';
