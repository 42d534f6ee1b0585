// The new secret goes into a file of variables: looked at first, masked, then written for its owner alone.
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { TODAY } from "../stage/bridge.ts";
import {
  assertNoSecret,
  delivered,
  diff,
  enter,
  foot,
  keysOf,
  main,
  title,
  toFile,
  toTargets,
} from "../stage/rotation.ts";
import { expect, synced, test } from "../stage/test.ts";

const MASK = "••••••••";

/** What stands around the variable that changes: to the last byte as before, and none of it to be seen. */
const HEAD = '# Billing, kept by hand\r\nDATABASE_URL="postgres://billing:fake-pa55@db/billing"\n\nLOG_LEVEL=info\n';
const TAIL = "  TWO_WORDS = 'left alone'\n#EKODB_API_KEY=commented-out\nEKODB_API_KEY_OLD=fake-0ld\nLAST=no-line-end";
const OTHERS = ["fake-pa55", "kept by hand", "commented-out", "left alone", "fake-0ld", "no-line-end"];

test("the file is looked at, then written", async ({ app, bridge, folder, watch }) => {
  const path = folder.at(".env");
  await synced(app);
  const [old] = await keysOf(bridge, "billing-worker");
  const before = `${HEAD}export EKODB_API_KEY=${old?.key ?? ""}\n${TAIL}`;
  await writeFile(path, before, { mode: 0o644 });
  await toTargets(app, "billing-worker");
  const both = await keysOf(bridge, "billing-worker");
  const fresh = both.find(({ id }) => id !== old?.id);
  expect(both).toHaveLength(2);
  const choose = toFile(app).getByRole("button", { name: /^Choose/ });

  await test.step("nothing is chosen", async () => {
    await bridge.setPick(null);
    await choose.click();
    await expect(choose).toBeEnabled();
    await expect(choose).toHaveText("Choose a file…");
    await expect(diff(app)).toHaveCount(0);
  });

  await test.step("what changes is shown, masked", async () => {
    await bridge.setPick(path);
    await choose.click();
    await expect(toFile(app)).toContainText(path);
    await expect(diff(app)).toContainText("A copy of the file is kept beside it.");
    const lines = diff(app).getByRole("listitem");
    await expect(lines.filter({ hasText: "goes" })).toHaveText([`−goesexport EKODB_API_KEY=${MASK}`]);
    await expect(lines.filter({ hasText: "comes" })).toHaveText([`+comesexport EKODB_API_KEY=${MASK}`]);
    await expect(diff(app)).toContainText("2 lines stay as they are");
    await assertNoSecret(app, both);
    for (const text of OTHERS) await expect(main(app)).not.toContainText(text);
    expect(await folder.names()).toEqual([".env"]);
    expect(await folder.read(".env")).toBe(before);
  });

  await test.step("another variable would come at the end", async () => {
    await toFile(app).getByLabel("Variable").fill("PAYMENTS_KEY");
    await expect(diff(app)).toHaveCount(0);
    await expect(toFile(app).getByRole("button", { name: /^Write/ })).toHaveCount(0);
    await toFile(app).getByRole("button", { name: "Show what changes" }).click();
    const lines = diff(app).getByRole("listitem");
    await expect(lines.last()).toHaveText(`+comesPAYMENTS_KEY=${MASK}`);
    await expect(lines.filter({ hasText: "goes" })).toHaveCount(0);
    await toFile(app).getByLabel("Variable").fill("EKODB_API_KEY");
    await toFile(app).getByLabel("Variable").press("Enter");
    await expect(diff(app)).toContainText("goes");
  });

  const after = `${before}\nMEANWHILE=1`;
  await test.step("a file that changed meanwhile stays as it is, and is looked at again", async () => {
    await writeFile(path, after);
    await toFile(app).getByRole("button", { name: "Write EKODB_API_KEY" }).click();
    await expect(toFile(app)).toContainText("What you looked at is no longer what would be done.");
    await expect(diff(app)).toHaveCount(0);
    expect(await folder.names()).toEqual([".env"]);
    expect(await folder.read(".env")).toBe(after);
    await expect(delivered(app)).toHaveCount(0);
    await toFile(app).getByRole("button", { name: "Show what changes" }).click();
    await expect(diff(app)).toContainText("3 lines stay as they are");
  });

  const copy = `.env.bak-${String(TODAY)}`;
  await test.step("written", async () => {
    expect(await folder.mode(".env")).toBe("644");
    await toFile(app).getByRole("button", { name: "Write EKODB_API_KEY" }).click();
    await expect(delivered(app)).toContainText(`EKODB_API_KEY in ${path}`);
    await expect(delivered(app)).toContainText(`copy of what was there: ${folder.at(copy)}`);
    expect(await folder.names()).toEqual([".env", copy]);
    expect(fresh?.key).toMatch(/^eko_ks_/);
    expect(await folder.read(".env")).toBe(after.replace(old?.key ?? "", fresh?.key ?? ""));
    expect(await folder.mode(".env")).toBe("600");
    expect(await folder.read(copy)).toBe(after);
    expect(await folder.mode(copy)).toBe("600");
    await expect(choose).toHaveText("Choose a file…");
    await assertNoSecret(app, both);
    expect(await bridge.clipboard()).toEqual({ kind: "empty" });
  });

  await test.step("neither shown afterwards, nor told to the window at any time", async () => {
    await foot(app, "Continue to Adopt").click();
    await expect(delivered(app)).toContainText(`EKODB_API_KEY in ${path}`);
    await assertNoSecret(app, both);
    const told = await watch.told();
    expect(told).toContain(`EKODB_API_KEY=${MASK}`);
    for (const { key } of both) expect(told.includes(key), "a secret was told to the window").toBe(false);
    for (const text of OTHERS) expect(told).not.toContain(text);
  });
});

test("the file, without a mouse", async ({ app, bridge, folder }) => {
  await synced(app);
  const keys = app.keyboard;
  const path = folder.at("billing.env");
  await bridge.setPick(path);
  await keys.press("/");
  await keys.type("billing-worker deployment:shop-eu ");
  await keys.press("Enter");
  await expect(app.locator(":focus")).toHaveAttribute("aria-label", /^billing-worker, on shop-eu/);
  await keys.press("o");
  await expect(foot(app, "Begin the rotation")).toBeFocused();
  await keys.press("Enter");
  await expect(foot(app, "Continue to Deliver")).toBeFocused();
  await keys.press("Enter");
  await expect(title(app)).toHaveText("Deliver the new secret");
  const fresh = (await keysOf(bridge, "billing-worker")).find(({ label }) => label?.endsWith("~g2"));

  await test.step("chosen, renamed, written", async () => {
    await enter(app, toFile(app).getByRole("button", { name: "Choose a file…" }));
    await expect(diff(app), "what came is read on from").toBeFocused();
    await expect(diff(app)).toContainText("The file is new.");
    await keys.press("Shift+Tab");
    await expect(toFile(app).getByLabel("Variable")).toBeFocused();
    await keys.press("Control+a");
    await keys.type("BILLING_KEY");
    await enter(app, toFile(app).getByRole("button", { name: "Show what changes" }));
    await expect(diff(app)).toBeFocused();
    await expect(diff(app).getByRole("listitem")).toHaveText([`+comesBILLING_KEY=${MASK}`]);
    await keys.press("Tab");
    await expect(toFile(app).getByRole("button", { name: "Write BILLING_KEY" })).toBeFocused();
    expect(await folder.names()).toEqual([]);
    await keys.press("Enter");
    await expect(delivered(app)).toContainText(`BILLING_KEY in ${path}`);
    await expect(delivered(app)).not.toContainText("copy of what was there");
    await expect(foot(app, "Continue to Adopt")).toBeFocused();
    expect(await folder.read("billing.env")).toBe(`BILLING_KEY=${fresh?.key ?? ""}\n`);
    expect(await folder.mode("billing.env")).toBe("600");
  });

  await test.step("and into a second one, after which the focus is not lost", async () => {
    await bridge.setPick(folder.at("second.env"));
    await keys.press("Shift+Tab");
    await enter(app, toFile(app).getByRole("button", { name: "Choose a file…" }));
    await expect(diff(app)).toBeFocused();
    await enter(app, toFile(app).getByRole("button", { name: "Write BILLING_KEY" }));
    await expect(delivered(app).getByRole("listitem")).toHaveCount(2);
    await expect(foot(app, "Continue to Adopt")).toBeFocused();
    await assertNoSecret(app, await keysOf(bridge, "billing-worker"));
    expect(await folder.names()).toEqual(["billing.env", "second.env"]);
  });
});

test("a file that cannot take it, with the reason, and one that version control would take", async ({
  app,
  bridge,
  folder,
}) => {
  await synced(app);
  await toTargets(app, "billing-worker");
  const choose = toFile(app).getByRole("button", { name: /^Choose/ });
  const name = toFile(app).getByLabel("Variable");
  await test.step("no dialog", async () => {
    await bridge.setPick(false);
    await choose.click();
    await expect(toFile(app)).toContainText("No dialog for choosing a file can be opened.");
  });

  await test.step("a link", async () => {
    await writeFile(folder.at("real"), "A=1\n");
    await symlink(folder.at("real"), folder.at("link"));
    await bridge.setPick(folder.at("link"));
    await choose.click();
    await expect(toFile(app)).toContainText("it is a link; choose the file that it leads to");
    await expect(diff(app)).toHaveCount(0);
  });

  await test.step("a name that no shell takes", async () => {
    await bridge.setPick(folder.at("real"));
    await choose.click();
    await expect(diff(app)).toBeVisible();
    await name.fill("1 KEY");
    await name.press("Enter");
    await expect(toFile(app)).toContainText("a variable's name has letters, digits and underscores");
    await expect(name, "it can be typed again at once").toBeFocused();
    await expect(diff(app)).toHaveCount(0);
    expect(await folder.read("real")).toBe("A=1\n");
  });

  await test.step("version control", async () => {
    await name.fill("KEY");
    await name.press("Enter");
    await expect(diff(app)).toBeVisible();
    await expect(toFile(app)).not.toContainText("version control");
    await mkdir(folder.at(".git"));
    await choose.click();
    await expect(toFile(app)).toContainText(
      "A version control system would take this file, or the copy that is kept of it.",
    );
    await writeFile(folder.at(".gitignore"), "real\nreal.bak-*\n");
    await choose.click();
    await expect(diff(app)).toBeVisible();
    await expect(toFile(app)).not.toContainText(
      "A version control system would take this file, or the copy that is kept of it.",
    );
  });
});

test("a secret in the page or in a field of it would be found", async ({ app, bridge }) => {
  await synced(app);
  const [old] = await keysOf(bridge, "billing-worker");
  const held = old === undefined ? [] : [old];
  await assertNoSecret(app, held);
  await app.getByRole("textbox", { name: "Search keys" }).fill(old?.key ?? "");
  await expect(assertNoSecret(app, held)).rejects.toThrow("a secret is in the page");
  await app.getByRole("textbox", { name: "Search keys" }).fill("");
  await assertNoSecret(app, held);
  await app.evaluate((secret) => document.body.setAttribute("data-planted", secret), old?.key ?? "");
  await expect(assertNoSecret(app, held)).rejects.toThrow("a secret is in the page");
});
