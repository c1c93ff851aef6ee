// Whether a browser keeps up with what it is given to decode; if not, keyframes must do.

const LOOK_EVERY_MS = 3000;
/** Pictures in that time below which a share means nothing. */
const LEAST_PICTURES = 20;
const TOO_MANY_DROPPED = 0.4;
/** Backwards every picture is sought: fewer than so many a second are no motion. */
const LEAST_BACKWARDS_PER_S = 2;

export class Strain {
  #beganMs = 0;
  #total = 0;
  #dropped = 0;
  /** Pictures of each tile that were shown while playing backwards. */
  #sought = new Map<number, number>();

  reset(): void {
    this.#beganMs = 0;
  }

  /** A tile has come to a picture. */
  shown(tile: number): void {
    this.#sought.set(tile, (this.#sought.get(tile) ?? 0) + 1);
  }

  /** Called while playing; true once it was too much for a while. */
  isTooMuch(videos: HTMLVideoElement[], backwards: boolean, nowMs = performance.now()): boolean {
    const quality = videos.map((video) => video.getVideoPlaybackQuality());
    const total = quality.reduce((sum, each) => sum + each.totalVideoFrames, 0);
    const dropped = quality.reduce((sum, each) => sum + each.droppedVideoFrames, 0);
    if (this.#beganMs !== 0 && nowMs - this.#beganMs < LOOK_EVERY_MS) return false;
    const [frames, lost] = [total - this.#total, dropped - this.#dropped];
    const slowest = Math.min(...videos.map((_, tile) => this.#sought.get(tile) ?? 0));
    const isFirst = this.#beganMs === 0;
    [this.#beganMs, this.#total, this.#dropped] = [nowMs, total, dropped];
    this.#sought.clear();
    if (isFirst || videos.length === 0) return false;
    if (backwards) return slowest < (LEAST_BACKWARDS_PER_S * LOOK_EVERY_MS) / 1000;
    return frames >= LEAST_PICTURES && lost / frames > TOO_MANY_DROPPED;
  }
}
