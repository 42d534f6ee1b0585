import { test as base, expect, type Page } from "@playwright/test";
import { Bridge, TODAY } from "./bridge.ts";
import { Folder } from "./folder.ts";
import { Watch } from "./watch.ts";

interface Options {
  /** Which profile the core opens. */
  profile: string;
  /** How long the core waits for servers, ms. */
  wait: number;
}

interface Stage {
  bridge: Bridge;
  /** What the page did beside drawing; at the end nothing of it may be amiss. */
  watch: Watch;
  /** Somewhere to write files. */
  folder: Folder;
  /** The screen, open on what it knows. */
  app: Page;
}

/** A test with a core, servers and a browser window of its own. */
export const test = base.extend<Stage & { options: Options }>({
  options: [{ profile: "sample", wait: 30_000 }, { option: true }],

  bridge: async ({ options }, use) => {
    const bridge = await Bridge.open(options.profile, options.wait);
    await use(bridge);
    await bridge.close();
  },

  watch: async ({ bridge, page }, use) => {
    const watch = new Watch(page, bridge.url);
    await use(watch);
    await watch.assertQuiet();
  },

  folder: async ({}, use) => {
    const folder = await Folder.make();
    await use(folder);
    await folder.remove();
  },

  app: async ({ bridge, page, watch: _ }, use) => {
    await page.clock.setFixedTime(TODAY);
    await open(page, bridge);
    await use(page);
  },
});

export { expect };

/** Loads the screen and waits until it shows what the core knows. */
export async function open(page: Page, bridge: Bridge): Promise<void> {
  // The same address again would only move to the fragment.
  await page.goto("about:blank");
  await page.goto(bridge.page);
  await expect(page.locator("html")).toHaveAttribute("data-ready", "true");
}

/** Waits until the sample servers have been read. */
export async function synced(page: Page): Promise<void> {
  await expect(status(page)).toContainText("41 keys");
  await expect(status(page)).toContainText("Synced");
  await expect(page.getByRole("button", { name: /^Sync all deployments, last/ })).toBeVisible();
}

/** Waits until no deployment is being read any more: `r` would stop it. */
export async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("navigation").getByRole("button", { name: /, syncing/ })).toHaveCount(0);
}

/** Reads the servers again. */
export async function sync(page: Page): Promise<void> {
  await settled(page);
  await page.keyboard.press("r");
}

export const status = (page: Page) => page.getByRole("contentinfo", { name: "Status" });
export const list = (page: Page) => page.getByRole("grid", { name: "Keys" });
/** The row of a key in the list; several deployments have keys of the same name. */
export const row = (page: Page, label: string, deployment = "shop-eu") =>
  list(page).getByRole("row", { name: new RegExp(`^${label}, (gone from the server, )?on ${deployment},`) });
export const panel = (page: Page) => page.getByRole("complementary");
export const dialog = (page: Page) => page.getByRole("dialog");

/** Narrows the list to these words. */
export async function search(page: Page, words: string): Promise<void> {
  await page.getByRole("textbox", { name: "Search keys" }).fill(words);
}

/** Opens a key in the panel. */
export async function openKey(page: Page, label: string): Promise<void> {
  await search(page, label);
  await row(page, label).click();
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText(label);
}

/** Opens the rights of a key in the editor. */
export async function editKey(page: Page, label: string): Promise<void> {
  await openKey(page, label);
  await panel(page).getByRole("button", { name: "Edit rights" }).click();
  await expect(page.getByRole("grid", { name: `Rights of ${label}` })).toBeVisible();
}
