import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import type * as Axe from "axe-core";
import { expect, type Page } from "@playwright/test";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * Every rule is on but this one: its 7:1 is WCAG's AAA, where the design asks for AA. `color-contrast`, 4.5:1, is on.
 */
const OFF = ["color-contrast-enhanced"];

/**
 * Where `focus-order-semantics`, an experimental rule, knows less than the ARIA practices: a row of a grid that takes the
 * focus, the splitter of a pane, and the rows of a table where they scroll, of which another rule,
 * `scrollable-region-focusable`, demands that they take the focus.
 */
const FOCUSED = "[role=row][tabindex], [role=separator][aria-valuenow], [role=rowgroup][aria-label]";

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
  return page.evaluate(
    async ([off, focused]) => {
      const rules = window.axe.getRules().map(({ ruleId }) => [ruleId, { enabled: !off.includes(ruleId) }] as const);
      const found = await window.axe.run(document, {
        rules: Object.fromEntries(rules),
        resultTypes: ["violations"],
        elementRef: true,
      });
      // By the element itself, which may have left the page while axe looked.
      const known = ({ element }: Axe.NodeResult) => element?.matches(focused) === true;
      return found.violations
        .map(({ id, help, nodes }) => ({
          rule: id,
          help,
          nodes: nodes
            .filter((node) => id !== "focus-order-semantics" || !known(node))
            .map(({ html, failureSummary }) => `${html.slice(0, 200)} — ${failureSummary ?? ""}`),
        }))
        .filter(({ nodes }) => nodes.length > 0);
    },
    [OFF, FOCUSED] as const,
  );
}

export async function assertAccessible(page: Page, what: string): Promise<void> {
  expect.soft(await findings(page), `axe: ${what}`).toEqual([]);
}
