import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import { describeConfigIssue } from '../../../src/core/issue.ts';
import { temporaryDirectory } from '../core/support.ts';

test('a configuration takes variables from the environment and files beside itself, without their last line end', async () => {
  const directory = await temporaryDirectory();
  const file = join(directory, 'config.yaml');
  const settings = '{ id: "${DRAY_UNIT_TEST_ID}", key: "${file:key.txt}" }';
  await writeFile(join(directory, 'key.txt'), 'canary\r\n');
  await writeFile(
    file,
    `folders: { erp: { path: erp } }\nproviders: { p: { definition: p.yaml, baseUrl: sandbox, settings: ${settings} } }\n`,
  );
  process.env['DRAY_UNIT_TEST_ID'] = 'outside';
  onTestFinished(() => void delete process.env['DRAY_UNIT_TEST_ID']);
  const { config, issues } = loadConfig(file);
  expect(issues).toEqual([]);
  expect(config?.providers.get('p')?.settings).toEqual({ id: 'outside', key: 'canary' });
  expect(config?.secrets).toEqual(['outside', 'canary']);
});

test('a configuration that is not there is a finding, not a crash', () => {
  expect(loadConfig('/nowhere/config.yaml').issues.map(describeConfigIssue)).toEqual([
    '/nowhere/config.yaml:1:1 missing-file the configuration cannot be read. Name it with --config FILE, or start where it lies.',
  ]);
});
