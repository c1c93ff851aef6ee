// What somebody decides about a clip, and taking it back. Nothing here is changed in place: each decision gives a new
// whole, so that undoing is going back to the one before.
import { type Box } from './clip';

export type Key = { frame: number } & Box;
export type Area = { what: 'cover' | 'show'; keys: Key[] };
export type Shown = { track: number; first: number; last: number };
export type Edits = { findings?: string | null; shown: Shown[]; areas: Area[] };

/** As crates/mask has them. */
export const MOST_SHOWN = 512;
export const MOST_AREAS = 512;
export const MOST_KEYS = 4096;

export const hasRoom = (edits: Edits): boolean =>
  edits.shown.length < MOST_SHOWN && edits.areas.length < MOST_AREAS && edits.areas.reduce((sum, area) => sum + area.keys.length, 0) + 2 <= MOST_KEYS;

export const isShown = (edits: Edits, track: number, frame: number): boolean =>
  edits.shown.some((one) => one.track === track && one.first <= frame && frame <= one.last);

export const shownOf = (edits: Edits, track: number): Shown | null => edits.shown.find((one) => one.track === track) ?? null;

/** Shows a track as long as it lasts, or covers it again. */
export function toggled(edits: Edits, track: number, frames: number): Edits {
  const others = edits.shown.filter((one) => one.track !== track);
  const shown = others.length < edits.shown.length ? others : [...others, { track, first: 0, last: frames - 1 }];
  return { ...edits, shown };
}

/** Shows a track from or up to a frame only: where its number goes over to somebody else it is cut. */
export function limited(edits: Edits, track: number, side: 'first' | 'last', frame: number): Edits {
  const cut = (one: Shown): Shown => {
    if (one.track !== track) return one;
    return side === 'first' ? { ...one, first: frame, last: Math.max(frame, one.last) } : { ...one, last: frame, first: Math.min(frame, one.first) };
  };
  return { ...edits, shown: edits.shown.map(cut) };
}

/** Where an area is in a frame; it moves evenly from key to key. */
export function areaAt(area: Area, frame: number): Box | null {
  const next = area.keys.findIndex((key) => key.frame >= frame);
  const after = area.keys[next];
  if (!after) return null;
  if (after.frame === frame) return after;
  const before = area.keys[next - 1];
  if (!before) return null;
  const part = (frame - before.frame) / (after.frame - before.frame);
  const mix = (from: number, to: number) => Math.round(from + (to - from) * part);
  return { left: mix(before.left, after.left), top: mix(before.top, after.top), right: mix(before.right, after.right), bottom: mix(before.bottom, after.bottom) };
}

/** Whole pixels within the picture, and never nothing. */
export function fit(box: Box, width: number, height: number): Box {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const [left, right] = [within(Math.min(box.left, box.right), width - 2), within(Math.max(box.left, box.right), width)];
  const [top, bottom] = [within(Math.min(box.top, box.bottom), height - 2), within(Math.max(box.top, box.bottom), height)];
  return { left, top, right: Math.max(right, left + 2), bottom: Math.max(bottom, top + 2) };
}

export const withArea = (edits: Edits, area: Area): Edits => ({ ...edits, areas: [...edits.areas, area] });

export const withoutArea = (edits: Edits, at: number): Edits => ({ ...edits, areas: edits.areas.filter((_, index) => index !== at) });

const changed = (edits: Edits, at: number, area: Area): Edits => ({ ...edits, areas: edits.areas.map((one, index) => (index === at ? area : one)) });

/** The area lies there in that frame; where it was not before, it reaches there now. */
export function withKey(edits: Edits, at: number, frame: number, box: Box): Edits {
  const area = edits.areas[at]!;
  const { left, top, right, bottom } = box;
  const keys = [...area.keys.filter((key) => key.frame !== frame), { frame, left, top, right, bottom }];
  return changed(edits, at, { ...area, keys: keys.sort((one, other) => one.frame - other.frame) });
}

/** Without its key in a frame; the last one takes the area with it. */
export function withoutKey(edits: Edits, at: number, frame: number): Edits {
  const area = edits.areas[at]!;
  const keys = area.keys.filter((key) => key.frame !== frame);
  return keys.length === 0 ? withoutArea(edits, at) : changed(edits, at, { ...area, keys });
}

/** Begins or ends at a frame: where it is by then, or else where it was nearest. */
export function bounded(edits: Edits, at: number, side: 'first' | 'last', frame: number): Edits {
  const area = edits.areas[at]!;
  const nearest = side === 'first' ? area.keys[0]! : area.keys.at(-1)!;
  const box = areaAt(area, frame) ?? nearest;
  const keys = area.keys.filter((key) => (side === 'first' ? key.frame >= frame : key.frame <= frame));
  return withKey(changed(edits, at, { ...area, keys }), at, frame, box);
}

export const withWhat = (edits: Edits, at: number, what: Area['what']): Edits => changed(edits, at, { ...edits.areas[at]!, what });

/** Decisions in their order, and how far of them were taken back. */
export class History {
  constructor(
    readonly all: readonly Edits[],
    readonly at = 0,
  ) {}

  get now(): Edits {
    return this.all[this.at]!;
  }

  get isChanged(): boolean {
    return this.at > 0;
  }

  get canRedo(): boolean {
    return this.at + 1 < this.all.length;
  }

  then(edits: Edits): History {
    return new History([...this.all.slice(0, this.at + 1), edits], this.at + 1);
  }

  undone(): History {
    return new History(this.all, Math.max(0, this.at - 1));
  }

  redone(): History {
    return new History(this.all, Math.min(this.all.length - 1, this.at + 1));
  }
}
