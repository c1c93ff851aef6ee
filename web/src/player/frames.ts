// Where each frame stands in time, read from the fragments themselves: what steps frame by frame or
// plays backwards must know it, and a video element does not say.

/** What an initialisation says about time. */
export type TimeScale = { unitsPerS: number; frameUnits: number };

const FRAME_EPSILON_S = 0.0005;
/** Beyond this the oldest of what was noted is forgotten; a minute at 60 frames a second is 3600. */
const MOST_FRAMES = 20_000;

/** The content of the first box at a path of types, as `moov/trak/mdia/mdhd`. */
function box(view: DataView, path: string): DataView | null {
  let found = view;
  for (const type of path.split('/')) {
    let inner: DataView | null = null;
    for (let at = 0; at + 8 <= found.byteLength; ) {
      const length = found.getUint32(at);
      if (length < 8 || at + length > found.byteLength) break;
      const named = [4, 5, 6, 7].every((i) => found.getUint8(at + i) === type.charCodeAt(i - 4));
      if (named) {
        inner = new DataView(found.buffer, found.byteOffset + at + 8, length - 8);
        break;
      }
      at += length;
    }
    if (!inner) return null;
    found = inner;
  }
  return found;
}

const viewOf = (bytes: Uint8Array<ArrayBuffer>) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function timeScaleOf(init: Uint8Array<ArrayBuffer>): TimeScale | null {
  const header = box(viewOf(init), 'moov/trak/mdia/mdhd');
  const defaults = box(viewOf(init), 'moov/mvex/trex');
  if (!header) return null;
  const unitsPerS = header.getUint32(header.getUint8(0) === 1 ? 20 : 12);
  return { unitsPerS, frameUnits: defaults ? defaults.getUint32(12) : 0 };
}

/** When each frame of a fragment is shown, in seconds of media time; null if it cannot be read. */
export function framesOf(fragment: Uint8Array<ArrayBuffer>, scale: TimeScale): number[] | null {
  try {
    return readFrames(viewOf(fragment), scale);
  } catch {
    return null;
  }
}

function readFrames(view: DataView, scale: TimeScale): number[] | null {
  const head = box(view, 'moof/traf/tfhd');
  const base = box(view, 'moof/traf/tfdt');
  const run = box(view, 'moof/traf/trun');
  if (!head || !base || !run) return null;
  let units = base.getUint8(0) === 1 ? Number(base.getBigUint64(4)) : base.getUint32(4);
  const headFlags = head.getUint32(0) & 0xffffff;
  const durationAt = 8 + (headFlags & 1 ? 8 : 0) + (headFlags & 2 ? 4 : 0);
  const usualUnits = headFlags & 8 ? head.getUint32(durationAt) : scale.frameUnits;
  const flags = run.getUint32(0) & 0xffffff;
  const times: number[] = [];
  let at = 8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0);
  const fields = [0x100, 0x200, 0x400, 0x800];
  for (let left = run.getUint32(4); left > 0; left -= 1) {
    let length = usualUnits;
    let offset = 0;
    for (const field of fields) {
      if (!(flags & field)) continue;
      if (field === 0x100) length = run.getUint32(at);
      if (field === 0x800) offset = run.getInt32(at);
      at += 4;
    }
    times.push((units + offset) / scale.unitsPerS);
    units += length;
  }
  return times.sort((a, b) => a - b);
}

/** The frames of one tile, in the order in which they are shown. */
export class Frames {
  #times: number[] = [];

  /** What lies between the first and the last of them is replaced. */
  add(times: readonly number[]): void {
    const [first, last] = [times[0], times.at(-1)];
    if (first === undefined || last === undefined) return;
    const begin = this.#place(first - FRAME_EPSILON_S);
    const end = this.#place(last + FRAME_EPSILON_S);
    this.#times.splice(begin, end - begin, ...times);
    if (this.#times.length > MOST_FRAMES) this.#times.splice(0, this.#times.length - MOST_FRAMES);
  }

  /** Forgets what lies outside. */
  keep(fromS: number, toS: number): void {
    this.#times = this.#times.slice(this.#place(fromS), this.#place(toS));
  }

  clear(): void {
    this.#times = [];
  }

  /** The frame that is shown at an instant: where it begins. */
  at(timeS: number): number | null {
    return this.#times[this.#place(timeS + FRAME_EPSILON_S) - 1] ?? null;
  }

  after(timeS: number): number | null {
    return this.#times[this.#place(timeS + FRAME_EPSILON_S)] ?? null;
  }

  /** The last frame before the one that is shown at an instant. */
  before(timeS: number): number | null {
    return this.#times[this.#place(timeS + FRAME_EPSILON_S) - 2] ?? null;
  }

  /** How many begin before an instant. */
  #place(timeS: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#times[middle]! < timeS) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
