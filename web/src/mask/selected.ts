// What is picked on the stage: somebody who was followed, an area by its place, or nothing.
export type Selected = { track: number } | { area: number } | null;
