// Writes a file of the site together with its compressed forms, which the server embeds. Used by the scripts that change
// what cargo-leptos built.
import { statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export function writeWithCompressed(file, bytes) {
  writeFileSync(file, bytes);
  writeFileSync(`${file}.br`, brotliCompressSync(bytes));
  writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
}

/** Returns how many bytes the files have when a browser loads them. */
export const compressedBytes = (files) => files.reduce((sum, file) => sum + statSync(`${file}.br`).size, 0);
