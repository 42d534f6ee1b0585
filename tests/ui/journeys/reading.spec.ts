// Finding a key, and reading what it may do.
import { dialog, expect, list, openKey, panel, row, search, status, synced, test } from "../stage/test.ts";

test("search by words, environment and deployment", async ({ app }) => {
  await synced(app);
  await search(app, "billing");
  await expect(status(app)).toContainText("of 41 keys");
  for (const label of await list(app).getByRole("row").all()) {
    const name = (await label.getAttribute("aria-label")) ?? "billing";
    expect(name).toContain("billing");
  }
  await app.getByRole("button", { name: "Clear the search" }).click();
  await expect(status(app)).toContainText("41 keys");

  const field = app.getByRole("textbox", { name: "Search keys" });
  await field.fill("env:production ");
  await expect(app.getByRole("button", { name: "Remove the filter env:production" })).toBeVisible();
  await expect(status(app)).toContainText("21 of 41 keys");
  await expect(status(app), "production is said in words").toContainText("production");
  await app.getByRole("button", { name: "Remove the filter env:production" }).click();
  await expect(status(app)).toContainText("41 keys");

  await field.fill("deployment:shop-dev ");
  await expect(app.getByRole("button", { name: "Remove the filter deployment:shop-dev" })).toBeVisible();
  await expect(
    list(app)
      .getByRole("row", { name: /on shop-dev/ })
      .first(),
  ).toBeVisible();
  await expect(list(app).getByRole("row", { name: /on shop-eu/ })).toHaveCount(0);

  await app.getByRole("button", { name: "Clear the search" }).click();
  await search(app, "no such key anywhere");
  await expect(app.getByRole("heading", { name: "No key matches" })).toBeVisible();
  await expect(app.getByText("No key has the words “no such key anywhere”.")).toBeVisible();
  await app.getByRole("button", { name: "Clear the filter" }).click();
  await expect(status(app)).toContainText("41 keys");
});

test("sorting says its direction, and does what it says", async ({ app }) => {
  await synced(app);
  const head = (name: string) => list(app).getByRole("columnheader", { name, exact: true });
  const first = list(app).getByRole("row").nth(1);
  await expect(head("Name")).toHaveAttribute("aria-sort", "ascending");
  await expect(first).toHaveAttribute("aria-label", /^admin-marta,|^[a-c]/);
  await head("Name").getByRole("button").click();
  await expect(head("Name")).toHaveAttribute("aria-sort", "descending");
  await expect(first).toHaveAttribute("aria-label", /^[w-z]/);
  await head("Age").getByRole("button").click();
  await expect(head("Name")).toHaveAttribute("aria-sort", "none");
  await expect(head("Age")).toHaveAttribute("aria-sort", "descending");
  await expect(first, "the oldest").toHaveAttribute("aria-label", /, 731 days old/);
  await head("Age").getByRole("button").click();
  await expect(head("Age")).toHaveAttribute("aria-sort", "ascending");
  await expect(first, "the newest").toHaveAttribute("aria-label", /hours? old/);
});

test("one key in full", async ({ app, bridge }) => {
  await synced(app);
  await openKey(app, "billing-worker");
  await expect(panel(app)).toContainText("Makes invoices from shipped orders");
  await expect(panel(app)).toContainText("Fingerprint");
  const { keys } = await bridge.world("shop-eu");
  const key = keys.find(({ label }) => label === "billing-worker");
  const page = await app.content();
  for (const { key: secret } of keys) expect(page, "no secret is in the page").not.toContain(secret);
  await expect(panel(app)).toContainText(String(key?.id.slice(0, 8)));
  const customers = panel(app).getByRole("row", { name: /^customers/ });
  await expect(customers).toContainText("3 of");
  await panel(app).getByRole("tab", { name: "Limits" }).click();
  await expect(panel(app).getByRole("tabpanel", { name: "Limits" })).toBeVisible();
  await panel(app).getByRole("button", { name: "Close the panel" }).click();
  await expect(panel(app)).toHaveCount(0);
  await expect(row(app, "billing-worker"), "the focus goes back to the list").toBeFocused();
});

test("the palette goes wherever it says", async ({ app }) => {
  await synced(app);
  await app.keyboard.press("Control+k");
  const palette = dialog(app);
  await palette.getByRole("combobox").fill("go shop-stg");
  await palette.getByRole("option", { name: /^Go to shop-stg/ }).click();
  await expect(palette).toHaveCount(0);
  await expect(app.getByRole("button", { name: "Remove the filter deployment:shop-stg" })).toBeVisible();
});
