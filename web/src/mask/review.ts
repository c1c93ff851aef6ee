// Places of a clip at which the program was not sure, or somebody's decision meets another person: there a person looks.
//
// - unsure: within a track, between two findings, it was not found for longer than a moment.
// - appears, vanishes: a track begins or ends in the middle of the picture, where nobody comes in or goes out.
// - short: found for less than a second.
// - moves: something moved that belonged to nobody; it is covered.
// - meets: who is shown and who is covered lie over one another.
import { boxOf, overlaps, type Box, type MaskClip, type Track } from './clip';
import { isShown, type Edits } from './edits';

export type Doubt = {
  /** The same place has the same name, whatever is decided meanwhile. */
  id: string;
  why: 'unsure' | 'appears' | 'vanishes' | 'short' | 'moves' | 'meets';
  first: number;
  last: number;
  track: number | null;
};

/** How near to the edge, in parts of the picture, somebody comes in or goes out. */
const EDGE = 0.04;
/** Movement that pauses for so long, in seconds, is one place still. */
const PAUSE_S = 1;
/** A track that was found for less, in seconds, is short. */
const SHORT_S = 1;

export function doubts(clip: MaskClip, edits: Edits): Doubt[] {
  const all = [...clip.tracks.flatMap((track) => ofTrack(clip, track)), ...movements(clip), ...meetings(clip, edits)];
  return all.sort((one, other) => one.first - other.first || one.id.localeCompare(other.id));
}

function ofTrack(clip: MaskClip, track: Track): Doubt[] {
  const found: Doubt[] = [];
  const add = (why: Doubt['why'], first: number, last: number) => found.push({ id: `${why} ${track.number} ${first}`, why, first, last, track: track.number });
  if (clip.timeOf(track.lastSure) - clip.timeOf(track.firstSure) < SHORT_S * 1000) {
    add('short', track.firstSure, track.lastSure);
    return found;
  }
  const inside = (frame: number) => !isAtEdge(clip, boxOf(track, frame)!.box);
  if (track.first > 0 && inside(track.firstSure)) add('appears', track.first, track.firstSure);
  if (track.last < clip.frames - 1 && inside(track.lastSure)) add('vanishes', track.lastSure, track.last);
  let from: number | null = null;
  for (let frame = track.firstSure; frame <= track.lastSure; frame += 1) {
    const { sure } = boxOf(track, frame)!;
    if (!sure) from ??= frame;
    else if (from !== null) {
      add('unsure', from, frame - 1);
      from = null;
    }
  }
  return found;
}

function isAtEdge({ width, height }: MaskClip, box: Box): boolean {
  return box.left < width * EDGE || box.right > width * (1 - EDGE) || box.top < height * EDGE || box.bottom > height * (1 - EDGE);
}

function movements(clip: MaskClip): Doubt[] {
  const pause = Math.max(1, Math.round(clip.rate * PAUSE_S));
  const over: Doubt[] = [];
  let open: { box: Box; first: number; last: number }[] = [];
  const close = (one: { box: Box; first: number; last: number }) => over.push({ id: `moves ${one.first} ${Math.round(one.box.left)} ${Math.round(one.box.top)}`, why: 'moves', first: one.first, last: one.last, track: null });
  for (let frame = 0; frame < clip.frames; frame += 1) {
    const now = frame;
    open.filter((one) => now - one.last > pause).forEach(close);
    open = open.filter((one) => now - one.last <= pause);
    for (const box of clip.movesAt(frame)) {
      const same = open.find((one) => overlaps(one.box, box));
      if (same) [same.box, same.last] = [box, frame];
      else open.push({ box, first: frame, last: frame });
    }
  }
  open.forEach(close);
  return over;
}

function meetings(clip: MaskClip, edits: Edits): Doubt[] {
  const shown = clip.tracks.filter((track) => edits.shown.some((one) => one.track === track.number));
  const found: Doubt[] = [];
  for (const one of shown) {
    for (const other of clip.tracks) {
      if (other.number === one.number || other.kind !== 'person') continue;
      let from: number | null = null;
      const [first, last] = [Math.max(one.first, other.first), Math.min(one.last, other.last)];
      for (let frame = first; frame <= last + 1; frame += 1) {
        const meets = frame <= last && isShown(edits, one.number, frame) && !isShown(edits, other.number, frame) && overlaps(boxOf(one, frame)!.box, boxOf(other, frame)!.box);
        if (meets) from ??= frame;
        else if (from !== null) {
          found.push({ id: `meets ${one.number} ${other.number} ${from}`, why: 'meets', first: from, last: frame - 1, track: one.number });
          from = null;
        }
      }
    }
  }
  return found;
}
