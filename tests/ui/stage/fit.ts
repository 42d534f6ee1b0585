import { expect, type Page } from "@playwright/test";

export const SIZES = [
  { width: 960, height: 600 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
export const THEMES = ["light", "dark"] as const;

/** Boxes that may hold more than they show sideways: what is cut there is told by a title, or scrolls by design. */
const ALLOWED = ".cut, .cut *, .sr, .sr *, input, textarea";

/** Everything that is wider than its place, or reaches out of the window. */
export function misfits(page: Page): Promise<string[]> {
  return page.evaluate((allowed) => {
    const said: string[] = [];
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}${element.id === "" ? "" : `#${element.id}`}.${[...element.classList].join(".")} “${(element.textContent ?? "").trim().slice(0, 40)}”`;
    const page = document.documentElement;
    if (page.scrollWidth > page.clientWidth) said.push(`the page scrolls sideways: ${page.scrollWidth}`);
    if (page.scrollHeight > page.clientHeight) said.push(`the page scrolls: ${page.scrollHeight}`);
    for (const element of document.querySelectorAll("body *")) {
      if (element.matches(allowed) || element.closest("svg") !== null) continue;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || style.visibility === "hidden") continue;
      const sideways = element.scrollWidth > element.clientWidth + 1 && style.display !== "inline";
      if (sideways && element.clientWidth > 0 && style.overflowX !== "visible" && style.overflowX !== "auto") {
        said.push(`cut sideways (${element.scrollWidth} in ${element.clientWidth}): ${name(element)}`);
      }
      if (sideways && ["auto", "scroll"].includes(style.overflowX)) {
        said.push(`scrolls sideways (${element.scrollWidth} in ${element.clientWidth}): ${name(element)}`);
      }
      const isCut = element.scrollHeight > element.clientHeight + 1 && style.overflowY === "hidden";
      if (isCut && style.display !== "inline" && element.clientHeight > 0) {
        said.push(`cut below (${element.scrollHeight} in ${element.clientHeight}): ${name(element)}`);
      }
      if (element.closest("[data-row], [role=row]") === null && (box.right > innerWidth + 1 || box.left < -1)) {
        said.push(`reaches out of the window: ${name(element)}`);
      }
    }
    // A control that cannot be seen whole cannot be used: it lies within its nearest box that cuts.
    for (const control of document.querySelectorAll("button, [role=tab]")) {
      const box = control.getBoundingClientRect();
      if (box.width === 0 || control.matches(allowed)) continue;
      for (let around = control.parentElement; around !== null; around = around.parentElement) {
        const edge = around.getBoundingClientRect();
        if (getComputedStyle(around).overflowX === "visible") continue;
        if (box.right > edge.right + 1 || box.left < edge.left - 1) said.push(`a control is cut: ${name(control)}`);
        break;
      }
    }
    return [...new Set(said)];
  }, ALLOWED);
}

export async function assertFits(page: Page, what: string): Promise<void> {
  expect.soft(await misfits(page), `fits: ${what}`).toEqual([]);
}
