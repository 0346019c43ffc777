// The path of the server's release binary. Checked once before all tests, so that a missing binary is one clear error.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

export function binary(): string {
  return process.env.HUBBUB_BINARY ?? path.resolve(__dirname, '../../target/release/hubbub');
}

export default function binaryIsThere(): void {
  try {
    accessSync(binary(), constants.X_OK);
  } catch {
    throw new Error(`There is no server to test at ${binary()}. Build it first (make build), or name one in HUBBUB_BINARY.`);
  }
}
