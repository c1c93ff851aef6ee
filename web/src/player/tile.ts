// One tile: a video element fed through MediaSource.
//
// The media timeline of every tile is wall time: second t of the video is the instant
// `baseMs + t`. The server's mapping (`tile` messages) becomes the SourceBuffer's timestampOffset,
// so gaps are holes in what is buffered, tiles can be kept in step by one clock, and the time shown
// is the picture's own, not the page's.

import { Frames, framesOf, timeScaleOf, type TimeScale } from './frames';

type Job =
  | { kind: 'begin'; mime: string; offsetS: number }
  | { kind: 'append'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'remove'; fromS: number; toS: number };

/** A beginning that a broken decoder can be given again. */
type Beginning = {
  mime: string;
  offsetS: number;
  init: Uint8Array<ArrayBuffer> | null;
  scale: TimeScale | null;
};

const MOST_JOBS = 400;
const MOST_REBUILDS = 5;
const REBUILDS_FORGOTTEN_AFTER_MS = 60_000;

const MediaSourceKind: typeof MediaSource =
  (globalThis as { ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource ?? MediaSource;

export type TileProblem = 'codec' | 'decoder';

export class TilePlayer {
  problem: TileProblem | null = null;
  /** Time runs backwards: what is let go lies ahead. */
  backwards = false;
  /** The frames that were given since the last `clear`, by their place in the video. */
  readonly frames = new Frames();

  #source: MediaSource | null = null;
  #buffer: SourceBuffer | null = null;
  #address = '';
  #jobs: Job[] = [];
  #mime = '';
  #beginning: Beginning | null = null;
  #rebuilds: number[] = [];
  #onError = () => this.#rebuild();

  constructor(
    readonly video: HTMLVideoElement,
    readonly baseMs: number,
    private readonly keepBehindS: number,
    /** Told when what was buffered is lost; for who can ask for it again. */
    private readonly lost: () => void = () => undefined,
    /** Told when something more is buffered. */
    private readonly came: () => void = () => undefined,
  ) {
    video.disableRemotePlayback = true;
    video.addEventListener('error', this.#onError);
    this.#open();
  }

  /** The server's `tile` message: an initialisation follows. */
  begin(mime: string, wallStartMs: number, mediaStartS: number): void {
    if (!MediaSourceKind.isTypeSupported(mime)) {
      this.problem = 'codec';
      return;
    }
    this.problem = null;
    const offsetS = (wallStartMs - this.baseMs) / 1000 - mediaStartS;
    this.#beginning = { mime, offsetS, init: null, scale: null };
    this.#push({ kind: 'begin', mime, offsetS });
  }

  init(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.problem || !this.#beginning) return;
    this.#beginning.init = bytes;
    this.#beginning.scale = timeScaleOf(bytes);
    this.#push({ kind: 'append', bytes });
  }

  fragment(bytes: Uint8Array<ArrayBuffer>): void {
    // Before an initialisation a fragment means nothing to the decoder.
    const beginning = this.#beginning;
    if (this.problem || !beginning?.init) return;
    const times = beginning.scale && framesOf(bytes, beginning.scale);
    if (times) this.frames.add(times.map((time) => time + beginning.offsetS));
    this.#push({ kind: 'append', bytes });
  }

  /** Forgets all that is buffered: playing goes on elsewhere. A new `tile` must follow. */
  clear(): void {
    this.#jobs = [];
    this.#beginning = null;
    this.frames.clear();
    this.#push({ kind: 'remove', fromS: 0, toS: Number.POSITIVE_INFINITY });
  }

  /** Wall time of the picture that is seen; null before the first. */
  shownMs(): number | null {
    return this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA
      ? this.baseMs + this.video.currentTime * 1000
      : null;
  }

  /** Media time where what is buffered ends; null when nothing is. */
  edgeS(): number | null {
    const ranges = this.video.buffered;
    return ranges.length > 0 ? ranges.end(ranges.length - 1) : null;
  }

  /** The buffered range that holds an instant. */
  rangeAt(timeS: number): { startS: number; endS: number } | null {
    const ranges = this.video.buffered;
    for (let i = 0; i < ranges.length; i += 1) {
      // Ranges are reported to the microsecond, the clock is not that exact.
      if (ranges.start(i) <= timeS + 0.02 && timeS < ranges.end(i)) {
        return { startS: ranges.start(i), endS: ranges.end(i) };
      }
    }
    return null;
  }

  /** Where the next buffered range after an instant begins. */
  nextStartS(timeS: number): number | null {
    const ranges = this.video.buffered;
    for (let i = 0; i < ranges.length; i += 1) {
      if (ranges.start(i) > timeS) return ranges.start(i);
    }
    return null;
  }

  /** Where the last buffered range before an instant ends. */
  previousEndS(timeS: number): number | null {
    const ranges = this.video.buffered;
    for (let i = ranges.length - 1; i >= 0; i -= 1) {
      if (ranges.end(i) <= timeS) return ranges.end(i);
    }
    return null;
  }

  destroy(): void {
    this.video.removeEventListener('error', this.#onError);
    this.#close();
    this.video.removeAttribute('src');
    this.video.load();
  }

  #open(): void {
    const source = new MediaSourceKind();
    this.#source = source;
    this.#address = URL.createObjectURL(source);
    source.addEventListener('sourceopen', () => this.#pump(), { once: true });
    this.video.src = this.#address;
  }

  #close(): void {
    URL.revokeObjectURL(this.#address);
    this.#jobs = [];
    this.#buffer = null;
    this.#source = null;
    this.#mime = '';
  }

  #push(job: Job): void {
    if (this.#jobs.length >= MOST_JOBS) {
      // Nobody reads this fast enough: a decoder that hangs must not eat the machine's memory.
      this.#jobs = this.#jobs.filter((waiting) => waiting.kind !== 'append');
      this.#rebuild();
      return;
    }
    this.#jobs.push(job);
    this.#pump();
  }

  #pump(): void {
    while (this.#source?.readyState === 'open' && !this.#buffer?.updating) {
      const job = this.#jobs[0] ?? this.#trim();
      if (!job) return;
      if (this.#jobs[0] === job) this.#jobs.shift();
      try {
        this.#run(job);
      } catch (thrown) {
        if (!this.#makeRoom(job, thrown)) return this.#rebuild();
      }
    }
  }

  #run(job: Job): void {
    if (job.kind === 'begin') return this.#begin(job);
    const buffer = this.#buffer;
    if (!buffer) return;
    if (job.kind === 'append') buffer.appendBuffer(job.bytes);
    else if (buffer.buffered.length > 0) buffer.remove(job.fromS, job.toS);
  }

  #begin(job: { mime: string; offsetS: number }): void {
    if (!this.#buffer) {
      const buffer = this.#source?.addSourceBuffer(job.mime);
      if (!buffer) return;
      buffer.mode = 'segments';
      buffer.addEventListener('updateend', () => {
        this.#pump();
        this.came();
      });
      this.#buffer = buffer;
    } else {
      this.#buffer.abort();
      if (job.mime !== this.#mime) this.#buffer.changeType(job.mime);
    }
    this.#mime = job.mime;
    this.#buffer.timestampOffset = job.offsetS;
  }

  /**
   * What lies far enough behind is let go; null when there is too little to bother. Behind is said
   * of a picture that is there: after a seek far back the element still stands at the old place
   * until the clock turns it, and all that came for the new one would count as past.
   */
  #trim(): Job | null {
    const ranges = this.#buffer?.buffered;
    if (!ranges || ranges.length === 0 || this.rangeAt(this.video.currentTime) === null) return null;
    if (this.backwards) {
      const fromS = this.video.currentTime + this.keepBehindS;
      if (ranges.end(ranges.length - 1) < fromS + 5) return null;
      this.frames.keep(0, fromS);
      return { kind: 'remove', fromS, toS: Number.POSITIVE_INFINITY };
    }
    const uptoS = this.video.currentTime - this.keepBehindS;
    if (ranges.start(0) > uptoS - 5) return null;
    this.frames.keep(uptoS, Number.POSITIVE_INFINITY);
    return { kind: 'remove', fromS: 0, toS: uptoS };
  }

  /** The browser's quota is full: lets the past go, and tries the same again. */
  #makeRoom(job: Job, thrown: unknown): boolean {
    const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
    const ranges = this.#buffer?.buffered;
    if (!full || !ranges || ranges.length === 0) return false;
    const [uptoS, fromS] = [this.video.currentTime - 1, this.video.currentTime + 2];
    if (this.backwards) {
      if (ranges.end(ranges.length - 1) <= fromS) return false;
      this.#jobs.unshift({ kind: 'remove', fromS, toS: Number.POSITIVE_INFINITY }, job);
      return true;
    }
    if (ranges.start(0) >= uptoS) return false;
    this.#jobs.unshift({ kind: 'remove', fromS: 0, toS: uptoS }, job);
    return true;
  }

  /** A decoder that failed is made anew from the last initialisation, a few times a minute. */
  #rebuild(): void {
    if (!this.#source) return;
    const now = Date.now();
    this.#rebuilds = this.#rebuilds.filter((at) => now - at < REBUILDS_FORGOTTEN_AFTER_MS);
    this.#rebuilds.push(now);
    this.#close();
    if (this.#rebuilds.length > MOST_REBUILDS) {
      this.problem = 'decoder';
      return;
    }
    this.#open();
    const beginning = this.#beginning;
    if (!beginning) return;
    this.#jobs.push({ kind: 'begin', mime: beginning.mime, offsetS: beginning.offsetS });
    if (beginning.init) this.#jobs.push({ kind: 'append', bytes: beginning.init });
    this.lost();
  }
}
