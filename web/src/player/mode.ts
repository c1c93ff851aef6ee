// What the server is asked to send for a speed and a direction.

export type Mode = { percent: number; keyframesOnly: boolean };

/** From here on the server sends keyframes only. */
const KEYFRAMES_FROM = 4;

export const TRUE_MODE: Mode = { percent: 100, keyframesOnly: false };

export function modeFor(rate: number, backwards: boolean, tooMuch: boolean): Mode {
  return { percent: rate * (backwards ? -100 : 100), keyframesOnly: rate >= KEYFRAMES_FROM || tooMuch };
}

/** Whether what one mode sends serves another as well. */
export function serves(sent: Mode, wanted: Mode): boolean {
  const sameWay = wanted.percent < 0 === sent.percent < 0;
  // Of every frame as much is sent ahead at any speed; of keyframes as the speed needs.
  const sameSpeed = !wanted.keyframesOnly || wanted.percent === sent.percent;
  return sameWay && sameSpeed && wanted.keyframesOnly === sent.keyframesOnly;
}
