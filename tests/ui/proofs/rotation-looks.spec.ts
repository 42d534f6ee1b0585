// The screens of a rotation as the other looks: three sizes, two themes, nothing cut, and axe has nothing to say.
import { look } from "../stage/look.ts";
import { checks, foot, main, title } from "../stage/rotation.ts";
import { dialog, expect, openKey, panel, search, status, synced, test } from "../stage/test.ts";

test("a rotation, from its plan to its certificate, and the list", async ({ app }) => {
  test.setTimeout(360_000);
  await synced(app);
  await app.getByRole("navigation").getByRole("button", { name: "Rotations" }).click();
  await expect(main(app).getByRole("heading", { name: "No key has been rotated yet" })).toBeVisible();
  await look(app, "rotations-empty");
  await app.keyboard.press("g");
  await openKey(app, "billing-worker");
  await panel(app).getByRole("button", { name: "Rotate…" }).click();
  await expect(foot(app, "Begin the rotation")).toBeEnabled();
  await look(app, "rotation-plan", "main");
  await main(app).getByRole("checkbox", { name: "This key has leaked" }).click();
  await expect(main(app)).toContainText("Applications that still use it stop working then.");
  await expect(foot(app, "Begin the rotation")).toBeEnabled();
  await look(app, "rotation-emergency", "main");
  await main(app).getByRole("checkbox", { name: "This key has leaked" }).click();
  await expect(main(app)).not.toContainText("Applications that still use it stop working then.");
  await expect(foot(app, "Begin the rotation")).toBeEnabled();
  await foot(app, "Begin the rotation").click();
  await expect(checks(app)).toBeVisible();
  await checks(app).getByRole("button").first().click();
  await look(app, "rotation-verify");
  await foot(app, "Continue to Deliver").click();
  await expect(title(app)).toHaveText("Deliver the new secret");
  await look(app, "rotation-deliver", "main");
  await main(app).getByLabel("Who was told").fill("M. Example");
  await main(app).getByRole("button", { name: "Note it" }).click();
  await foot(app, "Continue to Adopt").click();
  await main(app).getByLabel("Who says so").fill("M. Example");
  await look(app, "rotation-adopt");
  await foot(app, "Confirm the switch").click();
  await foot(app, "Do not pause…").click();
  await look(app, "rotation-no-pause");
  await dialog(app).getByRole("button", { name: "Cancel" }).click();
  await foot(app, "Pause the old key").click();
  await expect(main(app)).toContainText("The old key is paused.");
  await look(app, "rotation-paused");
  await foot(app, "Begin the wait").click();
  await expect(main(app).getByRole("timer")).toContainText("left");
  await look(app, "rotation-soak");
  await foot(app, "Cut the wait short…").click();
  await dialog(app).getByRole("button", { name: "Cut it short" }).click();
  await foot(app, "Revoke billing-worker…").click();
  await look(app, "rotation-end", "dialog");
  await dialog(app).getByRole("textbox").fill("billing-worker");
  await dialog(app).getByRole("button", { name: "Revoke billing-worker for good" }).click();
  await expect(title(app)).toHaveText("Done, and proved");
  await look(app, "rotation-proof");
  await foot(app, "Show the certificate").click();
  await expect(main(app).getByText("Unaltered")).toBeVisible();
  await look(app, "certificate", "article");
  await main(app).getByRole("button", { name: "Rotations", exact: true }).click();
  await expect(app.getByRole("grid", { name: "Rotations" })).toBeVisible();
  await look(app, "rotations", "main");
});

test("a new key, and the end of one", async ({ app }) => {
  await synced(app);
  await app.keyboard.press("n");
  await look(app, "where");
  await dialog(app)
    .getByRole("button", { name: /^shop-eu/ })
    .click();
  await expect(main(app).getByRole("grid")).toBeVisible();
  await look(app, "new-key");
  await app.keyboard.press("Escape");
  await search(app, "cron-export");
  await expect(status(app)).toContainText("of 41 keys");
  await openKey(app, "cron-export");
  await panel(app).getByRole("button", { name: "Revoke…" }).click();
  await expect(foot(app, "Go on to Revoke")).toBeEnabled();
  await look(app, "revocation-plan");
});
