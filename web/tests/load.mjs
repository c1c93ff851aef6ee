// People who all play recorded footage at once, over the real WebSocket, against a recorder that
// runs: how much comes, and whether it comes in time. The recorder's own certificate is taken
// unseen, for this measures and guards nothing.
//
//   node tests/load.mjs --address https://127.0.0.1:8443 --name NAME --password PASSWORD
//     [--link LINK]    uses a one-time link first: the account then has that name and password
//     [--people 16] [--tiles 1] [--seconds 60] [--history 120] [--speed 100] (forwards)
//     [--appoint]      appoints an operator for each of them first; else they share up to eight
//                      sessions of the account, which is all that one account may have
//     [--fast]         takes as fast as it is served, instead of at the speed of a viewer
//     [--json]         prints the result as one line of JSON

import { parseArgs } from 'node:util';

import WebSocket from 'ws';

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');

const TEXT = { type: 'string' };
const { values: given } = parseArgs({
  options: {
    ...{ address: TEXT, name: TEXT, password: TEXT, link: TEXT, people: TEXT, tiles: TEXT },
    ...{ seconds: TEXT, history: TEXT, speed: TEXT, fast: { type: 'boolean' }, appoint: { type: 'boolean' }, json: { type: 'boolean' } },
  },
});
const number = (name, usual) => Number(given[name] ?? usual);
const [people, tiles, seconds] = [number('people', 16), number('tiles', 1), number('seconds', 60)];
const [historyMs, speed] = [number('history', 120) * 1000, number('speed', 100)];
const address = new URL(given.address ?? 'https://127.0.0.1:8443');
const iso = (ms) => new Date(ms).toISOString();

async function ask(method, path, body, cookie) {
  const headers = { 'x-jikim-request': '1', origin: address.origin, ...(cookie && { cookie }) };
  if (body) headers['content-type'] = 'application/json';
  const response = await fetch(new URL(`/api/v1${path}`, address), { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer?.error?.message_en ?? ''}`);
  return { answer, cookie: response.headers.get('set-cookie')?.split(';')[0] };
}

const SESSIONS_OF_ACCOUNT = 8;

async function signIn() {
  const { name, password } = given;
  return (await ask('POST', '/session', { name, password })).cookie;
}

async function claim(link, name) {
  const secret = new URLSearchParams(new URL(link).hash.slice(1)).get('link');
  return (await ask('POST', '/session/claim', { link: secret, name, display_name: name, password: given.password })).cookie;
}

/** A session for each person. */
async function sessions() {
  const own = [await signIn()];
  if (!given.appoint) {
    while (own.length < Math.min(people, SESSIONS_OF_ACCOUNT)) own.push(await signIn());
    return Array.from({ length: people }, (_, i) => own[i % own.length]);
  }
  const made = [];
  for (let i = 0; i < people; i += 1) {
    const name = `load-${Date.now().toString(36)}-${i}`;
    const account = { display_name: name, roles: ['operator'] };
    made.push(await claim((await ask('POST', '/accounts', account, own[0])).answer.link, name));
  }
  return made;
}

/** One person who plays, and what came. */
class Person {
  bytes = 0;
  footageMs = 0;
  fragments = 0;
  /** How long the clock had to wait for media, summed up. */
  lateMs = 0;
  firstMediaMs = null;
  seekMs = [];
  closed = null;
  #seeks = 0;
  #soughtAt = null;

  constructor(cookie, cameras) {
    const toMs = Date.now() - 5000;
    this.fromMs = toMs - historyMs;
    this.toMs = toMs;
    this.cameras = cameras;
    /** Up to where each tile has footage, or is known to have none. */
    this.reached = cameras.map(() => this.fromMs);
    this.clockMs = this.fromMs + Math.random() * historyMs * 0.5;
    this.socket = new WebSocket(new URL('/api/v1/footage', address.href.replace(/^http/, 'ws')), {
      headers: { cookie },
      origin: address.origin,
      rejectUnauthorized: false,
    });
    this.socket.on('open', () => {
      this.openedAt = performance.now();
      const purpose = { kind: 'incident', note: 'load' };
      this.say({ cameras, from: iso(this.fromMs), to: iso(toMs), purpose, start: iso(this.clockMs) });
    });
    this.socket.on('message', (data, isBinary) => (isBinary ? this.take(data) : this.hear(JSON.parse(data))));
    this.socket.on('error', (error) => (this.closed ??= error.message));
    this.socket.on('close', () => (this.closed ??= 'closed'));
  }

  say(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  hear(message) {
    if (message.type === 'error') this.closed = `${message.code}: ${message.message_en}`;
    if (message.type === 'closed') this.closed ??= message.reason;
    if (message.type === 'opened' && speed !== 100) this.seek();
    if (message.type === 'gap' && message.to) this.reach(message.tile, Date.parse(message.to));
    if (message.type === 'end') this.reach(message.tile, this.toMs);
  }

  take(data) {
    this.bytes += data.length;
    if (data[1] !== 2) return;
    const now = performance.now();
    this.firstMediaMs ??= now - this.openedAt;
    if (this.#soughtAt !== null) this.seekMs.push(now - this.#soughtAt);
    this.#soughtAt = null;
    this.fragments += 1;
    // A fragment reaches at least to its own beginning; the next one says how far this one went.
    this.reach(data.readUInt16BE(2), Number(data.readBigInt64BE(4)) / 1000);
  }

  reach(tile, ms) {
    const went = ms - this.reached[tile];
    if (went > 0 && went < 10_000) this.footageMs += went;
    this.reached[tile] = ms;
  }

  seek() {
    this.clockMs = this.fromMs + Math.random() * historyMs * 0.3;
    this.reached.fill(this.clockMs);
    this.#seeks += 1;
    this.#soughtAt = performance.now();
    this.say({ type: 'seek', to: iso(this.clockMs), number: this.#seeks, speed_percent: speed });
  }

  /** The viewer's clock goes on, as far as there is footage. */
  tick(passedMs) {
    if (this.firstMediaMs === null) return;
    const there = Math.min(...this.reached);
    const wantedMs = this.clockMs + (passedMs * speed) / 100;
    // The last fragment's own length is not known to this reader: a chunk lasts up to a second.
    const reachMs = there + 1000;
    if (!given.fast && wantedMs > reachMs && this.toMs - there > 2500) this.lateMs += passedMs;
    this.clockMs = given.fast ? Math.max(this.clockMs, there) : Math.min(wantedMs, Math.max(reachMs, this.clockMs));
    if (this.clockMs >= this.toMs - 2500) this.seek();
    else this.say({ type: 'position', at: iso(this.clockMs) });
  }
}

if (given.link) await claim(given.link, given.name);
const cookies = await sessions();
const listed = (await ask('GET', '/cameras', null, cookies[0])).answer.cameras.filter((camera) => !camera.retired_at);
const everybody = cookies.map((cookie, i) => {
  const own = Array.from({ length: Math.min(tiles, listed.length) }, (_, n) => listed[(i * tiles + n) % listed.length].id);
  return new Person(cookie, [...new Set(own)]);
});
const TICK_MS = given.fast ? 50 : 500;
let tickAt = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  for (const person of everybody) person.tick(now - tickAt);
  tickAt = now;
}, TICK_MS);
const beganAt = performance.now();
let before = 0;
while (performance.now() - beganAt < seconds * 1000) {
  await new Promise((later) => setTimeout(later, 5000));
  const all = everybody.reduce((sum, person) => sum + person.bytes, 0);
  const open = everybody.filter((person) => person.closed === null).length;
  if (!given.json) console.log(`${((performance.now() - beganAt) / 1000).toFixed(0)} s: ${open} open, ${((all - before) / 5e6).toFixed(2)} MB/s`);
  before = all;
}
clearInterval(timer);
const tookS = (performance.now() - beganAt) / 1000;
const places = (values) => {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const place = (part) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN);
  return { count: sorted.length, p50: place(0.5), p95: place(0.95), p99: place(0.99), most: place(1) };
};
const sum = (of) => everybody.reduce((all, person) => all + of(person), 0);
const result = {
  people,
  tiles,
  speed_percent: speed,
  fast: given.fast ?? false,
  took_s: Math.round(tookS),
  bytes_per_s: Math.round(sum((person) => person.bytes) / tookS),
  footage_s_per_s: Number((sum((person) => person.footageMs) / 1000 / tookS).toFixed(2)),
  late_ms: Math.round(sum((person) => person.lateMs)),
  open_to_first_media_ms: places(everybody.map((person) => person.firstMediaMs)),
  seek_to_first_media_ms: places(everybody.flatMap((person) => person.seekMs)),
  cut_off: everybody.filter((person) => person.closed !== null).map((person) => person.closed),
};
console.log(given.json ? JSON.stringify(result) : result);
for (const person of everybody) person.socket.terminate();
process.exit(result.cut_off.length > 0 ? 1 : 0);
