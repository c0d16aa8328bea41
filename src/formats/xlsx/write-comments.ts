import { columnLetters } from './cell-reference.ts';
import { escapeText } from './text.ts';

/** Notes on cells. */
export interface Comments {
  /** Beyond some count nothing is noted: spreadsheet programs become slow, and the reason columns say the same. */
  add(row: number, column: number, text: string): void;
  count(): number;
  list(): readonly Comment[];
}

interface Comment {
  readonly row: number;
  readonly column: number;
  readonly text: string;
}

/** What one block of shape numbers holds. */
const MOST_COMMENTS = 1000;
const FIRST_SHAPE = 1025;
const LINE_CHARACTERS = 42;

export function createComments(): Comments {
  const comments: Comment[] = [];
  return {
    add(row, column, text) {
      if (comments.length < MOST_COMMENTS) comments.push({ row, column, text });
    },
    count: () => comments.length,
    list: () => comments,
  };
}

export function commentsXml(comments: Comments): string {
  const items = comments
    .list()
    .map(
      ({ row, column, text }) =>
        `<comment ref="${columnLetters(column)}${row}" authorId="0"><text><t xml:space="preserve">${escapeText(text)}</t></text></comment>`,
    );
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
    `<authors><author>dray</author></authors><commentList>${items.join('')}</commentList></comments>`,
  ].join('');
}

/** Where the notes appear: spreadsheet programs show none that has no shape. ECMA-376 part 4, 19 (VML). */
export function drawingXml(comments: Comments): string {
  return [
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"',
    ' xmlns:x="urn:schemas-microsoft-com:office:excel">',
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>',
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">',
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>',
    ...comments.list().map(shapeXml),
    '</xml>',
  ].join('');
}

function shapeXml({ row, column, text }: Comment, index: number): string {
  const lines = Math.min(Math.max(Math.ceil(text.length / LINE_CHARACTERS), 2), 20) + 1;
  const top = Math.max(row - 2, 0);
  const anchor = [column + 1, 15, top, 2, column + 5, 15, top + lines, 4].join(', ');
  return [
    `<v:shape id="_x0000_s${FIRST_SHAPE + index}" type="#_x0000_t202" style="position:absolute;z-index:${index + 1};visibility:hidden"`,
    ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>',
    '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>',
    `<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor>`,
    `<x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`,
  ].join('');
}
