// What the mock knows: accounts, cameras, a ledger, a history of footage.

import { randomUUID } from 'node:crypto';

import { ACCOUNT_HANDLERS, BLANK } from './accounts.mjs';
import { ATTESTATION_HANDLERS } from './attestations.mjs';
import { clip } from './clips.mjs';
import { DISCLOSURE_HANDLERS } from './disclosures.mjs';
import { EXPORT_HANDLERS } from './exports.mjs';
import { HOLD_HANDLERS, heldSpans } from './holds.mjs';
import { INSTITUTION_HANDLERS } from './institution.mjs';
import { PLAN_HANDLERS } from './plans.mjs';
import { POLICY_HANDLERS } from './policy.mjs';
import { PROPOSAL_HANDLERS } from './proposals.mjs';
import { RANGE_HANDLERS } from './ranges.mjs';
import { READING_HANDLERS } from './readings.mjs';
import { refuse } from './refuse.mjs';
import { REGISTER_HANDLERS } from './registers.mjs';
import { REQUEST_HANDLERS } from './requests.mjs';
import { EVERYBODY, MAY } from './roles.mjs';
import { admit, enter, TICKET_HANDLERS } from './tickets.mjs';
import { VISIT_HANDLERS } from './visits.mjs';

const HOUR_MS = 3_600_000;
const PURPOSE = 'purpose';
const NAMES = [
  ['정문', '본관 1층 정문 안쪽'],
  ['로비', '본관 1층 안내대 위'],
  ['주차장 동쪽', '지하 1층 A열'],
  ['주차장 서쪽', '지하 1층 D열'],
  ['엘리베이터 앞', '본관 1층'],
  ['비상계단', '본관 2층 북쪽'],
  ['옥상', '본관 옥상 출입문'],
  ['어린이 놀이터', '별관 앞마당'],
  ['기록물 보관실 복도', '별관 지하 1층'],
];
export const PASSWORD = 'correct horse';

export const cookieOf = (request) => /jikim=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];

const iso = (ms) => new Date(ms).toISOString();

function makeCamera(i, now) {
  const [name, spot] = NAMES[i % NAMES.length];
  const id = randomUUID();
  const added = now - 40 * 24 * HOUR_MS;
  return {
    id,
    name: i < NAMES.length ? name : `${name} ${Math.floor(i / NAMES.length) + 1}`,
    spot,
    policy_spot: null,
    state: i === 6 ? 'unreachable' : 'recording',
    suspicion: null,
    codec: 'h264',
    width: 1920,
    height: 1080,
    retention_max_s: 30 * 86_400,
    retention_policy_s: null,
    range_at: null,
    retention_min_s: 0,
    has_sub: i === 1,
    added_at: iso(added),
    retired_at: null,
    url_masked: `rtsp://10.0.0.${i + 11}:554/stream1`,
    transport: 'tcp',
    device_since: iso(added),
    devices: [{ id: randomUUID(), from: iso(added), to: null, url_masked: `rtsp://10.0.0.${i + 11}:554/stream1` }],
  };
}

/** Gaps of a camera, the same at each start relative to `now`. */
function gapsOf(i, now) {
  const gaps = [
    { from: now - 5 * HOUR_MS, to: now - 4.8 * HOUR_MS, cause: 'recorder-stopped' },
    { from: now - 150_000 - i * 7000, to: now - 140_000 - i * 7000, cause: 'packets-lost' },
  ];
  if (i % 3 === 0) gaps.push({ from: now - 2 * HOUR_MS, to: now - 1.9 * HOUR_MS, cause: 'camera-unreachable' });
  return gaps.sort((a, b) => a.from - b.from);
}

/**
 * Options: `cameras` (how many, 9), `broken` (paths that fail), `idleLimitS`, `lookBackS`,
 * `accounts` (false: none has signed in yet).
 */
export function createWorld(options) {
  const now = Date.now();
  const year = new Date(now).getUTCFullYear();
  const world = {
    address: '',
    broken: options.broken ?? [],
    idleLimitS: options.idleLimitS ?? 900,
    lookBackS: options.lookBackS ?? 3600,
    cameras: Array.from({ length: options.cameras ?? 9 }, (_, i) => makeCamera(i, now)),
    accounts: [],
    ranges: new Map(),
    sessions: new Map(),
    entries: [],
    links: new Map(),
    startedMs: now,
    acts: [],
    proposals: [],
    holds: [],
    tickets: [],
    floors: [],
    /** What is found of the institution, and its cameras of no line. */
    findings: [],
    strays: [],
    visits: [],
    requests: [], disclosures: [], exports: { cases: [], preparing: [], copies: [], sealed: [], maskIsThere: true },
    /** Versions of the policy, as `announce` of policy.mjs makes them. */
    policies: [],
    promises: [],
    attestations: [],
    duties: [],
    /** Minutes that went before their time. */
    destroyed: [],
    /** Whether the witnesses do not answer when an act waits for them. */
    silent: false,
    early: { proposal: null, in_force_from: null, last_act: null, last_at: null },
    scrub: { last_ended_at: iso(now - 50 * HOUR_MS), last_reels: 8620, last_bytes: 4.9e12, last_damaged: 0, bytes: 1.4e12, damaged: 0 },
    doctor: {
      at: iso(now - 3 * HOUR_MS),
      claims: [
        ['view-without-session', 'held', 54, 0],
        ['view-without-purpose', 'held', 54, 0],
        ['reel-without-key', 'held', 17378, 0],
        ['destroyed-key', 'untested', 0, 0],
        ['history-edited', 'held', 200, 0],
        ['journal-edited', 'held', 20, 0],
        ['history-forked', 'held', 16, 0],
        ['old-copy-put-back', 'held', 1, 0],
      ].map(([claim, result, tried, succeeded]) => ({ claim, result, tried, succeeded })),
    },
    witnessing: {
      cosigned_size: 0,
      cosigned_at: iso(now),
      waiting_s: 2,
      state: 'ok',
      witnesses: [
        { name: '시청-감사실', cosigned_at: iso(now), trouble: null },
        { name: '도의회', cosigned_at: iso(now), trouble: null },
      ],
    },
    /** Whether an act fails between its approval and its intent. */
    stumbles: false,
  };
  world.gaps = new Map(world.cameras.map((camera, i) => [camera.id, gapsOf(i, now)]));

  world.append = (kind, more = {}, detail = null) => {
    const number = world.entries.length;
    world.entries.push({ entry: { year, number, time: iso(Date.now()), kind, action: null, intent: null, outcome: null, ...more }, detail });
    return `${year}/${number}`;
  };
  world.detailOf = (account, detail = {}) => ({
    actor: account ? `person:${account.id}` : 'unknown',
    actor_name: account?.display_name ?? null,
    cameras: [],
    from: null,
    to: null,
    purpose: null,
    note: null,
    ...detail,
  });
  /** Enters an intent; `restsOn` is the proposal by which it may be done. */
  world.act = (account, action, detail = {}, restsOn = null) =>
    world.append('intent', { action, intent: restsOn, by: account?.id }, world.detailOf(account, detail));
  world.outcome = (intent, by, outcome = 'done') => world.append('outcome', { intent, outcome, by: by?.id });

  const addAccount = (display_name, roles, name, password) => {
    const account = { id: randomUUID(), name, display_name, roles, created_at: iso(now - HOUR_MS), ended_at: null, link_until: null, password, appointment: { ...BLANK }, standing: 'holds' };
    world.accounts.push(account);
    return account;
  };
  world.link = (account) => {
    const secret = randomUUID().replaceAll('-', '');
    world.links.set(secret, account);
    account.link_until = iso(Date.now() + 24 * HOUR_MS);
    return `${world.address}/#link=${secret}`;
  };
  world.append('opened');
  world.append('started');
  world.append('vault-key');
  world.append('keys');
  addAccount('박서준', ['administrator'], 'admin', PASSWORD);
  addAccount('김하늘', ['manager'], 'manager', PASSWORD);
  addAccount('이도윤', ['operator'], 'operator', PASSWORD);
  addAccount('최지우', ['operator'], 'operator2', PASSWORD);
  addAccount('한빛보안', ['contractor'], 'contractor', PASSWORD);
  addAccount('정유진', ['officer'], 'officer', PASSWORD);
  for (const account of world.accounts) world.append('account', { by: account.id });
  world.append('reel-closed');
  admit(world);

  world.sessionOf = (cookie) => world.sessions.get(cookie);
  world.lock = () => {
    for (const session of world.sessions.values()) session.locksMs = 0;
  };
  world.actionsOf = (account) => new Set([...EVERYBODY, ...account.roles.flatMap((role) => MAY[role])]);
  world.show = (session) => {
    const { account } = session;
    const operator = account.roles.includes('operator');
    return {
      account: { id: account.id, name: account.name, display_name: account.display_name, roles: account.roles },
      state: Date.now() < session.locksMs ? 'active' : 'locked',
      idle_limit_s: world.idleLimitS,
      locks_at: iso(session.locksMs),
      permissions: [...world.actionsOf(account)].map((action) => ({
        action,
        scope: scopeOf(action, operator),
        look_back_s: action === 'footage.play' && operator ? world.lookBackS : null,
        cameras: null,
      })),
    };
  };
  world.clip = (camera) => clip(world.cameras.findIndex((each) => each.id === camera));
  world.handle = (request) => route(world, request);
  return world;
}

function scopeOf(action, operator) {
  if (action === 'camera.lengthen-retention') return 'approved';
  if (action !== 'footage.play') return 'yes';
  return operator ? `recent+${PURPOSE}` : PURPOSE;
}

function signIn(world, account) {
  enter(world, account);
  const cookie = randomUUID();
  const session = { account, locksMs: Date.now() + world.idleLimitS * 1000 };
  world.sessions.set(cookie, session);
  world.outcome(world.act(account, 'session.sign-in'), account);
  return { cookie, body: world.show(session) };
}

const WRONG = () => refuse(401, 'wrong-password', '이름 또는 비밀번호가 맞지 않습니다.', 'The name or the password is wrong.');
function checked(world, name, password) {
  const account = world.accounts.find((each) => each.name === name && !each.ended_at);
  if (!account || account.password !== password) throw WRONG();
  return account;
}

function claim(world, input) {
  const account = world.links.get(input.link);
  if (!account) throw refuse(401, 'link-invalid', '이미 썼거나 기한이 지난 링크입니다. 새 링크를 받으십시오.', 'The link was used or has run out. Ask for a new one.');
  if (world.accounts.some((each) => each !== account && each.name === input.name)) {
    throw refuse(409, 'name-taken', '이미 쓰이는 이름입니다. 다른 이름을 정하십시오.', 'That name is taken. Choose another.');
  }
  world.links.delete(input.link);
  Object.assign(account, { name: input.name, password: input.password, link_until: null });
  if (input.display_name) account.display_name = input.display_name;
  return signIn(world, account);
}

function route(world, request) {
  const { method, path, input, cookie } = request;
  if (method === 'POST' && path === '/session') return signIn(world, checked(world, input.name, input.password));
  if (path === '/session/claim') return claim(world, input);
  const session = world.sessionOf(cookie);
  if (!session) throw refuse(401, 'not-signed-in', '로그인이 필요합니다.', 'Sign in first.');
  const locked = Date.now() >= session.locksMs;
  const always = ['/session', '/session/unlock', '/session/hand-over'];
  if (locked && !always.includes(path)) throw refuse(403, 'locked', '조작이 잠겼습니다.', 'The controls are locked.');
  const key = `${method} ${path.replace(/[0-9a-f]{64}/, '{sha256}').replace(/(clips|boxes|originals)\/\d+/, '$1/{clip}').replace(/[0-9a-f-]{36}/, '{id}').replace(/\d{4}\/\d+/, '{entry}').replace(/\d{4}-\d+/, '{receipt}').replace(/^\/registers\/[a-z-]+$/, '/registers/{name}').replace(/^\/policy\/\d+$/, '/policy/{version}')}`;
  const handler = HANDLERS[key];
  if (!handler) throw refuse(404, 'not-found', '그런 주소가 없습니다.', 'There is no such thing.');
  const id = /[0-9a-f-]{36}/.exec(path)?.[0];
  return handler({ world, session, account: session.account, id, ...request });
}

const findCamera = (world, id) => {
  const camera = world.cameras.find((each) => each.id === id);
  if (!camera) throw refuse(404, 'not-found', '그런 카메라가 없습니다.', 'There is no such camera.');
  return camera;
};

function tryAddress(url) {
  if (!/^rtsp:\/\/.+/.test(url)) throw refuse(422, 'address-unfit', '주소는 rtsp://로 시작해야 합니다.', 'The address must begin with rtsp://.');
  if (url.includes('refuse')) throw refuse(422, 'camera-refused', '카메라가 계정이나 비밀번호를 받지 않습니다. 카메라 설정을 확인하십시오.', "The camera refuses the name or password. Check the camera's settings.");
}

const masked = (url) => url.replace(/\/\/[^@/]*@/, '//');

const HANDLERS = {
  ...PROPOSAL_HANDLERS,
  ...HOLD_HANDLERS,
  ...ACCOUNT_HANDLERS,
  ...TICKET_HANDLERS,
  ...VISIT_HANDLERS,
  ...REQUEST_HANDLERS,
  ...DISCLOSURE_HANDLERS,
  ...EXPORT_HANDLERS,
  ...REGISTER_HANDLERS,
  ...POLICY_HANDLERS,
  ...ATTESTATION_HANDLERS,
  ...PLAN_HANDLERS,
  ...RANGE_HANDLERS,
  ...READING_HANDLERS,
  ...INSTITUTION_HANDLERS,
  'GET /session': ({ world, session }) => ({ body: world.show(session) }),
  'DELETE /session': ({ world, account, cookie }) => {
    world.sessions.delete(cookie);
    world.act(account, 'session.sign-out');
    return { cookie: '' };
  },
  'POST /session/touch': ({ world, session }) => {
    session.locksMs = Date.now() + world.idleLimitS * 1000;
    return { body: world.show(session) };
  },
  'POST /session/unlock': ({ world, session, account, input }) => {
    if (account.password !== input.password) throw WRONG();
    session.locksMs = Date.now() + world.idleLimitS * 1000;
    world.outcome(world.act(account, 'session.unlock'), account);
    return { body: world.show(session) };
  },
  'POST /session/hand-over': ({ world, account, input, cookie }) => {
    if (account.password !== input.outgoing_password) throw WRONG();
    const next = checked(world, input.name, input.password);
    world.outcome(world.act(account, 'session.hand-over'), account);
    world.sessions.delete(cookie);
    return signIn(world, next);
  },
  'GET /cameras': ({ world }) => ({ body: { cameras: world.cameras } }),
  'POST /cameras': ({ world, account, input }) => {
    tryAddress(input.url);
    const camera = makeCamera(world.cameras.length, Date.now());
    Object.assign(camera, { name: input.name, spot: input.spot, policy_spot: input.policy_spot ?? null, url_masked: masked(input.url), added_at: iso(Date.now()), transport: input.transport });
    camera.devices[0].url_masked = camera.url_masked;
    world.cameras.push(camera);
    world.gaps.set(camera.id, []);
    world.outcome(world.act(account, 'camera.add', { cameras: [{ id: camera.id, name: camera.name }] }), account);
    return { status: 201, body: camera };
  },
  'PATCH /cameras/{id}': ({ world, id, input: { asset, ...input } }) => {
    const camera = Object.assign(findCamera(world, id), input);
    camera.policy_spot ||= null;
    if (asset) camera.devices.at(-1).asset = asset;
    return { body: camera };
  },
  'POST /cameras/{id}/replace': ({ world, account, id, input }) => {
    tryAddress(input.url);
    const camera = findCamera(world, id);
    camera.devices.at(-1).to = iso(Date.now());
    camera.devices.push({ id: randomUUID(), from: iso(Date.now()), to: null, url_masked: masked(input.url) });
    Object.assign(camera, { url_masked: masked(input.url), device_since: iso(Date.now()) });
    world.outcome(world.act(account, 'camera.replace', { note: input.reason }), account);
    return { body: camera };
  },
  'POST /cameras/{id}/retire': ({ world, account, id, input }) => {
    const camera = Object.assign(findCamera(world, id), { retired_at: iso(Date.now()), state: 'retired' });
    world.outcome(world.act(account, 'camera.retire', { note: input.reason }), account);
    return { body: camera };
  },
  'POST /cameras/{id}/still': ({ world, account, id, input }) => {
    const film = world.clip(id);
    const entry = world.act(account, 'camera.still', { purpose: input.purpose });
    const data = Buffer.concat([film.init, film.fragments[0]]);
    return { body: { act: randomUUID(), ledger_entry: entry, taken_at: iso(Date.now()), media_type: film.mime, data_base64: data.toString('base64') } };
  },
  'GET /cameras/{id}/pattern': () => ({}),
  'GET /footage/timeline': ({ world, query }) => ({ body: timeline(world, query) }),
  'GET /health': ({ world }) => ({ body: health(world) }),
  'GET /ledger': ({ world, account, query }) => ({ body: ledgerPage(world, account, query) }),
  'GET /ledger/{entry}': ({ world, account, path }) => ({ body: record(world, account, path, false) }),
  'POST /ledger/{entry}/record': ({ world, account, path, input }) => {
    world.act(account, 'ledger.records', { purpose: input.purpose });
    return { body: record(world, account, path, true) };
  },
  'GET /ledger/{entry}/proof': ({ path }) => ({ text: `c2sp.org/tlog-proof@v1\nindex ${path.split('/')[3]}\n` }),
};

function timeline(world, query) {
  const camera = findCamera(world, query.get('camera'));
  const [from, to] = [Date.parse(query.get('from')), Date.parse(query.get('to'))];
  const oldest = Math.max(Date.parse(camera.added_at), Date.now() - 30 * 24 * HOUR_MS);
  const gaps = world.gaps.get(camera.id).filter((gap) => gap.from < to && gap.to > from);
  const edges = [Math.max(from, oldest), ...gaps.flatMap((gap) => [gap.from, gap.to]), Math.min(to, Date.now())];
  const spans = [];
  for (let i = 0; i < edges.length; i += 2) {
    if (edges[i + 1] > edges[i]) spans.push(...cut(world, camera.id, edges[i], edges[i + 1]));
  }
  const expiry = heldSpans(world, camera.id, from, to);
  for (let at = Math.floor(Math.max(from, oldest) / HOUR_MS) * HOUR_MS; at < to; at += HOUR_MS) {
    expiry.push({ from: iso(at), to: iso(at + HOUR_MS), expires_at: iso(at + 30 * 24 * HOUR_MS - HOUR_MS) });
  }
  return {
    camera: camera.id,
    from: iso(from),
    to: iso(to),
    oldest: iso(oldest),
    spans,
    gaps: gaps.map((gap) => ({ from: iso(gap.from), to: iso(gap.to), cause: gap.cause })),
    expiry,
  };
}

/** A stretch of footage, with what of it was destroyed. */
function cut(world, camera, fromMs, toMs) {
  const gone = world.destroyed.filter((it) => it.cameras.includes(camera) && it.fromMs < toMs && fromMs < it.toMs);
  const edges = [...new Set([fromMs, toMs, ...gone.flatMap((it) => [Math.max(it.fromMs, fromMs), Math.min(it.toMs, toMs)])])].sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => {
    const start = edges[i];
    return { from: iso(start), to: iso(end), codec: 'h264', playable: !gone.some((it) => it.fromMs <= start && end <= it.toMs) };
  });
}

function health(world) {
  const cameras = world.cameras
    .filter((camera) => !camera.retired_at)
    .map((camera) => ({
      id: camera.id,
      name: camera.name,
      state: camera.state,
      suspicion: camera.suspicion,
      last_durable_frame_age_ms: camera.state === 'recording' ? 400 + Math.round(Math.random() * 500) : 754_000,
      frames_lost: camera.state === 'recording' ? 0 : 318,
      bitrate_bps: camera.state === 'recording' ? 2_000_000 + Math.random() * 100_000 : 0,
      fps: camera.state === 'recording' ? 25 : 0,
    }));
  const down = cameras.filter((camera) => camera.state !== 'recording');
  return {
    state: down.length > 0 ? 'degraded' : 'ok',
    now: iso(Date.now()),
    version: '0.1.0',
    cameras,
    volumes: ['/srv/jikim/a', '/srv/jikim/b'].map((path_label, i) => ({
      id: randomUUID(),
      path_label,
      state: 'ok',
      free_bytes: (1.4 - i) * 1e12,
      total_bytes: 4e12,
      reels: 4312 + i,
      bytes: 2.5e12,
      days_left: i === 0 ? null : 41,
    })),
    ledger: { size: world.entries.length, root: 'mO3Z8oB9x9qJq0eHq0iQbWfVxKQb8r1mDNz6c2Jg0kQ=', checkpoint_age_s: 4, witnessing: world.witnessing, state: 'ok' },
    keys: {
      holder: 'file',
      epoch: 731,
      buckets: 6480,
      last_rotation_at: iso(Math.floor(Date.now() / HOUR_MS) * HOUR_MS),
      next_rotation_at: iso(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS),
      destruction: 'running',
      reason: null,
    },
    scrub: world.scrub,
    doctor: world.doctor,
    alarms: down.map((camera) => ({
      code: 'camera-unreachable',
      since: iso(Date.now() - 754_000),
      camera: camera.id,
      text_ko: '카메라가 응답하지 않습니다. 전원과 랜선을 확인하십시오.',
      text_en: 'The camera does not answer. Check power and cable.',
    })),
  };
}

const shownEntry = ({ by, ...entry }, account) => ({ ...entry, mine: by === account.id });

function ledgerPage(world, account, query) {
  const before = query.get('before') ? Number(query.get('before').split('/')[1]) : Infinity;
  const entries = world.entries
    .filter(({ entry }) => entry.number < before)
    .slice(-Number(query.get('limit') ?? 50))
    .reverse();
  return {
    year: world.entries[0].entry.year,
    size: world.entries.length,
    root: 'mO3Z8oB9x9qJq0eHq0iQbWfVxKQb8r1mDNz6c2Jg0kQ=',
    origin: 'jikim.example/recorder/mock',
    entries: entries.map(({ entry }) => shownEntry(entry, account)),
  };
}

function record(world, account, path, asked) {
  const found = world.entries[Number(path.split('/')[3])];
  if (!found) throw refuse(404, 'not-found', '그런 기록이 없습니다.', 'There is no such entry.');
  const mine = found.entry.by === account.id;
  const may = mine || asked;
  return {
    entry: shownEntry(found.entry, account),
    detail: may ? found.detail : null,
    withheld: !may && found.detail !== null,
  };
}
