export { columnName, createCells } from './cells.ts';
export { checkControls, columnFindings } from './check-controls.ts';
export { createControlCheck, showsWholeness, type ControlCheck } from './control-check.ts';
export { controlColumns } from './control-columns.ts';
export { withDocumentTotals } from './document-totals.ts';
