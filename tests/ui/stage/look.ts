import { test, type Page } from "@playwright/test";
import { assertAccessible } from "./axe.ts";
import { SIZES, THEMES, assertFits } from "./fit.ts";
import { assertTree } from "./tree.ts";

const { KEYSTEAD_PICTURES } = process.env;

/** Looks at what is shown in all sizes and themes; `tree` compares what a screen reader is told, too. */
export async function look(page: Page, name: string, tree?: string): Promise<void> {
  await test.step(name, async () => {
    if (tree !== undefined) await assertTree(page.locator(tree), name);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      for (const size of SIZES) {
        await page.setViewportSize(size);
        await painted(page);
        const what = `${name}, ${String(size.width)}×${String(size.height)}, ${theme}`;
        if (KEYSTEAD_PICTURES !== undefined)
          await page.screenshot({ path: `${KEYSTEAD_PICTURES}/${name}-${String(size.width)}-${theme}.png` });
        await assertFits(page, what);
        await assertAccessible(page, what);
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1280, height: 800 });
    await painted(page);
  });
}

/** Two frames: what was just changed is laid out and drawn. */
const painted = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
