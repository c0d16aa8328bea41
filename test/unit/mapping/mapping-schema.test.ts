import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAjv } from '../../../src/core/shape.ts';
import { formats } from '../../../src/formats/index.ts';
import { mappingSchema } from '../../../src/mapping/index.ts';
import { repository } from '../../support/dray.ts';

describe('the schema of mappings', () => {
  it('is the one in the repository, which editors read', async () => {
    await expect(`${JSON.stringify(mappingSchema(formats), undefined, 2)}\n`).toMatchFileSnapshot(
      join(repository, 'src/mapping/mapping.schema.json'),
    );
  });

  it('is strict and compiles', () => {
    expect(() => createAjv().compile(mappingSchema(formats))).not.toThrow();
  });
});
