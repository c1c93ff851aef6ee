// The mock's floor plans, as crates/jikim/src/plans.rs keeps them.

import { randomUUID } from 'node:crypto';

import { refuse } from './refuse.mjs';

const MOST_BYTES = 512 * 1024;

const unfit = () => refuse(422, 'plan-unfit', '층을 이렇게 저장할 수 없습니다. 이름, 높이, 카메라의 자리를 확인하십시오.', 'The floor cannot be kept so. Check names, level and places.');

function may(world, account) {
  if (!world.actionsOf(account).has('plan.change')) throw refuse(403, 'forbidden', '맡은 역할로는 할 수 없는 일입니다.', 'Your role does not allow this.');
}

/** Enters the change and answers with the floor. */
function entered(world, account, floor) {
  const intent = world.act(account, 'plan.change');
  floor.revision = world.append('plan', { by: account.id }, world.detailOf(account, { note: `${floor.site} · ${floor.building} · ${floor.name}` }));
  floor.changed_at = new Date().toISOString();
  world.outcome(intent, account);
  return floor;
}

const shown = (world, { bytes, ...floor }) => ({
  ...floor,
  cameras: floor.cameras.filter((place) => world.cameras.some((camera) => camera.id === place.camera && !camera.retired_at)),
});

function seen(world, id, revision) {
  const floor = world.floors.find((each) => each.id === id);
  if (!floor) throw refuse(404, 'not-found', '찾는 것이 없습니다.', 'There is no such thing.');
  if (floor.revision !== revision) throw refuse(409, 'plan-changed', '그사이 다른 사람이 이 층을 바꾸었습니다. 새로 불러온 뒤 다시 고치십시오.', 'Somebody changed this floor meanwhile. Load it anew and make your change again.');
  return floor;
}

function check(world, floor) {
  const isLine = (text) => text.length >= 1 && text.length <= 64;
  const others = world.floors.filter((each) => each.id !== floor.id);
  const isSame = (each) => ['site', 'building', 'name'].every((name) => each[name] === floor[name]);
  const bounded = ({ x_permyriad: x, y_permyriad: y, direction_deg: way }) => [x, y].every((at) => Number.isInteger(at) && at >= 0 && at <= 10_000) && (way === null || (way >= 0 && way < 360));
  if (![floor.site, floor.building, floor.name].every(isLine) || others.some(isSame) || !floor.cameras.every(bounded)) throw unfit();
  const isElsewhere = (place) => others.some((each) => each.cameras.some((other) => other.camera === place.camera));
  if (floor.cameras.some(isElsewhere)) throw refuse(409, 'camera-elsewhere', '이미 다른 층에 놓인 카메라가 있습니다. 그 층에서 먼저 빼십시오.', 'Another floor has one of these cameras. Take it off there first.');
}

/** Adds a floor; also for tests. */
export function addFloor(world, account, names, cameras = [], bytes = null) {
  const floor = { id: randomUUID(), ...names, cameras, picture: null, bytes, revision: '', changed_at: '' };
  check(world, floor);
  world.floors.push(entered(world, account, floor));
  if (bytes) floor.picture = floor.revision;
  world.floors.sort((a, b) => a.site.localeCompare(b.site) || a.building.localeCompare(b.building) || a.level - b.level);
  return floor;
}

export const PLAN_HANDLERS = {
  'GET /plans': ({ world }) => ({ body: { floors: world.floors.map((floor) => shown(world, floor)) } }),
  'POST /plans': ({ world, account, input }) => {
    may(world, account);
    return { status: 201, body: shown(world, addFloor(world, account, input)) };
  },
  'PATCH /plans/{id}': ({ world, account, id, input: { revision, ...change } }) => {
    may(world, account);
    const floor = seen(world, id, revision);
    check(world, { ...floor, ...change });
    return { body: shown(world, entered(world, account, Object.assign(floor, change))) };
  },
  'POST /plans/{id}/remove': ({ world, account, id, input }) => {
    may(world, account);
    const floor = seen(world, id, input.revision);
    world.floors = world.floors.filter((each) => each !== floor);
    return { body: shown(world, entered(world, account, floor)) };
  },
  'GET /plans/{id}/picture': ({ world, id }) => {
    const floor = world.floors.find((each) => each.id === id);
    if (!floor?.bytes) throw refuse(404, 'not-found', '찾는 것이 없습니다.', 'There is no such thing.');
    return { body: { picture_base64: floor.bytes } };
  },
  'POST /plans/{id}/picture': ({ world, account, id, input }) => {
    may(world, account);
    const floor = seen(world, id, input.revision);
    const bytes = input.picture_base64;
    if (bytes && Buffer.from(bytes, 'base64').length > MOST_BYTES) throw refuse(422, 'plan-picture-unfit', '평면도는 512 KiB까지의 JPEG나 PNG 파일이어야 합니다.', 'A plan is a JPEG or a PNG of at most 512 KiB.');
    floor.bytes = bytes;
    entered(world, account, floor);
    floor.picture = bytes ? floor.revision : null;
    return { body: shown(world, floor) };
  },
};
