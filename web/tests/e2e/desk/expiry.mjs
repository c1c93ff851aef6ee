// A camera whose footage is soon destroyed, and the proof of that: at the command line, since neither is done on a
// page.

import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const KEPT_S = 30;

/** Hangs a camera whose footage is kept for half a minute: its id, name, and since when it may have
 * footage. It belongs to a spot of the policy: nothing else is recorded there. */
export async function addShortCamera({ data }, name) {
  const port = readFileSync(join(data, 'demo.port'), 'utf8').trim();
  const told = await run(process.env.JIKIM_BIN, ['camera', 'add', '--json', '--data', data, '--name', name, '--url', `rtsp://127.0.0.1:${port}/cam1`, '--policy-spot', 'car-park', '--retention', `${KEPT_S}s`]);
  const { id } = JSON.parse(told.stdout);
  return { id, name, sinceMs: Date.now() };
}

/** The certificate of what became of a span, as an inspector verifies it with nothing of the recorder but its ledger:
 * his program's one word, and its facts. */
export async function certificate({ data }, { camera, fromMs, toMs }) {
  const [file, policy] = [join(data, 'certificate'), join(data, 'ledger.policy')];
  const span = ['--from', new Date(fromMs).toISOString(), '--to', new Date(toMs).toISOString()];
  await run(process.env.JIKIM_BIN, ['destruction', 'certificate', '--data', data, '--camera', camera, ...span, '--out', file]);
  writeFileSync(policy, (await run(process.env.JIKIM_BIN, ['ledger', 'policy', '--data', data])).stdout);
  const verify = join(dirname(process.env.JIKIM_BIN), 'jikim-verify');
  const told = await run(verify, ['--json', 'destruction', '--certificate', file, '--policy', policy]).catch((error) => error);
  for (const each of [file, policy]) rmSync(each);
  return JSON.parse(told.stdout);
}
