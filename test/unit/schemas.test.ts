import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/index.ts';
import { createAjv } from '../../src/core/shape.ts';
import { repository } from '../support/dray.ts';

test('the committed schema of the configuration is the one that is checked', async () => {
  createAjv().compile(configSchema);
  await expect(`${JSON.stringify(configSchema, undefined, 2)}\n`).toMatchFileSnapshot(
    join(repository, 'src/config/config.schema.json'),
  );
});
