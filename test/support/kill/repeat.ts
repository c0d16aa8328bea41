// Repeats one planned run: node test/support/kill/repeat.ts '{"workload":7,"first":{"step":12,"side":"after"}}'
import process from 'node:process';
import { runPlan, type KillPlan } from './scenario.ts';

const [text = '{"workload":1}'] = process.argv.slice(2);
const { plan, violations, kills, steps, directory } = await runPlan(JSON.parse(text) as KillPlan, { isTraced: true });
const killedAt = steps.at(-1) ?? '';
console.log(
  JSON.stringify({ plan, kills, steps: steps.length, ...(plan.first === undefined ? {} : { killedAt }), directory }),
);
for (const violation of violations) console.log(violation);
process.exitCode = violations.length > 0 ? 1 : 0;
