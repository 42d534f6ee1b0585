// Keys replaced, made and ended on the screen, each to its certificate.
import { HOUR, TODAY } from "../stage/bridge.ts";
import { allPassed, assertNoSecret, checks, enter, foot, keysOf, main, tabTo, title } from "../stage/rotation.ts";
import { dialog, expect, list, openKey, panel, status, synced, test } from "../stage/test.ts";

test("a key is rotated, with a way back taken once, to its certificate", async ({ app, bridge }) => {
  await synced(app);
  const [old] = await keysOf(bridge, "billing-worker");
  await openKey(app, "billing-worker");
  await panel(app).getByRole("button", { name: "Rotate…" }).click();

  await test.step("the plan", async () => {
    await expect(title(app)).toHaveText("Rotate billing-worker");
    await expect(main(app)).toContainText("Nothing has been changed yet.");
    await expect(main(app).getByRole("listitem").filter({ hasText: "permanent" }).last()).toContainText("DELETE");
    expect(await keysOf(bridge, "billing-worker")).toHaveLength(1);
    await foot(app, "Begin the rotation").click();
  });

  await test.step("the checks", async () => {
    await expect(title(app)).toHaveText("Verify the new key");
    await allPassed(app, 6);
    const denied = checks(app).getByRole("button", { name: /^A random secret is refused/ });
    await denied.click();
    await expect(denied).toHaveAttribute("aria-expanded", "true");
    await expect(checks(app)).toContainText("Answered to the secret itself");
    await foot(app, "Continue to Deliver").click();
  });
  const both = await keysOf(bridge, "billing-worker");
  expect(both.map(({ label }) => label).sort()).toEqual(["billing-worker", "billing-worker ~g2"]);
  const fresh = both.find(({ id }) => id !== old?.id);

  await test.step("delivered on the clipboard and to a person", async () => {
    await main(app).getByRole("button", { name: "Lay it on the clipboard" }).click();
    await expect(main(app).getByRole("list", { name: "Delivered" })).toContainText("Laid on the clipboard");
    expect(await bridge.clipboard()).toEqual({ kind: "text", text: fresh?.key });
    await assertNoSecret(app, both);
    await main(app).getByLabel("Who was told").fill("M. Example");
    await main(app).getByRole("button", { name: "Note it" }).click();
    await expect(main(app).getByRole("list", { name: "Delivered" })).toContainText("Told M. Example");
    // The half minute is one of real time: the clipboard is the desktop's.
    await app.clock.setFixedTime(TODAY + 31_000);
    await expect(main(app)).toContainText("The clipboard was cleared.", { timeout: 90_000 });
    expect(await bridge.clipboard()).toEqual({ kind: "empty" });
    await foot(app, "Continue to Adopt").click();
  });

  await test.step("confirmed", async () => {
    await expect(foot(app, "Confirm the switch")).toBeDisabled();
    await main(app).getByLabel("Who says so").fill("M. Example");
    await foot(app, "Confirm the switch").click();
    await expect(title(app)).toHaveText("Pause the old key");
    await expect(main(app)).toContainText("Confirmed by M. Example");
  });

  const grants = async () => Object.keys((await keysOf(bridge, "billing-worker")).find(same)?.grants ?? {});
  const same = ({ id }: { id: string }) => id === old?.id;
  await test.step("paused, restored, paused again", async () => {
    const before = await grants();
    expect(before).not.toEqual([]);
    await foot(app, "Pause the old key").click();
    await expect(main(app)).toContainText("The old key is paused.");
    await foot(app, "Restore its rights").click();
    await expect(foot(app, "Pause the old key")).toBeEnabled();
    await expect(main(app)).not.toContainText("The old key is paused.");
    expect((await grants()).sort()).toEqual(before.sort());
    await foot(app, "Pause the old key").click();
    await expect(main(app)).toContainText("The old key is paused.");
  });

  await test.step("the wait is cut short", async () => {
    await foot(app, "Begin the wait").click();
    await expect(main(app).getByRole("timer")).toContainText("left");
    await foot(app, "Cut the wait short…").click();
    await dialog(app).getByRole("button", { name: "Cancel" }).click();
    await expect(dialog(app)).toHaveCount(0);
    await foot(app, "Cut the wait short…").click();
    await dialog(app).getByRole("button", { name: "Cut it short" }).click();
    await expect(title(app)).toHaveText("Revoke the old key");
  });

  await test.step("the end wants the name", async () => {
    await foot(app, "Revoke billing-worker…").click();
    const end = dialog(app).getByRole("button", { name: "Revoke billing-worker for good" });
    await dialog(app).getByRole("textbox").fill("billing-worke");
    await expect(end).toBeDisabled();
    expect(await keysOf(bridge, "billing-worker")).toHaveLength(2);
    await dialog(app).getByRole("textbox").fill("billing-worker");
    await end.click();
    await expect(title(app)).toHaveText("Done, and proved");
    await allPassed(app, 3);
    expect((await keysOf(bridge, "billing-worker")).map(({ label }) => label)).toEqual(["billing-worker ~g2"]);
  });

  await test.step("the certificate", async () => {
    await foot(app, "Show the certificate").click();
    await expect(main(app).getByText("Unaltered")).toBeVisible();
    await expect(main(app)).toContainText("Certificate of rotation");
    await expect(main(app)).toContainText("Old key proved dead");
    await expect(main(app)).toContainText("Switch confirmed by M. Example");
    await main(app).getByRole("button", { name: "Verify again" }).click();
    await expect(main(app).getByText("Unaltered")).toBeVisible();
    await assertNoSecret(app, both);
    await main(app).getByRole("button", { name: "Close", exact: true }).click();
  });
});

test("a rotation without a mouse", async ({ app, bridge }) => {
  await synced(app);
  const keys = app.keyboard;
  await keys.press("/");
  await keys.type("billing-worker deployment:shop-eu ");
  await keys.press("Enter");
  await expect(app.locator(":focus")).toHaveAttribute("aria-label", /^billing-worker, on shop-eu/);
  await keys.press("o");
  await expect(foot(app, "Begin the rotation")).toBeFocused();
  await keys.press("Enter");
  await expect(foot(app, "Continue to Deliver")).toBeFocused();
  await allPassed(app, 6);
  await keys.press("Enter");
  await expect(title(app)).toHaveText("Deliver the new secret");
  await enter(app, main(app).getByRole("button", { name: "Lay it on the clipboard" }));
  await expect(main(app).getByRole("list", { name: "Delivered" })).toContainText("Laid on the clipboard");
  await enter(app, foot(app, "Continue to Adopt"));
  await tabTo(app, main(app).getByLabel("Who says so"));
  await keys.type("M. Example");
  await keys.press("Enter");
  await expect(title(app)).toHaveText("Pause the old key");
  await enter(app, foot(app, "Pause the old key"));
  await expect(main(app)).toContainText("The old key is paused.");

  // Closed by Escape, found again in the list of rotations.
  await keys.press("Escape");
  await expect(title(app)).toHaveCount(0);
  if (!(await app.getByRole("grid", { name: "Rotations" }).isVisible())) await keys.press("g");
  await expect(app.getByRole("grid", { name: "Rotations" })).toBeVisible();
  await tabTo(
    app,
    app.getByRole("grid", { name: "Rotations" }).getByRole("row", { name: /^billing-worker, rotation/ }),
  );
  await keys.press("Enter");
  await expect(main(app)).toContainText("The old key is paused.");

  await enter(app, foot(app, "Begin the wait"));
  await expect(main(app).getByRole("timer")).toContainText("left");
  await enter(app, foot(app, "Cut the wait short…"));
  await enter(app, dialog(app).getByRole("button", { name: "Cut it short" }));
  await expect(title(app)).toHaveText("Revoke the old key");
  await expect(foot(app, "Revoke billing-worker…"), "the end is never where the focus falls").not.toBeFocused();
  await enter(app, foot(app, "Revoke billing-worker…"));
  await expect(dialog(app).getByRole("textbox")).toBeFocused();
  await keys.type("billing-worker");
  await enter(app, dialog(app).getByRole("button", { name: "Revoke billing-worker for good" }));
  await expect(title(app)).toHaveText("Done, and proved");
  await enter(app, foot(app, "Show the certificate"));
  await expect(main(app).getByText("Unaltered")).toBeVisible();
  expect((await keysOf(bridge, "billing-worker")).map(({ label }) => label)).toEqual(["billing-worker ~g2"]);
  await enter(app, main(app).getByRole("button", { name: "Close", exact: true }));
  await expect(main(app).getByText("Unaltered")).toHaveCount(0);
  await expect(app.locator(":focus"), "the focus is not lost").toHaveCount(1);
});

test("a key is made, without a mouse", async ({ app, bridge }) => {
  await synced(app);
  const keys = app.keyboard;
  await keys.press("n");
  await expect(dialog(app)).toHaveAccessibleName("On which deployment?");
  await enter(app, dialog(app).getByRole("button", { name: /^shop-eu/ }));
  await expect(main(app).getByLabel("Label", { exact: true })).toBeFocused();
  await keys.type("tax-import");
  await tabTo(app, main(app).getByRole("combobox", { name: "Like key" }));
  await keys.type("billing-worker");
  await expect(main(app).getByRole("option", { name: "billing-worker" })).toBeVisible();
  await keys.press("Enter");
  await expect(main(app)).toContainText("rights allowed");
  await enter(app, foot(app, "Review the plan"));
  await expect(title(app)).toHaveText("New key tax-import");
  await expect(foot(app, "Create the key")).toBeFocused();
  expect(await keysOf(bridge, "tax-import")).toEqual([]);
  await keys.press("Enter");
  await expect(foot(app, "Continue to Deliver")).toBeFocused();
  await allPassed(app, 5);
  await keys.press("Enter");
  await tabTo(app, main(app).getByLabel("Who was told"));
  await keys.type("M. Example");
  await keys.press("Enter");
  await expect(main(app).getByRole("list", { name: "Delivered" })).toContainText("Told M. Example");
  await enter(app, foot(app, "Finish"));
  await expect(title(app)).toHaveText("The key is ready");
  await enter(app, foot(app, "Show the certificate"));
  await expect(main(app).getByText("Unaltered")).toBeVisible();
  await expect(main(app)).toContainText("Certificate of creation");
  const [made] = await keysOf(bridge, "tax-import");
  const [like] = await keysOf(bridge, "billing-worker");
  expect(made?.grants).toEqual(like?.grants);
  await assertNoSecret(app, made === undefined ? [] : [made]);
  await keys.press("Escape");
  await expect(status(app)).toContainText("42 keys");
});

test("a key is revoked, without a mouse", async ({ app, bridge }) => {
  await synced(app);
  const keys = app.keyboard;
  await keys.press("/");
  await keys.type("cron-export deployment:shop-eu ");
  await keys.press("Enter");
  await expect(app.locator(":focus")).toHaveAttribute("aria-label", /^cron-export, on shop-eu/);
  await keys.press("Enter");
  await enter(app, panel(app).getByRole("button", { name: "Revoke…" }));
  await expect(title(app)).toHaveText("Revoke cron-export");
  await expect(foot(app, "Go on to Revoke")).toBeFocused();
  await keys.press("Enter");
  await expect(title(app)).toHaveText("Revoke the key");
  await enter(app, foot(app, "Revoke cron-export…"));
  await expect(dialog(app).getByRole("textbox")).toBeFocused();
  expect(await keysOf(bridge, "cron-export")).toHaveLength(1);
  await keys.type("cron-export");
  await keys.press("Enter");
  await expect(title(app)).toHaveText("Done, and proved");
  await allPassed(app, 3);
  expect(await keysOf(bridge, "cron-export")).toEqual([]);
  await enter(app, foot(app, "Show the certificate"));
  await expect(main(app).getByText("Unaltered")).toBeVisible();
  await expect(main(app)).toContainText("Certificate of revocation");
  await keys.press("Escape");
  await expect(list(app).or(app.getByRole("grid", { name: "Rotations" }))).toBeVisible();
});

test("a wait that is over by the clock leads to the end by itself", async ({ app, bridge }) => {
  await synced(app);
  await openKey(app, "billing-worker");
  await panel(app).getByRole("button", { name: "Rotate…" }).click();
  await main(app).getByRole("radiogroup", { name: "Watch the old key for" }).getByText("1 h", { exact: true }).click();
  await foot(app, "Begin the rotation").click();
  await foot(app, "Continue to Deliver").click();
  await main(app).getByLabel("Who was told").fill("M. Example");
  await main(app).getByRole("button", { name: "Note it" }).click();
  await foot(app, "Continue to Adopt").click();
  await main(app).getByLabel("Who says so").fill("M. Example");
  await foot(app, "Confirm the switch").click();
  await foot(app, "Pause the old key").click();
  await foot(app, "Begin the wait").click();
  await expect(main(app).getByRole("timer")).toContainText("left");
  await expect(foot(app, "Revoke billing-worker…")).toHaveCount(0);
  await bridge.advance(2 * HOUR);
  await app.clock.setFixedTime(TODAY + 2 * HOUR);
  await expect(title(app)).toHaveText("Revoke the old key");
  await expect(foot(app, "Revoke billing-worker…")).toBeEnabled();
});
