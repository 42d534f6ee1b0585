// A key that has leaked: the old one may end once the new secret is delivered. Nothing else is left out.
import {
  allPassed,
  assertNoSecret,
  delivered,
  enter,
  foot,
  keysOf,
  main,
  setWrite,
  tabTo,
  title,
  toTargets,
} from "../stage/rotation.ts";
import { dialog, expect, openKey, panel, row, synced, test } from "../stage/test.ts";
import type { Page } from "@playwright/test";

const steps = (page: Page) => main(page).getByRole("list", { name: "Steps" }).getByRole("listitem");
const revoke = (page: Page) => foot(page, "Revoke billing-worker…");
const forGood = (page: Page) => dialog(page).getByRole("button", { name: "Revoke billing-worker for good" });

test("a leaked key is replaced and ended at once, to its certificate", async ({ app, bridge, folder, watch }) => {
  await synced(app);
  const [old] = await keysOf(bridge, "billing-worker");
  const billing = async () => (await keysOf(bridge, "billing-worker")).map(({ label }) => label).sort();
  await openKey(app, "billing-worker");
  await panel(app).getByRole("button", { name: "Rotate…" }).click();

  await test.step("the plan says what a leak lets be left out", async () => {
    const wait = main(app).getByRole("radiogroup", { name: "Watch the old key for" });
    await expect(wait.getByRole("radio", { name: "24 h" })).toBeChecked();
    await main(app).getByRole("checkbox", { name: "This key has leaked" }).click();
    await expect(main(app)).toContainText("neither the confirmed switch nor the wait is required");
    await expect(wait.getByRole("radio", { name: "no wait" })).toBeChecked();
    await expect(wait.getByRole("radio", { name: "24 h" })).toBeDisabled();
    await expect(steps(app)).toContainText(
      ["Adopt", "Pause", "Soak"].map((step) => new RegExp(`${step}.*(optional|no wait)`)),
    );
    await foot(app, "Begin the rotation").click();
  });

  await test.step("the new key is proved as ever", async () => {
    await allPassed(app, 7);
    await expect(main(app)).toContainText("Emergency rotation");
    await expect(main(app)).toContainText(
      "Both secrets work until you revoke the old key, which you may do once the new one is delivered.",
    );
  });
  const both = await keysOf(bridge, "billing-worker");
  expect(both).toHaveLength(2);

  await test.step("before anybody has the new secret, the old one cannot be ended", async () => {
    await expect(revoke(app)).toHaveCount(0);
    await foot(app, "Continue to Deliver").click();
    await main(app).getByLabel("Who was told").fill("M. Example");
    await main(app).getByRole("button", { name: "Note it" }).click();
    await expect(delivered(app)).toContainText("Told M. Example");
    await expect(revoke(app), "the end is never where the focus falls").not.toBeFocused();
  });

  await test.step("the end wants the name", async () => {
    await revoke(app).click();
    await dialog(app).getByRole("textbox").fill("billing-worke");
    await expect(forGood(app)).toBeDisabled();
    await dialog(app).getByRole("textbox").fill("billing-worker");
  });

  await test.step("and a key that somebody changed meanwhile is not ended", async () => {
    expect(old?.grants["tax_rates"]?.write).toBe(false);
    await setWrite(bridge, "billing-worker", "tax_rates", true);
    await forGood(app).click();
    await expect(dialog(app)).toContainText("Somebody has changed the old key meanwhile.");
    expect(await billing()).toEqual(["billing-worker", "billing-worker ~g2"]);
    await setWrite(bridge, "billing-worker", "tax_rates", false);
    await forGood(app).click();
    await expect(title(app)).toHaveText("Done, and proved");
    await allPassed(app, 4);
  });

  await test.step("one call ended it, none paused it", async () => {
    expect(await billing()).toEqual(["billing-worker ~g2"]);
    const sent = (await bridge.journal("shop-eu")).filter(({ method }) => ["PATCH", "DELETE"].includes(method));
    expect(sent.map(({ method, path, status }) => [method, path, status])).toEqual([
      ["DELETE", `/api/auth/keys/${old?.id ?? ""}`, 200],
    ]);
    for (const step of ["Adopt", "Pause", "Soak"]) {
      await expect(steps(app).filter({ hasText: step })).toContainText("skipped");
    }
    await expect(steps(app).filter({ hasText: "Deliver" })).toContainText("done");
  });

  await test.step("the certificate says what was left out", async () => {
    await foot(app, "Show the certificate").click();
    await expect(main(app).getByText("Unaltered")).toBeVisible();
    const evidence = main(app).getByRole("table", { name: "Evidence" });
    await expect(evidence).toContainText("Delivered: Told M. Example");
    await expect(evidence).toContainText("Switch not confirmed: the old key had leaked");
    await expect(evidence).toContainText("Old key not paused: the key had leaked");
    await expect(main(app)).toContainText("Old key proved dead");
    await expect(main(app).getByText("emergency", { exact: true })).toBeVisible();
    await bridge.setPick(folder.at("certificate.json"));
    await main(app).getByRole("button", { name: "Save as JSON…" }).click();
    await expect(app.getByText(`Saved as ${folder.at("certificate.json")}`)).toBeVisible();
    const saved = await folder.read("certificate.json");
    expect(JSON.parse(saved)).toMatchObject({
      mode: "emergency",
      grade: "A",
      adoption: null,
      pause: { paused: false },
    });
    for (const { key } of both) expect(saved.includes(key), "a secret is in the certificate").toBe(false);
    await assertNoSecret(app, both);
    const told = await watch.told();
    for (const { key } of both) expect(told.includes(key), "a secret was told to the window").toBe(false);
    await main(app).getByRole("button", { name: "Rotations", exact: true }).click();
    const done = app.getByRole("grid", { name: "Rotations" }).getByRole("row", { name: /^billing-worker, rotation/ });
    await expect(done).toHaveAccessibleName(/, emergency, done, .*grade A$/);
  });
});

test("without a leak, neither the switch nor the wait can be left out", async ({ app }) => {
  await synced(app);
  await toTargets(app, "billing-worker");
  await expect(revoke(app)).toHaveCount(0);
  await main(app).getByLabel("Who was told").fill("M. Example");
  await main(app).getByRole("button", { name: "Note it" }).click();
  await expect(delivered(app)).toContainText("Told M. Example");
  await expect(revoke(app)).toHaveCount(0);
  await foot(app, "Continue to Adopt").click();
  await main(app).getByLabel("Who says so").fill("M. Example");
  await foot(app, "Confirm the switch").click();
  await expect(title(app)).toHaveText("Pause the old key");
  await expect(revoke(app)).toHaveCount(0);
  await foot(app, "Pause the old key").click();
  await expect(main(app)).toContainText("The old key is paused.");
  await expect(revoke(app)).toHaveCount(0);
});

test("a leaked key is paused first, then ended without a wait, without a mouse", async ({ app, bridge }) => {
  await synced(app);
  const keys = app.keyboard;
  await keys.press("/");
  await keys.type("billing-worker deployment:shop-eu ");
  await keys.press("Enter");
  await expect(app.locator(":focus")).toHaveAttribute("aria-label", /^billing-worker, on shop-eu/);
  await keys.press("o");
  await expect(foot(app, "Begin the rotation")).toBeFocused();
  await tabTo(app, main(app).getByRole("checkbox", { name: "This key has leaked" }));
  await keys.press("Space");
  await expect(main(app)).toContainText("Applications that still use it stop working then.");
  await enter(app, foot(app, "Begin the rotation"));
  await expect(foot(app, "Continue to Deliver")).toBeFocused();
  await keys.press("Enter");
  await tabTo(app, main(app).getByLabel("Who was told"));
  await keys.type("M. Example");
  await keys.press("Enter");
  await enter(app, foot(app, "Continue to Adopt"));
  await tabTo(app, main(app).getByLabel("Who says so"));
  await keys.type("M. Example");
  await keys.press("Enter");
  await enter(app, foot(app, "Pause the old key"));
  await expect(main(app)).toContainText("The old key is paused.");
  await expect(revoke(app), "the end is never where the focus falls").not.toBeFocused();
  await enter(app, revoke(app));
  await expect(dialog(app).getByRole("textbox")).toBeFocused();
  await keys.type("billing-worker");
  await enter(app, forGood(app));
  await expect(title(app)).toHaveText("Done, and proved");
  expect((await keysOf(bridge, "billing-worker")).map(({ label }) => label)).toEqual(["billing-worker ~g2"]);
  await enter(app, foot(app, "Show the certificate"));
  await expect(main(app).getByRole("table", { name: "Evidence" })).toContainText("Old key paused before its end");
  await expect(main(app).getByText("emergency", { exact: true })).toBeVisible();
  await keys.press("Escape");
  await expect(row(app, "billing-worker ~g2").or(app.getByRole("grid", { name: "Rotations" }))).toBeVisible();
});
