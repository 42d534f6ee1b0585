// The vault: set up, locked, opened. A locked window has nothing left to show.
import { expect, open, openKey, panel, row, synced, test } from "../stage/test.ts";

test("locking takes everything off the screen, unlocking brings it back", async ({ app, bridge }) => {
  await synced(app);
  await openKey(app, "billing-worker");
  await app.keyboard.press("Control+Shift+L");
  await expect(app.getByRole("heading", { name: "Keystead is locked" })).toBeVisible();
  await expect(app.getByRole("grid")).toHaveCount(0);
  await expect(panel(app)).toHaveCount(0);
  await expect.poll(async () => (await bridge.desk()).windows_renewed).toBe(1);

  // The shell ends the window's process and opens another: a page that never saw a key.
  await open(app, bridge);
  await expect(app.getByRole("heading", { name: "Keystead is locked" })).toBeVisible();
  const page = await app.content();
  for (const word of ["billing-worker", "shop-eu", "invoices"]) expect(page).not.toContain(word);
  await expect(bridge.call("read", "keys_list", {})).rejects.toThrow("vault_locked");
  const unlock = app.getByRole("button", { name: "Unlock" });
  await expect(unlock).toBeFocused();
  await unlock.click();
  await expect(row(app, "billing-worker")).toBeVisible();
});

test.describe("a profile of one's own", () => {
  test.use({ options: { profile: "default", wait: 30_000 } });

  test("a passphrase: set up, locked, wrong, right, and asked again at the next start", async ({ app, bridge }) => {
    const phrase = "four plain words here";
    await expect(app.getByRole("heading", { name: "Which keys do you answer for?" })).toBeVisible();
    await app
      .getByRole("main")
      .getByRole("button", { name: /Set up the vault|Choose|Add a deployment/ })
      .first()
      .click();
    await expect(app.getByRole("heading", { name: "Where should the key of the vault be kept?" })).toBeVisible();
    await app.getByRole("radio", { name: /^Behind a passphrase/ }).check();
    const [first, again] = [app.getByLabel("Passphrase", { exact: true }), app.getByLabel("The same again")];
    await first.fill("short");
    await app.getByRole("button", { name: "Set up the vault" }).click();
    await expect(app.getByText("5 more characters are needed.")).toBeVisible();
    await expect(first).toBeFocused();
    await first.fill(phrase);
    await again.fill("another one here");
    await app.getByRole("button", { name: "Set up the vault" }).click();
    await expect(app.getByText("The two are not the same.")).toBeVisible();
    await again.fill(phrase);
    await app.getByRole("button", { name: "Set up the vault" }).click();
    await expect(app.getByText("The vault is set up.")).toBeVisible();

    await bridge.restart();
    await open(app, bridge);
    const field = app.getByLabel("Passphrase");
    await expect(field).toBeFocused();
    await field.fill("something else entirely");
    await app.keyboard.press("Enter");
    await expect(app.getByText("This passphrase does not open the vault.")).toBeVisible();
    await expect(field).toHaveValue("");
    await expect(field).toBeFocused();
    await field.fill(phrase);
    await app.keyboard.press("Enter");
    await expect(app.getByRole("heading", { name: "Which keys do you answer for?" })).toBeVisible();
  });
});
