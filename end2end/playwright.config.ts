import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/browser';

export default defineConfig({
  testDir: 'tests',
  globalSetup: './support/binary.ts',
  // Every test has a server, a data folder and browser contexts of its own, so two tests run at a time, also of one file.
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    launchOptions,
    // A missing element fails the test long before the test's timeout.
    actionTimeout: 15_000,
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
});
