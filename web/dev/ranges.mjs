// The masked pictures of what cameras film.

import { refuse } from './refuse.mjs';

export const RANGE_HANDLERS = {
  'GET /cameras/{id}/range': ({ world, id }) => {
    const picture = world.ranges.get(id);
    if (!picture) throw refuse(404, 'not-found', '없습니다.', 'There is none.');
    return { body: picture };
  },
  'POST /cameras/{id}/range': ({ world, account, id, input }) => {
    const camera = world.cameras.find((each) => each.id === id);
    const entry = world.act(account, 'range.change');
    camera.range_at = input.picture_base64 ? new Date().toISOString() : null;
    if (input.picture_base64) world.ranges.set(id, { picture_base64: input.picture_base64, entered_at: camera.range_at, ledger_entry: entry });
    else world.ranges.delete(id);
    return { body: camera };
  },
};
