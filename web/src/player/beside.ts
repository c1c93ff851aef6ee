// The frame beside an instant, for stepping.

import type { Gaps } from './gaps';
import type { TilePlayer } from './tile';

/** A hole shorter than this may be one of the coding, not of the footage. */
const HOLE_S = 1.5;

/**
 * Where the next frame (or, with `by` −1, the last one) begins, of the first tile that has one; null
 * where it has not come yet. Beyond a hole it counts only if the hole is known to be one.
 */
export function frameBeside(
  players: readonly (TilePlayer | null)[],
  gaps: Gaps,
  atS: number,
  by: 1 | -1,
): number | null {
  for (const [tile, player] of players.entries()) {
    if (!player || player.problem) continue;
    const { frames } = player;
    const inside = player.rangeAt(atS);
    const back = inside ? frames.before(atS) : frames.at(atS);
    const frame = by > 0 ? frames.after(atS) : back;
    const there = frame === null ? null : player.rangeAt(frame + 0.001);
    if (frame === null || !there) continue;
    const from = by > 0 ? inside : player.rangeAt(atS - 0.001);
    const isJoined = from !== null && from.startS === there.startS;
    const holeMs = player.baseMs + (by > 0 ? frame * 1000 - 50 : there.endS * 1000 + 50);
    if (isJoined || Math.abs(frame - atS) < HOLE_S || gaps.at(tile, holeMs)) return frame;
  }
  return null;
}
