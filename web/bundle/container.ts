// Takes the container apart: a ZIP file without compression (docs/formats/bundle.md).

/** The files of a container, by name. What is compressed, cut or named twice is refused. */
export function filesOf(zip: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) throw new Error('no container');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const files = new Map<string, Uint8Array>();
  for (let left = count; left > 0; left--) {
    if (view.getUint32(at, true) !== 0x02014b50 || view.getUint16(at + 10, true) !== 0) throw new Error('no container');
    const length = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + nameLength));
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + length > end || files.has(name)) throw new Error('no container');
    files.set(name, zip.subarray(start, start + length));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

/** Bytes of base64 in lines. Piece by piece, so that no second copy of all of it is made. */
export function bytesOf(base64: string): Uint8Array {
  const lines = base64.indexOf('\n', 1) + 1 || base64.length;
  // Whole lines at once: each but the last stands for whole groups of four letters.
  const piece = lines * 16384;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < base64.length; at += piece) {
    const letters = atob(base64.slice(at, at + piece));
    const part = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i++) part[i] = letters.charCodeAt(i);
    parts.push(part);
  }
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What was typed, as it was told; nothing if it cannot be one. */
export function passphraseOf(typed: string): string | null {
  const letters = typed
    .toUpperCase()
    .replace(/[\s\-–—]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  if (letters.length !== 20 || [...letters].some((letter) => !LETTERS.includes(letter))) return null;
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}
