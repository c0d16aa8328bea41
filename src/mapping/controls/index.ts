export { columnName, createCells } from './cells.ts';
export { checkControls } from './check-controls.ts';
export { createControlCheck, type ControlCheck } from './control-check.ts';
export { controlColumns } from './control-columns.ts';
export { withDocumentTotals } from './document-totals.ts';
export { controlsSchema } from './schema.ts';
export type { Controls } from './types.ts';
