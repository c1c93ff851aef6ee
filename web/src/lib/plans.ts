// Floor plans: what a floor looks like, and which cameras have a place.

import type { Camera, CameraPlace, Floor } from './wire';

export const WHOLE = 10_000;
/** How far a camera seems to see whose reach nobody gave. */
const SOME_REACH = 900;

/** A place to begin with. */
export const inTheMiddle = (camera: string): CameraPlace => ({
  camera,
  x_permyriad: WHOLE / 2,
  y_permyriad: WHOLE / 2,
  direction_deg: null,
  angle_deg: null,
  reach_permyriad: null,
});

export const within = (value: number, least: number, most: number) => Math.min(Math.max(Math.round(value), least), most);

/** A building by what tells it from others. */
export const buildingOf = (floor: Floor) => JSON.stringify([floor.site, floor.building]);

/** The buildings in the order of the floors, each with its name. */
export function buildings(floors: Floor[]): { key: string; name: string }[] {
  const known = new Map(floors.map((floor) => [buildingOf(floor), `${floor.site} · ${floor.building}`]));
  return [...known].map(([key, name]) => ({ key, name }));
}

/**
 * What a camera sees, as the path of a drawing that is 1 wide: a sector, or a line if nobody said how
 * wide; nothing if nobody said whither it looks. `aspect` is the plan's height by its width.
 */
export function cone(place: CameraPlace, aspect: number): string {
  const { direction_deg: direction, angle_deg: angle } = place;
  if (direction == null) return '';
  const [x, y] = [place.x_permyriad / WHOLE, (place.y_permyriad / WHOLE) * aspect];
  const reach = (place.reach_permyriad ?? SOME_REACH) / WHOLE;
  const at = (degrees: number) => {
    const radians = ((degrees - 90) * Math.PI) / 180;
    return `${(x + reach * Math.cos(radians)).toFixed(5)} ${(y + reach * Math.sin(radians)).toFixed(5)}`;
  };
  const from = `${x.toFixed(5)} ${y.toFixed(5)}`;
  if (angle == null) return `M${from}L${at(direction)}`;
  // A whole circle has no two different ends.
  const wide = Math.min(angle, 359.9);
  const arc = `A${reach} ${reach} 0 ${wide > 180 ? 1 : 0} 1 ${at(direction + wide / 2)}`;
  return angle === 360 ? `M${at(direction - wide / 2)}${arc}Z` : `M${from}L${at(direction - wide / 2)}${arc}Z`;
}

/** The cameras in use: on this floor in the order of their places, on another, and on none. */
export function parted(cameras: Camera[], floors: Floor[], here: string, places: CameraPlace[]) {
  const used = cameras.filter((camera) => !camera.retired_at);
  const of = (id: string) => used.find((camera) => camera.id === id);
  const placed = places.flatMap((place) => {
    const camera = of(place.camera);
    return camera ? [{ camera, place }] : [];
  });
  const isHere = (camera: Camera) => places.some((place) => place.camera === camera.id);
  const floorOf = (camera: Camera) => floors.find((floor) => floor.id !== here && floor.cameras.some((place) => place.camera === camera.id));
  const others = used.filter((camera) => !isHere(camera));
  return { placed, elsewhere: others.filter(floorOf).map((camera) => ({ camera, floor: floorOf(camera) as Floor })), nowhere: others.filter((camera) => !floorOf(camera)) };
}
