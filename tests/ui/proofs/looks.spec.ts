// Every screen and dialog, three sizes, two themes: nothing is cut or scrolls sideways, and axe has nothing to say.
import type { Page } from "@playwright/test";
import { HOUR, TODAY, type Bridge } from "../stage/bridge.ts";
import { LinkForm } from "../stage/form.ts";
import { look } from "../stage/look.ts";
import {
  dialog,
  editKey,
  expect,
  list,
  open,
  openKey,
  panel,
  row,
  search,
  status,
  sync,
  synced,
  test,
} from "../stage/test.ts";

test("the list and the panel", async ({ app }) => {
  await synced(app);
  await expect(list(app).getByText("Loading")).toHaveCount(0);
  await look(app, "list");
  await app.keyboard.press("Control+k");
  await expect(dialog(app)).toBeVisible();
  await look(app, "palette", "dialog");
  await app.keyboard.press("Escape");
  await app.keyboard.press("?");
  await expect(dialog(app)).toBeVisible();
  await look(app, "shortcuts", "dialog");
  await app.keyboard.press("Escape");
  await openKey(app, "billing-worker");
  await expect(panel(app).getByRole("row", { name: /^customers/ })).toContainText("3 of");
  await look(app, "panel", "aside");
  for (const tab of ["Limits", "Life"]) {
    await panel(app).getByRole("tab", { name: tab }).click();
    await look(app, `panel-${tab.toLowerCase()}`);
  }
  await search(app, "env:production ");
  await expect(status(app)).toContainText("21 of 41 keys");
  await expect(row(app, "billing-worker")).toBeVisible();
  await look(app, "production", "body");
  await app.getByRole("button", { name: "Clear the search" }).click();
  await search(app, "nothing like this");
  await expect(app.getByRole("heading", { name: "No key matches" })).toBeVisible();
  await look(app, "no-match");
});

test("an admin key, a key that went, a key with much to say", async ({ app, bridge }) => {
  await synced(app);
  await bridge.change("shop-eu", (world) => {
    world.keys = world.keys.filter(({ label }) => label !== "cron-export");
    for (const key of world.keys) {
      if (key.label === "tax-export") key.label = "tax\u202Eexport ".repeat(60);
    }
  });
  await sync(app);
  await row(app, "cron-export").click();
  await expect(panel(app)).toContainText("no longer had this key");
  await look(app, "gone");
  await openKey(app, "keystead-console");
  await look(app, "admin");
  await search(app, "tax");
  await app.getByRole("row", { name: /^tax‹U\+202E›export/ }).click();
  await expect(panel(app)).toContainText("The label is shown shortened.");
  await look(app, "odd-label");
});

test("servers away", async ({ app, bridge }) => {
  await synced(app);
  await bridge.stopServers();
  await sync(app);
  await expect(app.getByText("3 deployments are not up to date.")).toBeVisible();
  await bridge.advance(26 * HOUR);
  await app.clock.setFixedTime(TODAY + 26 * HOUR);
  await open(app, bridge);
  await expect(app.getByRole("button", { name: /^shop-eu, offline 26 h/ })).toBeVisible();
  await look(app, "offline");
  await app.getByRole("button", { name: /^shop-eu, offline/ }).click();
  await expect(app.getByText(/cannot be reached/)).toBeVisible();
  await look(app, "offline-one");
});

test("adding, editing and removing a deployment", async ({ app, bridge }) => {
  await synced(app);
  const server = await bridge.server("shop-eu");
  let form = await LinkForm.add(app);
  await look(app, "link", "dialog");
  await form.place.getByRole("button", { name: "Add deployment" }).click();
  await expect(form.place.getByRole("alert")).toHaveCount(4);
  await look(app, "link-missing");
  await form.fill("shop-eu-2", "production", server);
  await look(app, "link-filled");
  await form.test();
  await expect(form.step("Not added before")).toContainText("has the same address");
  await look(app, "link-tested", "dialog");
  await form.trust((await bridge.addServer("other")).ca);
  await form.test();
  await expect(form.step("Connection and certificate")).toContainText("failed");
  await look(app, "link-failed");
  await app.keyboard.press("Escape");
  await app.getByRole("button", { name: "Edit shop-dev" }).focus();
  await look(app, "sidebar-focus");
  await app.keyboard.press("Enter");
  form = new LinkForm(app);
  await expect(form.place.getByRole("button", { name: "Save shop-dev" })).toBeEnabled();
  await expect(form.place).toContainText("The saved one stays.");
  await look(app, "link-edit", "dialog");
  await form.place.getByRole("button", { name: "Remove…" }).click();
  await expect(dialog(app)).toContainText("What stays");
  await look(app, "remove", "dialog");
});

test("editing rights", async ({ app, bridge }) => {
  await synced(app);
  await editKey(app, "billing-worker");
  await look(app, "rights", "main");
  await app
    .getByRole("gridcell", { name: /^orders, write/ })
    .locator("[data-sign]")
    .click();
  await look(app, "rights-changed");
  await app.getByRole("gridcell", { name: /^customers, read/ }).click();
  await app.keyboard.press("F2");
  await expect(app.getByRole("complementary", { name: "Fields of customers" })).toBeVisible();
  await look(app, "fields", "aside");
  await app.keyboard.press("Escape");
  await app.getByRole("textbox", { name: "Filter the rows by name" }).fill("no such row");
  await expect(app.getByRole("heading", { name: "Nothing to show" })).toBeVisible();
  await look(app, "rights-empty");
  await app.getByRole("button", { name: "Show all rows" }).click();
  await app.getByRole("columnheader").first().locator("[data-sign]").click();
  await expect(dialog(app)).toBeVisible();
  await look(app, "bulk", "dialog");
  await dialog(app).getByRole("button", { name: "Cancel" }).click();
  await app.getByRole("button", { name: "Review 1 change" }).click();
  const save = dialog(app).getByRole("button", { name: "Save 1 change to shop-eu" });
  await expect(save).toBeEnabled();
  await look(app, "review", "dialog");
  await bridge.change("shop-eu", (world) => {
    const key = world.keys.find(({ label }) => label === "billing-worker");
    if (key?.grants["orders"] !== undefined) key.grants["orders"].read = false;
  });
  await save.click();
  await expect(dialog(app)).toContainText("has changed on the server");
  await look(app, "conflict", "dialog");
  await dialog(app).getByRole("button", { name: "Take theirs as the new base" }).click();
  await dialog(app)
    .getByRole("button", { name: /^Save \d changes? to shop-eu/ })
    .click();
  await expect(dialog(app)).toContainText("Verified: shop-eu stores exactly this");
  await look(app, "result", "dialog");
});

test("locked", async ({ app, bridge }) => {
  await synced(app);
  await bridge.call("write", "vault_lock", {});
  await open(app, bridge);
  await expect(app.getByRole("button", { name: "Unlock" })).toBeVisible();
  await look(app, "locked", "body");
});

test("a core that does not start", async ({ app, bridge }) => {
  const json = { code: "database_damaged", params: { folder: `/a/${"very-long-name-".repeat(12)}/keystead/sample` } };
  await app.route("**/call/read/app_state", (route) => route.fulfill({ status: 422, json }));
  await open(app, bridge);
  await look(app, "failure", "body");
});

test.describe("a profile of one's own", () => {
  test.use({ options: { profile: "default", wait: 30_000 } });

  test("the first run, and the place of the key", async ({ app, bridge }) => {
    await expect(app.getByRole("heading", { name: "Which keys do you answer for?" })).toBeVisible();
    await look(app, "first-run", "body");
    await app.getByRole("main").getByRole("button", { name: "Add a deployment" }).click();
    await look(app, "set-up", "body");
    await app.getByRole("radio", { name: /^Behind a passphrase/ }).check();
    await app.getByLabel("Passphrase", { exact: true }).fill("short");
    await app.getByRole("button", { name: "Set up the vault" }).click();
    await expect(app.getByText("5 more characters are needed.")).toBeVisible();
    await look(app, "set-up-passphrase");
    await bridge.call("write", "vault_setup", { passphrase: { secret: "four plain words here" } });
    await bridge.restart();
    await open(app, bridge);
    await app.getByLabel("Passphrase").fill("four other words here");
    await app.keyboard.press("Enter");
    await expect(app.getByText("This passphrase does not open the vault.")).toBeVisible();
    await look(app, "unlock", "body");
  });
});

// The control: what these proofs would miss, they are shown.
test("a cut word, a scroll bar, a faint word and a nameless button are seen", async ({
  app,
}: {
  app: Page;
  bridge: Bridge;
}) => {
  await synced(app);
  const { misfits } = await import("../stage/fit.ts");
  const { findings } = await import("../stage/axe.ts");
  expect(await misfits(app)).toEqual([]);
  await app.evaluate(() => {
    const plant = (make: (box: HTMLElement) => void, tag = "div") => {
      const box = document.createElement(tag);
      make(box);
      document.querySelector("main")?.append(box);
    };
    plant((box) => {
      box.textContent = "a word that is far too long for its place";
      Object.assign(box.style, { width: "20px", overflow: "hidden", whiteSpace: "nowrap" });
    });
    plant((box) => {
      box.textContent = "faint";
      box.style.color = "#ddd";
      box.style.background = "#fff";
    });
    plant((box) => (box.style.height = "20px"), "button");
    plant((box) => {
      box.textContent = "wide";
      Object.assign(box.style, { position: "absolute", left: "0", top: "0", width: "3000px" });
    });
  });
  const seen = (await misfits(app)).join("\n");
  expect(seen).toContain("cut sideways");
  expect(seen).toContain("reaches out of the window");
  const rules = (await findings(app)).map(({ rule }) => rule);
  expect(rules).toEqual(expect.arrayContaining(["button-name", "color-contrast"]));
});
