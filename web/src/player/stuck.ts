// A video element that seeks and never arrives.

/** One that seeks longer than this is stuck, and is set to its place once more. */
const STUCK_AFTER_MS = 2000;

export class Stuck {
  /** Since when each tile's element has been seeking, if it is. */
  #since: (number | null)[] = [];

  /** Whether an element has been seeking for too long; it then gets as long again. */
  is(tile: number, video: HTMLVideoElement, nowMs = performance.now()): boolean {
    if (!video.seeking) this.#since[tile] = null;
    const since = video.seeking ? (this.#since[tile] ??= nowMs) : nowMs;
    const stuck = nowMs - since > STUCK_AFTER_MS;
    if (stuck) this.#since[tile] = nowMs;
    return stuck;
  }
}
