import { defineConfig } from '@playwright/test';
import { launchOptions } from '../support/browser';

export default defineConfig({
  testDir: '.',
  globalSetup: '../support/binary.ts',
  outputDir: '../test-results/pictures',
  workers: 1,
  reporter: 'list',
  timeout: 300_000,
  use: { browserName: 'chromium', launchOptions },
});
