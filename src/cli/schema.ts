import { Argument, type Command } from 'commander';
import { schemas, type SchemaName } from '../app/schemas.ts';
import type { Act } from './index.ts';
import { createOutput, exitCodes } from './output.ts';

export function addSchema(program: Command, act: Act): void {
  program
    .command('schema')
    .description('JSON Schema for editors')
    .addArgument(new Argument('<kind>').choices(Object.keys(schemas)))
    .action(
      act((kind: SchemaName) => {
        createOutput().text(JSON.stringify(schemas[kind], undefined, 2));
        return Promise.resolve(exitCodes.well);
      }),
    );
}
