import { defineConfig } from "@playwright/test";

/** The system's own browser, by default Debian's; none is downloaded. */
const CHROMIUM = process.env["KEYSTEAD_CHROMIUM"] ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: ".",
  testMatch: ["journeys/**/*.spec.ts", "proofs/**/*.spec.ts"],
  outputDir: "test-results",
  snapshotPathTemplate: "snapshots/{arg}{ext}",
  // A picture or tree that is missing is a failure, not a new truth: `make trees` writes them.
  updateSnapshots: "none",
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 30_000,
    launchOptions: {
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"],
    },
  },
});
