// Where the server said that a tile has nothing.

import type { GapCause } from '../lib/wire';

export type Gap = { fromMs: number; toMs: number | null; cause: GapCause | null };

export class Gaps {
  #gaps: Gap[][];

  constructor(private readonly tiles: number) {
    this.#gaps = Array.from({ length: tiles }, () => []);
  }

  clear(): void {
    this.#gaps = Array.from({ length: this.tiles }, () => []);
  }

  add(tile: number, gap: Gap): void {
    this.#gaps[tile]?.push(gap);
  }

  /** The gap at an instant, or that begins a little later. */
  at(tile: number, wallMs: number, slackMs = 50): Gap | undefined {
    return this.#gaps[tile]?.find(
      (gap) => gap.fromMs <= wallMs + slackMs && (gap.toMs === null || wallMs < gap.toMs),
    );
  }
}
