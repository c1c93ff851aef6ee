// A server that answers as the recorder would, for developing the pages and for their tests.
// It keeps everything in memory and proves nothing: the real one is tried by tests/e2e.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { serveSockets } from './sockets.mjs';
import { refuse } from './refuse.mjs';
import { cookieOf, createWorld } from './world.mjs';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const KINDS = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** The policy that the real server sends: what breaks it here breaks it there. */
const POLICY =
  "default-src 'self'; media-src blob:; connect-src 'self' wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

function serveFile(path, response) {
  const name = path === '/' ? '/index.html' : path;
  try {
    const body = readFileSync(join(DIST, normalize(name)));
    response.writeHead(200, {
      'content-type': KINDS[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : {};
}

async function answer(world, request, url, response) {
  const path = url.pathname.slice('/api/v1'.length);
  const broken = world.broken.find((each) => path.startsWith(each));
  if (request.method !== 'GET' && request.headers['x-jikim-request'] !== '1') {
    throw refuse(403, 'foreign-request', '다른 사이트에서 온 요청입니다.', 'The request came from elsewhere.');
  }
  if (broken) throw refuse(500, 'internal', '녹화기 내부에 문제가 생겼습니다. 잠시 뒤 다시 해 보십시오.', 'Something broke inside the recorder. Try again in a moment.');
  const input = request.method === 'GET' ? {} : await bodyOf(request);
  const result = world.handle({ method: request.method, path, query: url.searchParams, input, cookie: cookieOf(request) });
  const headers = { 'cache-control': 'no-store' };
  if (result.cookie !== undefined) headers['set-cookie'] = `jikim=${result.cookie}; HttpOnly; SameSite=Strict; Path=/`;
  if (typeof result.text === 'string') {
    response.writeHead(200, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(result.text);
  } else if (result.bytes) {
    response.writeHead(200, { ...headers, 'content-type': result.kind }).end(result.bytes);
  } else if (result.body === undefined) {
    response.writeHead(204, headers).end();
  } else {
    response.writeHead(result.status ?? 200, { ...headers, 'content-type': 'application/json' });
    response.end(JSON.stringify(result.body));
  }
}

function refusal(response, thrown) {
  const known = thrown.status !== undefined;
  if (!known) console.error(thrown);
  response.writeHead(known ? thrown.status : 500, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      error: known ? thrown.error : { code: 'internal', message_ko: String(thrown), message_en: String(thrown) },
    }),
  );
}

/**
 * Starts the mock. Options: see `createWorld`. `fallback` serves what is not the API (for Vite).
 * Returns its address, its world (to be changed by tests) and `close`.
 */
export async function startMock(options = {}, fallback = null) {
  const world = createWorld(options);
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://mock');
    if (!url.pathname.startsWith('/api/v1/')) {
      if (fallback) fallback(request, response);
      else serveFile(url.pathname, response);
      return;
    }
    answer(world, request, url, response).catch((thrown) => refusal(response, thrown));
  });
  const closeSockets = serveSockets(server, world);
  await new Promise((listening) => server.listen(options.port ?? 0, '127.0.0.1', listening));
  world.address = `http://127.0.0.1:${server.address().port}`;
  return {
    address: world.address,
    world,
    server,
    close: async () => {
      closeSockets();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
