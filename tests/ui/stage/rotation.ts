import { expect, type Locator, type Page } from "@playwright/test";
import type { Bridge, Key } from "./bridge.ts";
import { openKey, panel } from "./test.ts";

/** The page of a step, its title, and what can be done at its foot. */
export const main = (page: Page) => page.getByRole("main");
export const title = (page: Page) => main(page).getByRole("region").getByRole("heading", { level: 2 });
export const foot = (page: Page, words: string | RegExp) =>
  main(page)
    .locator("footer")
    .getByRole("button", typeof words === "string" ? { name: words, exact: true } : { name: words });
export const checks = (page: Page) => main(page).getByRole("list", { name: "Checks", exact: true });

/** The target that writes into a file, what would change in it, and what was delivered already. */
export const toFile = (page: Page) =>
  main(page).getByRole("region", { name: "Targets" }).locator(".target", { hasText: "Into a file of variables" });
export const diff = (page: Page) => toFile(page).getByRole("figure", { name: /^What changes in the file/ });
export const delivered = (page: Page) => main(page).getByRole("list", { name: "Delivered" });

/** Makes the new key of a rotation and stands before its targets. */
export async function toTargets(page: Page, label: string, leaked = false): Promise<void> {
  await openKey(page, label);
  await panel(page).getByRole("button", { name: "Rotate…" }).click();
  if (leaked) {
    await main(page).getByRole("checkbox", { name: "This key has leaked" }).click();
    await expect(main(page)).toContainText("Applications that still use it stop working then.");
  }
  await foot(page, "Begin the rotation").click();
  await foot(page, "Continue to Deliver").click();
  await expect(title(page)).toHaveText("Deliver the new secret");
}

/** Every check in sight went as it must. */
export async function allPassed(page: Page, least: number): Promise<void> {
  await expect(
    checks(page)
      .getByRole("listitem")
      .nth(least - 1),
  ).toBeVisible();
  for (const one of await checks(page).getByRole("listitem").all()) await expect(one).toContainText("passed");
}

/** Moves the focus there by Tab alone, as a person without a mouse would. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeEnabled();
  for (let stop = 0; stop < 120; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  await expect(target, "Tab leads there").toBeFocused();
}

/** Goes there by Tab and presses Enter. */
export async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

/** Keys of the server whose label begins so, as it has them now. */
export async function keysOf(bridge: Bridge, label: string, server = "shop-eu"): Promise<Key[]> {
  const { keys } = await bridge.world(server);
  return keys.filter((key) => key.label?.startsWith(label));
}

/** Somebody else gives that very key of the server a right to write, or takes it away. */
export async function setWrite(bridge: Bridge, label: string, name: string, write: boolean): Promise<void> {
  await bridge.change("shop-eu", ({ keys }) => {
    const grant = keys.find((key) => key.label === label)?.grants[name];
    if (grant === undefined) throw new Error(`${label} has no rights on ${name}`);
    grant.write = write;
  });
}

/** No secret of those keys is anywhere in the page, nor in what its fields hold. */
export async function assertNoSecret(page: Page, keys: Key[]): Promise<void> {
  const held = await page.evaluate(() => {
    const fields = [...document.querySelectorAll("input, textarea")] as HTMLInputElement[];
    return [document.documentElement.outerHTML, ...fields.map(({ value }) => value)].join("\n");
  });
  for (const { key } of keys) {
    expect(key.length).toBeGreaterThan(16);
    expect(held.includes(key), "a secret is in the page").toBe(false);
  }
}
