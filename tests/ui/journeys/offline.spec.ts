// Servers away: the copy stays and says how old it is.
import { assertAccessible } from "../stage/axe.ts";
import { HOUR, TODAY } from "../stage/bridge.ts";
import { expect, list, open, openKey, panel, row, status, sync, synced, test } from "../stage/test.ts";

test("the copy stays, its age is told, and it comes back to life", async ({ app, bridge }) => {
  await synced(app);
  await bridge.stopServers();
  await sync(app);
  await expect(app.getByText("3 deployments are not up to date.")).toBeVisible();
  await expect(app.getByRole("button", { name: "shop-eu, offline, 21 keys" })).toBeVisible();
  await expect(status(app)).toContainText("41 keys");
  await openKey(app, "billing-worker");
  await expect(panel(app).getByRole("row", { name: /^invoices/ })).toBeVisible();

  // The next day, still without a connection, the program is started again.
  await bridge.advance(26 * HOUR);
  await app.clock.setFixedTime(TODAY + 26 * HOUR);
  await bridge.restart();
  await open(app, bridge);
  await expect(app.getByRole("button", { name: "shop-eu, offline 26 h, 21 keys" })).toBeVisible();
  await expect(status(app)).toContainText("Synced 26 h ago");
  await expect(status(app)).toContainText("41 keys");
  await app.getByRole("button", { name: /^shop-eu, offline/ }).click();
  await expect(app.getByText(/^127\.0\.0\.1:\d+ cannot be reached\.$/)).toBeVisible();
  await expect(row(app, "billing-worker")).toBeVisible();

  await bridge.startServers();
  await app.getByRole("button", { name: "Try again" }).click();
  await expect(app.getByRole("button", { name: "shop-eu, 21 keys" })).toBeVisible();
  await expect(app.getByText(/cannot be reached/)).toHaveCount(0);
  await expect(row(app, "billing-worker")).toBeVisible();
});

test("a key that went meanwhile is kept, and says so", async ({ app, bridge }) => {
  await synced(app);
  await bridge.change("shop-eu", (world) => {
    world.keys = world.keys.filter(({ label }) => label !== "cron-export");
  });
  await sync(app);
  await expect(list(app).getByRole("row", { name: /^cron-export, gone from the server/ })).toBeVisible();
  await openKey(app, "cron-export");
  await expect(panel(app)).toContainText("The last complete list no longer had this key");
});

test("a sync that hangs can be stopped", async ({ app, bridge }) => {
  await synced(app);
  await bridge.fault("shop-eu", "/api/collections", "hang");
  await app.getByRole("button", { name: "shop-eu, 21 keys" }).click();
  await sync(app);
  await expect(app.getByRole("button", { name: /^shop-eu, .*syncing/ })).toBeVisible();
  await assertAccessible(app, "while it is read");
  await app.getByRole("button", { name: "Cancel the sync" }).click();
  await expect(app.getByText("The sync was cancelled.")).toBeVisible();
  await expect(row(app, "billing-worker")).toBeVisible();
});
