// A right is changed: grid, review, the exact call, read back – and undone.
import type { Locator } from "@playwright/test";
import { dialog, editKey, expect, panel, row, status, synced, test } from "../stage/test.ts";

test("write on orders: reviewed, saved, verified, undone", async ({ app, bridge }) => {
  await synced(app);
  const before = await granted();
  await editKey(app, "billing-worker");
  const cell = app.getByRole("gridcell", { name: /^orders, write/ });
  await expect(cell).toHaveAccessibleName("orders, write, not allowed");
  await cell.locator("[data-sign]").click();
  await expect(cell).toHaveAccessibleName("orders, write, allowed, was not allowed");
  await expect(status(app)).toContainText("1 changed");
  expect(await granted(), "nothing was sent").toEqual(before);

  await app.getByRole("button", { name: "Review 1 change" }).click();
  await expect(dialog(app)).toHaveAccessibleName("Review 1 change to billing-worker");
  await expect(dialog(app).getByRole("button", { name: "Keep editing", exact: true })).toBeFocused();
  await expect(dialog(app)).toContainText("1 added");
  await expect(dialog(app)).toContainText("gains write");
  await expect(dialog(app)).toContainText("PATCH");
  await dialog(app).getByRole("button", { name: "Save 1 change to shop-eu" }).click();
  await verified(dialog(app));
  const orders = before["orders"];
  expect((await granted())["orders"]).toEqual({ ...orders, write: true });
  const calls = (await bridge.journal("shop-eu")).filter(({ method }) => method === "PATCH");
  expect(calls, "one call, once").toHaveLength(1);

  await dialog(app).getByRole("button", { name: "Undo this change" }).click();
  await expect(cell).toHaveAccessibleName("orders, write, not allowed, was allowed");
  await app.getByRole("button", { name: "Review 1 change" }).click();
  await expect(dialog(app)).toContainText("1 removed");
  await dialog(app).getByRole("button", { name: "Save 1 change to shop-eu" }).click();
  await verified(dialog(app));
  expect(await granted()).toEqual(before);
  await dialog(app).getByRole("button", { name: "Done" }).click();
  await expect(dialog(app)).toHaveCount(0);
  await expect(status(app)).toContainText("No changes");

  async function granted() {
    const { keys } = await bridge.world("shop-eu");
    return keys.find(({ label }) => label === "billing-worker")?.grants ?? {};
  }
});

test("somebody else was quicker: nothing is sent, the draft stays", async ({ app, bridge }) => {
  await synced(app);
  await editKey(app, "billing-worker");
  await app
    .getByRole("gridcell", { name: /^orders, write/ })
    .locator("[data-sign]")
    .click();
  await app.getByRole("button", { name: "Review 1 change" }).click();
  const save = dialog(app).getByRole("button", { name: "Save 1 change to shop-eu" });
  await expect(save).toBeEnabled();
  await bridge.change("shop-eu", (world) => {
    const grants = world.keys.find(({ label }) => label === "billing-worker")?.grants;
    if (grants?.["orders"] !== undefined) grants["orders"].read = false;
  });
  await save.click();
  await expect(dialog(app).getByText("billing-worker has changed on the server")).toBeVisible();
  expect((await bridge.journal("shop-eu")).filter(({ method }) => method === "PATCH")).toHaveLength(0);
  await dialog(app).getByRole("button", { name: "Take theirs as the new base" }).click();
  // What they took away stays away: the draft had nothing to say about reading.
  await dialog(app).getByRole("button", { name: "Save 1 change to shop-eu" }).click();
  await verified(dialog(app));
  const { keys } = await bridge.world("shop-eu");
  const orders = keys.find(({ label }) => label === "billing-worker")?.grants["orders"];
  expect(orders).toMatchObject({ read: false, write: true });
});

test("a draft outlives the editor and the program", async ({ app, bridge }) => {
  await synced(app);
  await editKey(app, "billing-worker");
  await app
    .getByRole("gridcell", { name: /^orders, write/ })
    .locator("[data-sign]")
    .click();
  await expect(status(app)).toContainText("Draft kept, not sent");
  await app.getByRole("button", { name: "Keys", exact: true }).click();
  await expect(row(app, "billing-worker")).toBeVisible();
  await expect(panel(app).getByRole("button", { name: "Edit rights" })).toBeFocused();
  await panel(app).getByRole("button", { name: "Edit rights" }).click();
  await expect(app.getByRole("gridcell", { name: "orders, write, allowed, was not allowed" })).toBeVisible();
  await app.getByRole("button", { name: "Discard" }).click();
  await expect(status(app)).toContainText("No changes");
  await app.keyboard.press("Control+z");
  await expect(app.getByRole("gridcell", { name: "orders, write, allowed, was not allowed" })).toBeVisible();
  expect(await bridge.journal("shop-eu")).toEqual(
    expect.not.arrayContaining([expect.objectContaining({ method: "PATCH" })]),
  );
});

async function verified(dialog: Locator) {
  await expect(dialog.getByText("Verified: shop-eu stores exactly this.")).toBeVisible();
}
