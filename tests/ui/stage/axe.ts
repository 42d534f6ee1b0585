import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type * as Axe from "axe-core";
import { expect, type Page } from "@playwright/test";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Every rule is on but this one: its 7:1 is AAA, and would make dim text and disabled controls as loud as the rest.
 * `color-contrast`, 4.5:1, is on.
 */
const OFF = ["color-contrast-enhanced"];

declare global {
  interface Window {
    axe: typeof Axe;
  }
}

export interface Finding {
  rule: string;
  help: string;
  nodes: string[];
}

/** What axe finds wrong in the page as it is. Rules that are off by default are on too. */
export async function findings(page: Page): Promise<Finding[]> {
  // The driver evaluates it, so that the page's own policy stays as it is.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(SOURCE);
  return page.evaluate(async (off) => {
    const rules = window.axe.getRules().map(({ ruleId }) => [ruleId, { enabled: !off.includes(ruleId) }] as const);
    const found = await window.axe.run(document, { rules: Object.fromEntries(rules), resultTypes: ["violations"] });
    return found.violations.map(({ id, help, nodes }) => ({
      rule: id,
      help,
      nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => `${html.slice(0, 200)} — ${failureSummary ?? ""}`),
    }));
  }, OFF);
}

export async function assertAccessible(page: Page, what: string): Promise<void> {
  expect(await findings(page), `axe: ${what}`).toEqual([]);
}
