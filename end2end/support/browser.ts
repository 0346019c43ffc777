// Chromium's path and options, for the tests and for the pictures.
import { existsSync } from 'node:fs';

/** Returns the path of Debian's Chromium, or undefined for Playwright's own. */
function chromium(): string | undefined {
  if (process.env.HUBBUB_CHROMIUM) return process.env.HUBBUB_CHROMIUM;
  return existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined;
}

export const launchOptions = {
  executablePath: chromium(),
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
};
