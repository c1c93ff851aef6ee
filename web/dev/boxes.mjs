// What was found in the mock's clip, as docs/formats/boxes.md has it.

const WIDE = 640;
const HIGH = 360;
const RATE = 25;

/** A track that walks from one place to another; `unsure` are frames in which it was not found. */
function walk(number, kind, [first, last], from, to, unsure = () => false) {
  const boxes = [];
  for (let frame = first; frame <= last; frame += 1) {
    const part = (frame - first) / Math.max(1, last - first);
    const [left, top] = [0, 1].map((axis) => Math.round(from[axis] + (to[axis] - from[axis]) * part));
    const [wide, high] = kind === 'person' ? [60, 150] : [24, 30];
    boxes.push([frame, left, top, left + wide, top + high, !unsure(frame)]);
  }
  return { number, kind, kept: false, boxes };
}

const file = (frames, tracks, unexplained) => ({
  format: 'jikim-boxes-1',
  clip: { width: WIDE, height: HIGH, rate: `${RATE}/1`, frames },
  findings: 'f'.repeat(64),
  beside: { person: [0.18, 0.12], face: [0.4, 0.4] },
  unexplained,
  times_ms: Array.from({ length: frames }, (_, frame) => frame * (1000 / RATE)),
  tracks,
});

/** Twelve seconds: one walks through and is lost for a while, one turns up in the middle, one is there for a moment. */
export function someBoxes() {
  const tracks = [
    walk(1, 'person', [0, 299], [5, 150], [570, 150], (frame) => frame >= 100 && frame < 130),
    walk(2, 'person', [150, 299], [300, 60], [560, 160]),
    walk(3, 'face', [200, 210], [100, 60], [110, 60]),
  ];
  const moves = Array.from({ length: 20 }, (_, at) => [50 + at, 500, 20, 560, 80]);
  return file(300, tracks, moves);
}

/** Ten minutes of a crowd. */
export function manyBoxes() {
  const tracks = Array.from({ length: 300 }, (_, at) => walk(at + 1, 'person', [at * 48, at * 48 + 600], [(at * 37) % 500, 40], [(at * 53) % 560, 190], (frame) => frame % 97 < 20));
  const moves = Array.from({ length: 9000 }, (_, frame) => [frame, 600, 10, 630, 40]);
  return { ...file(15_000, tracks, moves) };
}
