// A real `jikim demo` with simulated cameras, and what its WebSockets carry.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const START_WITHIN_MS = 180_000;
/** As docs promise: SIGTERM ends it within 5 s; the margin is the loaded test machine's. */
const STOP_WITHIN_MS = 15_000;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Starts a demo; `contract` is the first line that it prints, `data` its folder. An institution has its own
 * cameras, and a policy in force. */
export async function startDemo({ cameras = 9, institution = null } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'jikim-e2e-'));
  const listen = `127.0.0.1:${await freePort()}`;
  const cast = institution ? ['--institution', institution] : ['--cameras', String(cameras)];
  const child = spawn(process.env.JIKIM_BIN, ['demo', '--data', data, ...cast, '--listen', listen], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { JIKIM_LOG: 'warn', ...process.env },
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => line),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`jikim demo ended with ${code}`))),
    new Promise((_, reject) => setTimeout(() => reject(new Error('jikim demo said nothing')), START_WITHIN_MS).unref()),
  ]);
  lines.on('line', () => undefined);
  return {
    contract: JSON.parse(first),
    data,
    stop: async () => {
      const asked = Date.now();
      child.kill('SIGTERM');
      const ended = child.exitCode !== null || (await Promise.race([
        once(child, 'exit').then(() => true),
        new Promise((resolve) => setTimeout(() => resolve(false), STOP_WITHIN_MS).unref()),
      ]));
      if (!ended) child.kill('SIGKILL');
      rmSync(data, { recursive: true, force: true });
      if (!ended) throw new Error(`jikim demo did not end within ${Date.now() - asked} ms`);
    },
  };
}

/** Uses a one-time link: afterwards the person has this name and password, and is signed in. */
export async function claim(page, name, displayName, password) {
  await page.getByLabel('이름(아이디)').fill(name);
  await page.getByLabel('화면에 보이는 이름').fill(displayName);
  await page.getByLabel('비밀번호', { exact: false }).first().fill(password);
  await page.getByLabel('비밀번호 확인').fill(password);
  await page.getByRole('button', { name: '시작하기' }).click();
  await page.getByRole('navigation').waitFor();
}

const STAMP = Buffer.from('jikim-stamp-v1.0');

/** When the frame was due, as the simulated camera wrote into it; null without a stamp. */
function stampedMs(bytes) {
  const at = bytes.indexOf(STAMP);
  // After the UUID: camera (4 bytes), counter (8), wall time in µs (8). A zero run in them may be
  // escaped (00 00 03), which is undone here.
  const plain = [];
  for (let i = at + STAMP.length, zeros = 0; at >= 0 && plain.length < 20 && i < bytes.length; i += 1) {
    if (zeros >= 2 && bytes[i] === 3) {
      zeros = 0;
      continue;
    }
    zeros = bytes[i] === 0 ? zeros + 1 : 0;
    plain.push(bytes[i]);
  }
  return plain.length === 20 ? Number(Buffer.from(plain).readBigInt64BE(12)) / 1000 : null;
}

/** Gathers the fragments that a page receives: tile, wall time of the header, time of the stamp. */
export function listen(page) {
  const fragments = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string' || payload[1] !== 2) return;
      fragments.push({
        tile: payload.readUInt16BE(2),
        wallMs: Number(payload.readBigInt64BE(4)) / 1000,
        stampMs: stampedMs(payload.subarray(12)),
      });
    });
  });
  return fragments;
}
