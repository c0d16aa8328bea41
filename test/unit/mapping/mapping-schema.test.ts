import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAjv } from '../../../src/core/shape.ts';
import { formats } from '../../../src/formats/index.ts';
import { mappingSchema } from '../../../src/mapping/index.ts';

describe('the schema of mappings', () => {
  it('is the one in the repository, which editors read', () => {
    const path = new URL('../../../src/mapping/mapping.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(mappingSchema(formats))));
  });

  it('is strict and compiles', () => {
    expect(() => createAjv().compile(mappingSchema(formats))).not.toThrow();
  });
});
