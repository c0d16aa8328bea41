import { createRequire } from 'node:module';

/** What is used of the parser. Its own declarations do not hold under exactOptionalPropertyTypes, so they are not loaded. */
export interface SaxesParser {
  on(event: 'opentag', tell: (tag: SaxesTag) => void): void;
  on(event: 'closetag', tell: (tag: SaxesTag) => void): void;
  on(event: 'text' | 'cdata' | 'doctype', tell: (text: string) => void): void;
  on(event: 'xmldecl', tell: (declaration: { readonly encoding?: string }) => void): void;
  /** @throws Error for what is no XML; also what a listener throws. */
  write(text: string): this;
  close(): this;
}

export interface SaxesTag {
  readonly name: string;
  /** Has no prototype. */
  readonly attributes: Readonly<Record<string, string>>;
}

const require = createRequire(import.meta.url);

/** Without positions, which cost time, and with names as they are written. */
export function createSaxes(): SaxesParser {
  const { SaxesParser } = require('saxes') as { SaxesParser: new (options: object) => SaxesParser };
  return new SaxesParser({ position: false, xmlns: false });
}
