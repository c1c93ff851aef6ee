// Holds, as crates/rules and crates/vault decide them.

import { randomUUID } from 'node:crypto';

import { refuse } from './refuse.mjs';

const MINUTE_MS = 60_000;
const LONGEST_SPAN_MS = 4 * 3_600_000;
const LONGEST_AHEAD_MS = 90 * 86_400_000;
const MOST_CAMERAS = 9;

const iso = (ms) => new Date(ms).toISOString();
const notFound = () => refuse(404, 'not-found', '찾는 것이 없습니다. 목록을 새로 고쳐 확인하십시오.', 'There is no such thing. Reload the list and look again.');
const conflict = () => refuse(409, 'conflict', '이미 그렇게 되어 있거나 끝난 일입니다. 새로 고쳐 확인하십시오.', 'It is so already, or has ended. Reload and look again.');
const unfit = () => refuse(422, 'span-unfit', '구간이 맞지 않습니다. 시작과 끝을 확인하십시오.', 'That span cannot be. Check its beginning and end.');

function may(world, account, action) {
  if (world.actionsOf(account).has(action)) return;
  world.append('refusal', { action, outcome: 'no-role', by: account.id });
  throw refuse(403, 'forbidden', '맡은 역할로는 할 수 없는 일입니다. 필요하면 관리책임자에게 문의하십시오.', 'Your role does not allow this. If you need it, ask the manager.');
}

const stateOf = (hold) => (hold.released ? 'released' : Date.now() >= hold.untilMs ? 'lapsed' : 'held');

function shown(world, hold) {
  const { released } = hold;
  return {
    id: hold.id,
    case: hold.case,
    cameras: hold.cameras.map((id) => ({ id, name: world.cameras.find((camera) => camera.id === id)?.name ?? '' })),
    from: iso(hold.fromMs),
    to: iso(hold.toMs),
    until: iso(hold.untilMs),
    state: stateOf(hold),
    purpose: hold.purpose,
    placed_by: hold.by.display_name,
    placed_at: iso(hold.atMs),
    released_by: released?.by.display_name ?? null,
    released_at: released ? iso(released.atMs) : null,
    release_purpose: released?.purpose ?? null,
  };
}

function enter(world, account, action, hold, purpose) {
  const cameras = shown(world, hold).cameras;
  const act = world.act(account, action, { cameras, from: iso(hold.fromMs), to: iso(hold.toMs), purpose });
  world.append('hold', { by: account.id }, world.detailOf(account, { cameras, from: iso(hold.fromMs), to: iso(hold.toMs), note: hold.case }));
  world.outcome(act, account);
}

function untilOf(text) {
  const ms = Date.parse(text);
  if (!(ms > Date.now() && ms - Date.now() <= LONGEST_AHEAD_MS)) throw unfit();
  return ms;
}

/** Places a hold; also for tests, which need holds of other people and times. */
export function place(world, account, input) {
  const fromMs = Math.floor(Date.parse(input.from) / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.ceil(Date.parse(input.to) / MINUTE_MS) * MINUTE_MS;
  if (!(toMs > fromMs) || toMs - fromMs > LONGEST_SPAN_MS || !input.case.trim()) throw unfit();
  if (input.cameras.length < 1 || input.cameras.length > MOST_CAMERAS) throw unfit();
  const hold = { id: randomUUID(), case: input.case.trim(), cameras: input.cameras, fromMs, toMs, untilMs: untilOf(input.until), purpose: input.purpose, by: account, atMs: Date.now(), released: null };
  world.holds.unshift(hold);
  enter(world, account, 'footage.hold', hold, input.purpose);
  return hold;
}

export function release(world, account, hold, purpose) {
  hold.released = { by: account, atMs: Date.now(), purpose };
  enter(world, account, 'footage.release-hold', hold, purpose);
}

function active(world, id) {
  const hold = world.holds.find((each) => each.id === id);
  if (!hold) throw notFound();
  if (stateOf(hold) !== 'held') throw conflict();
  return hold;
}

/** Whether somebody's hold is on some of these minutes. */
export const isHeld = (world, cameras, fromMs, toMs) =>
  world.holds.some((hold) => stateOf(hold) === 'held' && hold.fromMs < toMs && fromMs < hold.toMs && hold.cameras.some((id) => cameras.includes(id)));

/** What of a camera is held in a stretch, and until when. */
export const heldSpans = (world, camera, fromMs, toMs) =>
  world.holds
    .filter((hold) => stateOf(hold) === 'held' && hold.cameras.includes(camera) && hold.fromMs < toMs && fromMs < hold.toMs)
    .map((hold) => ({ from: iso(hold.fromMs), to: iso(hold.toMs), expires_at: iso(hold.untilMs) }));

export const HOLD_HANDLERS = {
  'GET /holds': ({ world, account }) => {
    may(world, account, 'footage.list-holds');
    const holds = world.holds.map((hold) => shown(world, hold));
    return { body: { holds: [...holds.filter((hold) => hold.state === 'held'), ...holds.filter((hold) => hold.state !== 'held')] } };
  },
  'POST /holds': ({ world, account, input }) => {
    may(world, account, 'footage.hold');
    return { status: 201, body: shown(world, place(world, account, input)) };
  },
  'POST /holds/{id}/renew': ({ world, account, id, input }) => {
    may(world, account, 'footage.renew-hold');
    const hold = active(world, id);
    hold.untilMs = untilOf(input.until);
    enter(world, account, 'footage.renew-hold', hold, input.purpose);
    return { body: shown(world, hold) };
  },
  'POST /holds/{id}/release': ({ world, account, id, input }) => {
    may(world, account, 'footage.release-hold');
    const hold = active(world, id);
    release(world, account, hold, input.purpose);
    return { body: shown(world, hold) };
  },
};
