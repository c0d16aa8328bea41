import type { Archive } from './archive.ts';
import { visitXml, type XmlVisitor } from './xml.ts';

const MIB = 1024 * 1024;
/** What is read for lists that are held as a whole: parts, sheets, styles. */
const MOST_BYTES = 32 * MIB;

/** Reads one of the parts that are small in every honest workbook. */
export async function visitSmall(archive: Archive, part: string, visitor: XmlVisitor): Promise<void> {
  await visitAll(visitXml(archive.read(part, MOST_BYTES), visitor, part));
}

/** To the end, for what the visitor saw. */
export async function visitAll(visits: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of visits);
}
