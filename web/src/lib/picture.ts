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

const unfit = () =>
  new ApiError('picture-unfit', '사진으로 읽을 수 없는 파일입니다. JPEG나 PNG 사진을 고르십시오.', 'The file cannot be read as a picture. Choose a JPEG or a PNG.');

function drawn(canvas: HTMLCanvasElement, image: ImageBitmap, longestPx: number): void {
  const scale = Math.min(1, longestPx / Math.max(image.width, image.height));
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** Draws the file on the canvas, and gives it as a JPEG of at most 512 KiB, in base64. */
export async function take(file: File, canvas: HTMLCanvasElement): Promise<string> {
  const image = await createImageBitmap(file).catch(() => {
    throw unfit();
  });
  try {
    for (const [px, quality] of STEPS) {
      drawn(canvas, image, px);
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
      if (blob && blob.size <= MOST_BYTES) return await base64(blob);
    }
    throw unfit();
  } finally {
    image.close();
  }
}

/** Draws what was recorded; false if it is no picture. */
export async function show(picture: string, canvas: HTMLCanvasElement): Promise<boolean> {
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  try {
    const image = await createImageBitmap(new Blob([bytes]));
    drawn(canvas, image, LONGEST_PX);
    image.close();
    return true;
  } catch {
    return false;
  }
}
