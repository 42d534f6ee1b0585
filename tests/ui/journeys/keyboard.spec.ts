// Whole journeys without a mouse: the pointer never moves, and the focus is never lost.
import type { Page } from "@playwright/test";
import { dialog, expect, list, status, synced, test } from "../stage/test.ts";

test("find a key, edit its rights, review, save, and back to the list", async ({ app, bridge }) => {
  await synced(app);
  const keys = app.keyboard;
  await keys.press("/");
  await keys.type("billing-worker");
  await expect(status(app)).toContainText("of 41 keys");
  await keys.press("Enter");
  await expect(focused(app)).toHaveAttribute("aria-label", /^billing-worker/);
  while (!((await focused(app).getAttribute("aria-label")) ?? "").includes("on shop-eu")) {
    await keys.press("ArrowDown");
  }
  await keys.press("e");
  await expect(app.getByRole("grid", { name: "Rights of billing-worker" })).toBeVisible();
  await expect(focused(app)).toHaveAttribute("data-column", /\d/);

  await keys.press("/");
  await keys.type("refunds");
  await keys.press("Enter");
  // The column stays the one that was last in use.
  while (!(await focused(app).getAttribute("data-column"))?.startsWith("1")) await keys.press("ArrowLeft");
  await expect(focused(app)).toHaveAccessibleName("refunds, read, not allowed");
  await keys.press("Space");
  await expect(focused(app)).toHaveAccessibleName("refunds, read, allowed, was not allowed");
  await keys.press("Control+Enter");
  await expect(dialog(app).getByRole("button", { name: "Save 1 change to shop-eu" })).toBeEnabled();
  await expect(dialog(app).getByRole("button", { name: "Keep editing", exact: true })).toBeFocused();
  await keys.press("Tab");
  await expect(dialog(app).getByRole("button", { name: "Save 1 change to shop-eu" })).toBeFocused();
  await keys.press("Enter");
  await expect(dialog(app).getByText("Verified: shop-eu stores exactly this.")).toBeVisible();
  await expect(dialog(app).getByRole("button", { name: "Done" })).toBeFocused();
  await keys.press("Enter");
  await expect(dialog(app)).toHaveCount(0);
  await expect(focused(app), "the focus is in the grid again").toHaveAccessibleName("refunds, read, allowed");
  await keys.press("Escape");
  await expect(list(app)).toBeVisible();
  await expect(focused(app)).toHaveAttribute("aria-label", /^billing-worker, on shop-eu/);
  const { keys: stored } = await bridge.world("shop-eu");
  expect(stored.find(({ label }) => label === "billing-worker")?.grants["refunds"]).toMatchObject({ read: true });
});

test("a rule of fields", async ({ app }) => {
  await synced(app);
  const keys = app.keyboard;
  await keys.press("/");
  await keys.type("billing-worker deployment:shop-eu ");
  await keys.press("Enter");
  await expect(focused(app)).toHaveAttribute("aria-label", /^billing-worker, on shop-eu/);
  await keys.press("e");
  await expect(app.getByRole("grid", { name: "Rights of billing-worker" })).toBeVisible();
  await keys.press("/");
  await keys.type("customers");
  await keys.press("Enter");
  await keys.press("F2");
  const fields = app.getByRole("complementary", { name: "Fields of customers" });
  await expect(fields).toBeVisible();
  await expect(fields.locator(":focus")).toHaveCount(1);
  await keys.press("Escape");
  await expect(fields).toHaveCount(0);
  await expect(focused(app)).toHaveAttribute("data-row", /\d/);
});

test("lock and unlock", async ({ app }) => {
  await synced(app);
  await app.keyboard.press("Control+Shift+L");
  await expect(app.getByRole("button", { name: "Unlock" })).toBeFocused();
  await app.keyboard.press("Enter");
  await expect(list(app)).toBeVisible();
});

test("every stop of Tab can be seen, and goes round", async ({ app }) => {
  await synced(app);
  await app.keyboard.press("Tab");
  const names: string[] = [];
  for (let stop = 0; stop < 60; stop += 1) {
    const { name, seen } = await app.evaluate(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) return { name: "", seen: true };
      const box = at.getBoundingClientRect();
      const style = getComputedStyle(at);
      const ring = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
      // A field may draw its ring round its whole frame.
      const frame = at.parentElement === null ? null : getComputedStyle(at.parentElement);
      const framed = frame !== null && frame.outlineStyle !== "none" && frame.outlineWidth !== "0px";
      const inside = box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
      return {
        name: `${at.tagName} ${at.getAttribute("aria-label") ?? at.textContent ?? ""}`,
        seen: inside && (ring || framed),
      };
    });
    if (name === "" || names.includes(name)) break;
    expect(seen, `the focus is seen on ${name}`).toBe(true);
    names.push(name);
    await app.keyboard.press("Tab");
  }
  expect(names.length).toBeGreaterThan(12);
});

const focused = (page: Page) => page.locator(":focus");
