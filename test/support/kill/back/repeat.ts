// Repeats one planned run of the way back: node test/support/kill/back/repeat.ts '{"moment":"renamed",…}'
import { rm } from 'node:fs/promises';
import process from 'node:process';
import { moments } from './points.ts';
import { runPostsPlan } from './posts.ts';
import { makeBase, runBackPlan, type BackPlan } from './scenario.ts';

const [text = '{}'] = process.argv.slice(2);
const plan = JSON.parse(text) as BackPlan;
const base = await makeBase(plan.workload);
const isPosts = moments.find(({ name }) => name === plan.moment)?.scene === 'posts';
const { kills, violations } = await (isPosts ? runPostsPlan(base, plan) : runBackPlan(base, plan));
await rm(base.directory, { recursive: true, force: true });
console.log(JSON.stringify({ plan, kills }));
for (const violation of violations) console.log(violation);
process.exitCode = violations.length > 0 ? 1 : 0;
