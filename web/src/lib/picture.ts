// A picture that goes with a record: made anew in the browser, so that it fits and says nothing of
// place, time and device; and shown again, which the page's policy allows on a canvas alone.

import { ApiError } from './api';

const MOST_BYTES = 512 * 1024;
const LONGEST_PX = 1600;
/** The first that fits is taken. */
const STEPS: [px: number, quality: number][] = [
  [LONGEST_PX, 0.85],
  [LONGEST_PX, 0.6],
  [1024, 0.7],
  [640, 0.6],
];
/** A plan has thin lines: rather small than coarse. */
export const PLAN_STEPS: [px: number, quality: number][] = [
  [2400, 0.85],
  [2400, 0.7],
  [2000, 0.7],
  [1600, 0.7],
  [1200, 0.6],
  [800, 0.5],
];

const unfit = () =>
  new ApiError('picture-unfit', '사진으로 읽을 수 없는 파일입니다. JPEG나 PNG 사진을 고르십시오.', 'The file cannot be read as a picture. Choose a JPEG or a PNG.');

/** What is to be seen by nobody, in fractions of the picture's width and height from the left and the top. */
export type Mask = { x: number; y: number; width: number; height: number };

/** Reads the file. The picture is to be closed by who asked for it. */
export async function read(file: File): Promise<ImageBitmap> {
  return createImageBitmap(file).catch(() => {
    throw unfit();
  });
}

/** Draws the picture with what is masked in black; at the edges rather a pixel too much. */
export function draw(canvas: HTMLCanvasElement, image: ImageBitmap, longestPx = LONGEST_PX, masks: Mask[] = []): void {
  const scale = Math.min(1, longestPx / Math.max(image.width, image.height));
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const paper = canvas.getContext('2d');
  if (!paper) return;
  paper.fillStyle = '#fff';
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(image, 0, 0, canvas.width, canvas.height);
  paper.fillStyle = '#000';
  for (const { x, y, width, height } of masks) {
    const [left, top] = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)];
    const [right, bottom] = [Math.ceil((x + width) * canvas.width), Math.ceil((y + height) * canvas.height)];
    paper.fillRect(left, top, right - left, bottom - top);
  }
}

/** Bytes as the wire has them. */
export const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

export async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/**
 * The picture as a JPEG of at most 512 KiB, in base64. What is masked was black before it was written,
 * so nothing of what was there is in it.
 */
export async function written(image: ImageBitmap, masks: Mask[] = [], steps = STEPS): Promise<string> {
  const canvas = document.createElement('canvas');
  for (const [px, quality] of steps) {
    draw(canvas, image, px, masks);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (blob && blob.size <= MOST_BYTES) return await base64(blob);
  }
  throw unfit();
}

/** The picture that was kept. It is to be closed by who asked for it. */
export async function decoded(picture: string): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([bytesOf(picture)])).catch(() => {
    throw new ApiError('no-sense', '그림을 그릴 수 없습니다. 다른 그림을 올리십시오.', 'The picture cannot be drawn. Upload another.');
  });
}

/** Draws what was recorded; false if it is no picture. */
export async function show(picture: string, canvas: HTMLCanvasElement): Promise<boolean> {
  try {
    const image = await decoded(picture);
    draw(canvas, image);
    image.close();
    return true;
  } catch {
    return false;
  }
}
