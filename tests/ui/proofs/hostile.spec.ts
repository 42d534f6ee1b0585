// A thousand labels that are more than labels: every view draws them as text, and nothing else happens.
import type { Page } from "@playwright/test";
import type { Bridge, Grant, Key } from "../stage/bridge.ts";
import { HIDDEN_PATTERN, drawn, hostile } from "../stage/hostile.ts";
import { dialog, expect, list, panel, status, sync, synced, test } from "../stage/test.ts";

const COUNT = 1_000;
const LABELS = hostile(COUNT);
/** The core keeps so much of a label. */
const KEPT = 512;
const kept = (text: string) => [...text].slice(0, KEPT).join("");
const sorted = (texts: string[]) => [...texts].sort();

test("there are a thousand, and they are what they claim to be", () => {
  expect(LABELS).toHaveLength(COUNT);
  expect(new Set(LABELS).size).toBeGreaterThan(COUNT * 0.97);
  for (const sign of [
    "<script>",
    "onerror",
    "javascript:",
    "{@html",
    "\u202e",
    "\u200b",
    "\u0000",
    "__proto__",
    "\u001b",
  ]) {
    expect(LABELS.filter((label) => label.includes(sign)).length, JSON.stringify(sign)).toBeGreaterThan(0);
  }
  expect(LABELS).toContain("");
});

test("as labels and descriptions of keys", async ({ app, bridge }) => {
  await synced(app);
  await bridge.change("shop-eu", (world) => {
    const [admin] = world.keys.filter(({ is_admin }) => is_admin);
    const pattern = world.keys.find(({ is_admin }) => !is_admin) as Key;
    const made = LABELS.map((label, at) => ({
      ...pattern,
      id: at.toString(16).padStart(32, "0"),
      key: `eko_prod_made_up_for_this_run_only_${String(at).padStart(8, "0")}`,
      label,
      description: LABELS[COUNT - 1 - at] ?? null,
    }));
    world.keys = [...world.keys.filter((key) => key.is_admin || key === admin), ...made];
  });
  await sync(app);
  await app.getByRole("button", { name: /^shop-eu,/ }).click();
  await expect(status(app)).toContainText("1,0");
  await expect(app.getByRole("button", { name: /^shop-eu, 1,00\d keys$/ })).toBeVisible();

  await test.step("the list has every one", async () => {
    const texts = await read(app, "main [role=grid]", "[data-row]", "[role=gridcell] .cut");
    const live = texts.filter((_, at) => at >= 0);
    const wanted = LABELS.map((label) => (label === "" ? "(no label)" : drawn(kept(label), 200)));
    for (const text of wanted) expect(live).toContain(text);
    const counts = (all: string[]) => sorted(all.filter((text) => wanted.includes(text)));
    expect(counts(live)).toEqual(sorted(wanted));
    await assertPlain(app, "the list");
  });

  await test.step("the panel, going along with the focus", async () => {
    const rows = list(app).locator("[data-row]");
    const heading = panel(app).getByRole("heading", { level: 2 });
    await rows.first().click();
    for (let at = 0; at < 60; at += 1) {
      const name = (await app.locator("[data-row]:focus [role=gridcell] .cut").first().textContent()) ?? "";
      await expect(heading).toHaveText(exactly(name), { useInnerText: false });
      await assertPlain(app, `the panel of ${JSON.stringify(name)}`);
      await app.keyboard.press("ArrowDown");
    }
  });

  await test.step("the editor and the search", async () => {
    await app.keyboard.press("e");
    await expect(app.getByRole("grid", { name: /^Rights of/ })).toBeVisible();
    await assertPlain(app, "the editor's head");
    await app.keyboard.press("Escape");
    for (const words of [LABELS[0], LABELS[5], LABELS[8]]) {
      await app.getByRole("textbox", { name: "Search keys" }).fill(words ?? "");
      await expect(status(app)).toContainText(/ of 1,0\d\d keys|No key/);
      await assertPlain(app, "what a search finds");
    }
  });
});

test("as names of collections and fields", async ({ app, bridge }) => {
  const names = [...new Set(LABELS)].filter((name) => name !== "");
  await prepare(bridge, names);
  await synced(app);
  await sync(app);
  await app.getByRole("textbox", { name: "Search keys" }).fill("billing-worker");
  const row = list(app).getByRole("row", { name: /^billing-worker, on shop-eu,/ });
  await expect(row).toHaveAttribute("aria-label", new RegExp(`${(names.length + 2).toLocaleString("en")} read`));
  await row.click();
  const wanted = sorted(names.map((name) => drawn(name, 120)));

  await test.step("the rights in the panel", async () => {
    await expect(panel(app).getByRole("tab", { name: /^Rights \d/ })).toBeVisible();
    const seen = await read(app, "aside [role=table]", "[role=row][aria-rowindex]:not(.head)", "[role=rowheader] .cut");
    expect(sorted(seen.filter((text) => wanted.includes(text)))).toEqual(wanted);
    await assertPlain(app, "the rights in the panel");
  });

  await test.step("the editor", async () => {
    await panel(app).getByRole("button", { name: "Edit rights" }).click();
    const grid = app.getByRole("grid", { name: "Rights of billing-worker" });
    await expect(grid).toBeVisible();
    const seen = await read(app, "main [role=grid]", ".row[aria-rowindex]", "[role=rowheader] .cut");
    expect(sorted(seen.filter((text) => wanted.includes(text)))).toEqual(wanted);
    await assertPlain(app, "the editor");
  });

  await test.step("the fields of one", async () => {
    await app.getByRole("textbox", { name: "Filter the rows by name" }).fill("the one with fields");
    await app.getByRole("gridcell", { name: /^the one with fields, read/ }).click();
    await app.keyboard.press("F2");
    const fields = app.getByRole("complementary", { name: /^Fields of/ });
    await expect(fields).toContainText("__proto__");
    for (const field of names.slice(0, 60)) await expect(fields).toContainText(drawn(field, 60).slice(0, 40));
    await assertPlain(app, "the fields");
    await app.keyboard.press("Escape");
    await app.getByRole("textbox", { name: "Filter the rows by name" }).fill("");
  });

  await test.step("the review of many changes, with the exact calls", async () => {
    const cells = app.locator("main [role=gridcell][data-column='2'] [data-sign]");
    await expect(cells.nth(14)).toBeVisible();
    for (let at = 0; at < 15; at += 1) await cells.nth(at).click();
    await app.keyboard.press("Control+Enter");
    await expect(dialog(app).getByRole("button", { name: /^Save \d+ changes to shop-eu/ })).toBeEnabled();
    await assertPlain(app, "the review");
    const named = await dialog(app)
      .locator("table [role=rowheader], table th[scope=row], [role=table] [role=rowheader]")
      .allTextContents();
    expect(named.length).toBeGreaterThan(10);
    await dialog(app).getByRole("button", { name: "Keep editing", exact: true }).click();
  });
});

test("as the name of a deployment", async ({ app, bridge }) => {
  await synced(app);
  const name = "<img src=x onerror=window.__pwned=1>{@html 1}";
  const [one] = await bridge.call<{ id: string; environment: string }[]>("read", "deployments_list", {});
  if (one === undefined) throw new Error("no deployment");
  const { link } = await bridge.call<{ link: object }>("read", "deployment_link", { deployment: one.id });
  const edit = { deployment: one.id, name, environment: one.environment, link, credential: null };
  await bridge.call("write", "deployment_edit", edit);
  const item = app.getByRole("navigation").getByRole("button", { name: `${name}, 21 keys` });
  await expect(item).toContainText(name);
  await item.click();
  const worker = list(app).getByRole("row", { name: /^billing-worker/ });
  await expect(worker).toHaveCount(1);
  await expect(worker).toContainText(name);
  await expect(app.getByRole("button", { name: `Remove the filter deployment:${name}` })).toBeVisible();
  await worker.click();
  await expect(panel(app)).toContainText(`ekoDB · ${name}`);
  await app.keyboard.press("Control+k");
  await expect(dialog(app).getByRole("option", { name: `Go to ${name}` })).toBeVisible();
  await app.keyboard.press("Escape");
  await app.getByRole("button", { name: `Edit ${name}` }).focus();
  await app.keyboard.press("Enter");
  await expect(dialog(app).getByRole("heading", { name: `Edit ${name}` })).toBeVisible();
  await dialog(app).getByRole("button", { name: "Remove…" }).click();
  await dialog(app).getByRole("textbox").fill(name);
  await dialog(app)
    .getByRole("button", { name: /^Remove </ })
    .click();
  await expect(app.getByText(`${name} removed`)).toBeVisible();
  await assertPlain(app, "the end");
});

// The control: the proof that nothing of a label became an element sees one that did.
test("a label drawn as markup would be seen", async ({ app }) => {
  await synced(app);
  await assertPlain(app, "the list");
  await app.evaluate(() => {
    const box = document.createElement("div");
    box.append(document.createElement("iframe"), "a\u202eb");
    box.title = "c\u200bd";
    document.querySelector("main")?.append(box);
  });
  expect(await foreign(app)).toEqual([
    "an element: iframe",
    'hidden in a text: "a\\u202eb"',
    'hidden in title: "c\\u200bd"',
  ]);
});

/** Reads every row of a long list, drawn piece by piece while it is scrolled: the text of `cell` in each. */
function read(page: Page, place: string, rows: string, cell: string): Promise<string[]> {
  return page.evaluate(
    async ([place, rows, cell]) => {
      const box = document.querySelector(place) as HTMLElement;
      const scroller = [box, ...box.querySelectorAll<HTMLElement>("*")].find(
        (one) => getComputedStyle(one).overflowY === "auto" && one.scrollHeight > one.clientHeight,
      );
      if (scroller === undefined) throw new Error("nothing scrolls");
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const isWaiting = (row: Element) => row.querySelector(cell) === null && /Loading/.test(row.textContent ?? "");
      const covered = (view: HTMLElement) => {
        const { top, bottom } = view.getBoundingClientRect();
        const boxes = [...view.querySelectorAll("[aria-rowindex]")].map((row) => row.getBoundingClientRect());
        const seen = boxes.filter((one) => one.bottom > top && one.top < bottom);
        return seen.reduce((sum, { height }) => sum + height, 0) >= view.clientHeight;
      };
      const found = new Map<string, string>();
      for (let top = 0; ; top += Math.floor(scroller.clientHeight * 0.8)) {
        scroller.scrollTop = top;
        // Rows follow a scroll when the browser tells of it; some say that they are still under way. They arrive, or
        // the test runs out of time.
        do await frame();
        while (!covered(scroller) || [...box.querySelectorAll(rows)].some(isWaiting));
        for (const row of box.querySelectorAll(rows)) {
          const text = row.querySelector(cell)?.textContent;
          if (text != null) found.set(row.getAttribute("aria-rowindex") ?? "", text);
        }
        if (top >= scroller.scrollHeight - scroller.clientHeight) break;
      }
      scroller.scrollTop = 0;
      return [...found.values()];
    },
    [place, rows, cell] as const,
  );
}

/** Elements and attributes that the screen does not make, and characters that nobody would see. */
function foreign(page: Page): Promise<string[]> {
  return page.evaluate((pattern) => {
    const hidden = new RegExp(pattern, "u");
    const escaped = (text: string) =>
      JSON.stringify(text).replace(
        /[^\x20-\x7e]/gu,
        (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
      );
    const said: string[] = [];
    const strange =
      "iframe, object, embed, base, meta[http-equiv], body script, body style, body link, img, math, form[action], a[href]";
    for (const element of document.querySelectorAll(strange)) said.push(`an element: ${element.localName}`);
    for (const element of document.querySelectorAll("body *")) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on")) said.push(`a handler: ${name}`);
        if (["title", "aria-label", "placeholder"].includes(name) && hidden.test(value))
          said.push(`hidden in ${name}: ${escaped(value)}`);
      }
      for (const node of element.childNodes) {
        if (node.nodeType === Node.TEXT_NODE && hidden.test(node.nodeValue ?? ""))
          said.push(`hidden in a text: ${escaped(node.nodeValue ?? "")}`);
      }
    }
    return said.sort();
  }, HIDDEN_PATTERN);
}

async function assertPlain(page: Page, where: string): Promise<void> {
  expect(await foreign(page), where).toEqual([]);
}

const exactly = (text: string) =>
  new RegExp(
    `^\\s*${text
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join("\\s+")}\\s*$`,
  );

/** One key with a right on every one of these names, and a collection with such fields. */
async function prepare(bridge: Bridge, names: string[]) {
  const all: Grant = {
    read: true,
    write: false,
    delete: false,
    admin: false,
    select_fields: null,
    exclude_fields: null,
    writable_fields: null,
  };
  await bridge.change("shop-eu", (world) => {
    const empty = { fields: {}, internal: false, created_at: 0, rows: [] };
    const field = { field_type: "String", required: false, unique: false };
    const fields = Object.fromEntries(["__proto__", ...names.slice(0, 60)].map((name) => [name, field]));
    world.collections = Object.fromEntries([
      ...names.map((name) => [name, empty]),
      ["the one with fields", { ...empty, fields }],
    ]);
    const key = world.keys.find(({ label }) => label === "billing-worker") as Key;
    key.grants = Object.fromEntries([...names, "the one with fields"].map((name) => [name, all]));
    // Names that every object has: their fields are looked up by name.
    for (const name of ["constructor", "toString", "valueOf", "__proto__"]) {
      Object.defineProperty(key.grants, name, { value: { ...all, exclude_fields: ["secret"] }, enumerable: true });
    }
    key.grants["the one with fields"] = { ...all, exclude_fields: names.slice(0, 20) };
  });
}
