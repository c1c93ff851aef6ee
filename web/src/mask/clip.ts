// What was found in a clip (docs/formats/boxes.md), so that a frame is looked up without a search over all of them.

export type Box = { left: number; top: number; right: number; bottom: number };

/** As the file has it. */
export type BoxesFile = {
  clip: { width: number; height: number; rate: string; frames: number };
  findings: string;
  beside: { person: [number, number]; face: [number, number] };
  unexplained: [frame: number, left: number, top: number, right: number, bottom: number][];
  times_ms?: number[];
  tracks: { number: number; kind: 'person' | 'face'; boxes: [number, number, number, number, number, boolean][] }[];
};

/** A person or a face that was followed. */
export type Track = {
  number: number;
  kind: 'person' | 'face';
  /** The first and the last frame in which it is covered. */
  first: number;
  last: number;
  /** The first and the last frame in which it was surely there. */
  firstSure: number;
  lastSure: number;
  boxes: BoxesFile['tracks'][number]['boxes'];
};

export class MaskClip {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly findings: string;
  readonly tracks: Track[];
  readonly rate: number;
  private readonly times: number[];
  /** Where the boxes of a frame begin among those that nobody explains. */
  private readonly movesFrom: Uint32Array;

  constructor(private readonly file: BoxesFile) {
    const { clip } = file;
    [this.frames, this.width, this.height] = [clip.frames, clip.width, clip.height];
    this.findings = file.findings;
    const [above = 25, below = 1] = clip.rate.split('/').map(Number);
    this.rate = above / (below || 1) || 25;
    const told = file.times_ms?.length === clip.frames ? file.times_ms : null;
    this.times = told ?? Array.from({ length: clip.frames }, (_, frame) => (frame * 1000) / this.rate);
    this.tracks = file.tracks.filter((track) => track.boxes.length > 0).map(tracked);
    this.movesFrom = new Uint32Array(clip.frames + 1);
    for (const [frame] of file.unexplained) if (frame < clip.frames) this.movesFrom[frame + 1]! += 1;
    for (let frame = 0; frame < clip.frames; frame += 1) this.movesFrom[frame + 1]! += this.movesFrom[frame]!;
  }

  /** The frame that is shown at a moment of the video. */
  frameAt(ms: number): number {
    let [low, high] = [0, this.frames];
    while (low < high) {
      const middle = (low + high) >> 1;
      // Media times are rounded otherwise than ours.
      if (this.times[middle]! <= ms + 1) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** When a frame begins. */
  timeOf(frame: number): number {
    return this.times[frame] ?? 0;
  }

  /** A moment at which surely this frame is shown, and not its neighbour. */
  middleOf(frame: number): number {
    const next = this.times[frame + 1] ?? this.timeOf(frame) + 1000 / this.rate;
    return this.timeOf(frame) + Math.min(next - this.timeOf(frame), 1000 / this.rate) / 2;
  }

  /** The frame a second earlier or later. */
  secondFrom(frame: number, seconds: number): number {
    return this.frameAt(Math.max(0, this.timeOf(frame) + seconds * 1000));
  }

  tracksAt(frame: number): { track: Track; box: Box; sure: boolean }[] {
    const found = [];
    for (const track of this.tracks) {
      const one = boxOf(track, frame);
      if (one) found.push({ track, ...one });
    }
    return found;
  }

  /** What moved in a frame and was nobody. */
  movesAt(frame: number): Box[] {
    const [from = 0, to = 0] = [this.movesFrom[frame], this.movesFrom[frame + 1]];
    return this.file.unexplained.slice(from, to).map(([, left, top, right, bottom]) => ({ left, top, right, bottom }));
  }

  /** A box with what is covered beside it. */
  grown(kind: Track['kind'], box: Box): Box {
    const [wide, high] = this.file.beside[kind];
    const [dx, dy] = [(box.right - box.left) * wide, (box.bottom - box.top) * high];
    return {
      left: Math.max(0, box.left - dx),
      top: Math.max(0, box.top - dy),
      right: Math.min(this.width, box.right + dx),
      bottom: Math.min(this.height, box.bottom + dy),
    };
  }
}

/** Where a track is in a frame, if it is taken to be there. */
export function boxOf(track: Track, frame: number): { box: Box; sure: boolean } | null {
  // A track has a box for each frame from its first to its last.
  const row = track.boxes[frame - track.first];
  if (!row) return null;
  const [, left, top, right, bottom, sure] = row;
  return { box: { left, top, right, bottom }, sure };
}

function tracked({ number, kind, boxes }: BoxesFile['tracks'][number]): Track {
  const [first, last] = [boxes[0]![0], boxes.at(-1)![0]];
  const sure = boxes.filter((row) => row[5]);
  return { number, kind, boxes, first, last, firstSure: sure[0]?.[0] ?? first, lastSure: sure.at(-1)?.[0] ?? last };
}

export const overlaps = (one: Box, other: Box): boolean =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

export const holds = (box: Box, x: number, y: number): boolean => x >= box.left && x < box.right && y >= box.top && y < box.bottom;
