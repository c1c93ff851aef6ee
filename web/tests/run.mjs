// npm test: builds the pages, tests them over the mock, and end to end if JIKIM_BIN names a
// `jikim` to start.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';

const here = new URL('.', import.meta.url).pathname;

function run(...command) {
  const [program, ...rest] = command;
  const { status } = spawnSync(program, rest, { stdio: 'inherit', cwd: new URL('..', import.meta.url).pathname });
  if (status !== 0) process.exit(status ?? 1);
}

const RUNS = 3;
/** Files that measure seconds of playing pictures have the machine alone; of the others two run at once. */
const TIMED = /footage|live|minutes|plans/;
const LANES = 2;

/** One file of tests, with a browser of its own. */
async function passes(file, run) {
  const began = Date.now();
  const child = spawn(process.execPath, ['--test', `${here}${file}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts = [];
  child.stdout.on('data', (part) => parts.push(part));
  const [status] = await once(child, 'close');
  const said = Buffer.concat(parts).toString();
  process.stdout.write(status === 0 || run === RUNS ? said : said.replace(/^/gm, `run ${run} of ${RUNS} | `));
  console.log(`${((Date.now() - began) / 1000).toFixed(0)} s: ${file}`);
  return status === 0;
}

/** Those of the files that fail, so many of them at once. */
async function failing(files, lanes) {
  const [left, failed] = [[...files], []];
  const lane = async () => {
    for (let file = left.shift(); file; file = left.shift()) if (!(await passes(file, 1))) failed.push(file);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return failed;
}

/** All of them, so that one run tells all that is broken. What failed is run again at the end, alone,
 * since a browser on a loaded machine may miss a deadline; that is said, never hidden. */
async function testsIn(folder, lanes) {
  const names = readdirSync(`${here}${folder}`).filter((name) => name.endsWith('.test.mjs'));
  if (names.length === 0) throw new Error(`no test in ${folder}`);
  const files = names.map((name) => `${folder}/${name}`);
  const alone = await failing(files.filter((file) => TIMED.test(file)), 1);
  const failed = [...alone, ...(await failing(files.filter((file) => !TIMED.test(file)), lanes))];
  const broken = [];
  for (const file of failed) if (!(await passes(file, 2)) && !(await passes(file, RUNS))) broken.push(file);
  for (const file of failed) console.log(`${broken.includes(file) ? 'broken' : 'flaky'}: ${file}`);
  if (broken.length > 0) process.exit(1);
}

run('npx', 'vite', 'build', '--logLevel', 'warn');
await testsIn('pages', LANES);
if (process.env.JIKIM_BIN) await testsIn('e2e', 1);
else console.log('e2e: not run (JIKIM_BIN not set)');
