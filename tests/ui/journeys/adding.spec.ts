// A deployment comes in: tested step by step, each of which can be where it ends.
import type { Page } from "@playwright/test";
import { dialog, expect, list, status, synced, test } from "../stage/test.ts";
import type { Bridge, Server } from "../stage/bridge.ts";
import { LinkForm } from "../stage/form.ts";
import { expectNamed, expectSaid } from "../stage/sentences.ts";
import type { Code } from "../../../ui/src/ipc/generated/ipc.ts";

test("pasted, tested, saved, listed", async ({ app, bridge }) => {
  await synced(app);
  const server = await bridge.addServer("shop-us");
  await bridge.setClipboard(server.admin);
  const form = await LinkForm.add(app);
  await form.name.fill("shop-us");
  await form.choose("test");
  await form.address.fill(server.url);
  await form.place.getByRole("button", { name: "Paste from clipboard" }).click();
  await form.taken();
  await expect(form.place).toContainText("Clipboard cleared");
  expect(await bridge.clipboard()).toEqual({ kind: "empty" });
  expect(await app.content(), "the secret is not in the page").not.toContain(server.admin);
  await form.trust(server.ca);
  await form.test();
  for (const step of ["Address", "Connection and certificate", "Log-in", "May list keys", "Kind of server"]) {
    await expect(form.step(step).locator(".sr").first(), step).toHaveText("ok");
  }
  await expect(form.step("Not added before")).toContainText("ok");
  await expect(form.step("May list keys")).toContainText("2 keys");
  await form.place.getByRole("button", { name: "Add shop-us" }).click();
  await expect(form.place).toHaveCount(0);
  await expect(app.getByText("shop-us added")).toBeVisible();
  await expect(app.getByRole("button", { name: "shop-us, 2 keys" })).toHaveAttribute("aria-current", "page");
  await expect(list(app).getByRole("row", { name: /^reader, on shop-us, test/ })).toBeVisible();
  await expect(status(app)).toContainText("2 of 43 keys");
});

test("what is missing is said beside its field", async ({ app }) => {
  await synced(app);
  const form = await LinkForm.add(app);
  await form.place.getByRole("button", { name: "Add deployment" }).click();
  for (const line of [
    "Give it a name.",
    "Choose what it is for.",
    "Give its address.",
    "Paste or type the credential.",
  ]) {
    await expect(form.place.getByRole("alert").filter({ hasText: line })).toBeVisible();
  }
});

interface Ending {
  /** The step that fails. */
  step: string;
  code: Code;
  spoil: (form: LinkForm, bridge: Bridge, server: Server) => Promise<unknown>;
}

const KEYS = "/api/auth/keys";
const answer = (status: number) => ({ status: { status, retry_after: null, body: null } });

const ENDINGS: Record<string, Ending> = {
  "an address that is none": {
    step: "Address",
    code: "url_refused",
    spoil: (form) => form.address.fill("ftp://shop.example"),
  },
  "an address without encryption": {
    step: "Address",
    code: "plain_http_refused",
    spoil: (form) => form.address.fill("http://127.0.0.1:1"),
  },
  "a real server in the sample profile": {
    step: "Address",
    code: "not_loopback",
    spoil: (form) => form.address.fill("https://shop.example"),
  },
  "nobody there": {
    step: "Connection and certificate",
    code: "host_unreachable",
    spoil: (_, bridge) => bridge.stopServer("shop-us"),
  },
  "another authority": {
    step: "Connection and certificate",
    code: "certificate_refused",
    spoil: async (form, bridge) => form.trust((await bridge.addServer("other")).ca),
  },
  "an authority that is none": {
    step: "Address",
    code: "authority_unreadable",
    spoil: (form) => form.trust("no certificate"),
  },
  "a server without TLS": {
    step: "Connection and certificate",
    code: "certificate_refused",
    spoil: async (form, bridge) => {
      const { url } = await bridge.addServer("plain", "plain");
      await form.address.fill(url.replace("http:", "https:"));
    },
  },
  "a wrong key": {
    step: "Log-in",
    code: "credential_refused",
    spoil: (form) => replace(form, "eko_prod_made_up_and_known_to_nobody"),
  },
  "a server that is not well": {
    step: "Log-in",
    code: "server_failed",
    spoil: (_, bridge) => bridge.fault("shop-us", "/api/auth/token", answer(503)),
  },
  "a server that asks for patience": {
    step: "Log-in",
    code: "rate_limited",
    spoil: (_, bridge) =>
      bridge.fault("shop-us", "/api/auth/token", { status: { ...answer(429).status, retry_after: "7" } }),
  },
  "a way that leads elsewhere": {
    step: "Log-in",
    code: "redirect_refused",
    spoil: (_, bridge) =>
      bridge.fault("shop-us", "/api/auth/token", { redirect: { status: 302, to: "https://elsewhere.example/" } }),
  },
  "a key that may not list keys": {
    step: "May list keys",
    code: "credential_lacks_rights",
    spoil: (form, _, server) => replace(form, server.reader),
  },
  "a page in place of the list": {
    step: "May list keys",
    code: "reply_not_json",
    spoil: (_, bridge) => bridge.fault("shop-us", KEYS, "html"),
  },
  "a list cut off": {
    step: "May list keys",
    code: "connection_broken",
    spoil: (_, bridge) => bridge.fault("shop-us", KEYS, "truncated"),
  },
  "another kind of server": {
    step: "May list keys",
    code: "wrong_server",
    spoil: (_, bridge) => bridge.fault("shop-us", KEYS, answer(404)),
  },
};

test("each way in which a test can end, and what is said of it", async ({ app, bridge }) => {
  await synced(app);
  for (const [name, { step, code, spoil }] of Object.entries(ENDINGS)) {
    await test.step(name, async () => {
      const server = await bridge.addServer("shop-us");
      const form = await LinkForm.add(app);
      await form.fill("shop-us", "test", server);
      await spoil(form, bridge, server);
      await form.test();
      await expectSaid(form.place, code);
      if (code !== "authority_unreadable") {
        await expect(form.step(step).locator(".sr").first()).toHaveText("failed");
        await expect(form.place.getByText("The connection does not work yet.")).toBeAttached();
      }
      await expect(form.place.getByRole("button", { name: "Add shop-us" }), "nothing is lost").toBeEnabled();
      await reset(app, form);
    });
  }
  await expect(app.getByRole("button", { name: /^shop-us,/ }), "nothing was added").toHaveCount(0);
});

test("a server known already is said, and stops nothing", async ({ app, bridge }) => {
  await synced(app);
  const server = await bridge.server("shop-eu");
  const form = await LinkForm.add(app);
  await form.fill("shop-eu again", "test", server);
  await form.test();
  await expectNamed(form.step("Not added before"), "origin_known");
  await expect(form.step("Not added before").locator(".sr").first()).toHaveText("note");
  await expect(form.place.getByText("The connection works.")).toBeAttached();
});

test("another address asks for the credential again; removing asks for the name", async ({ app, bridge }) => {
  await synced(app);
  const other = await bridge.addServer("elsewhere");
  const nav = app.getByRole("navigation");
  await nav.getByRole("button", { name: "Edit shop-dev" }).focus();
  await app.keyboard.press("Enter");
  const form = new LinkForm(app);
  await expect(form.place).toHaveAccessibleName("Edit shop-dev");
  await expect(form.place).toContainText("The saved one stays.");
  await form.address.fill(other.url);
  await form.trust(other.ca);
  await expect(form.place).toContainText("A new address or trust needs it again");
  await form.test();
  await expectSaid(form.place, "credential_needed");
  await form.place.getByRole("button", { name: "Remove…" }).click();
  const removal = dialog(app);
  await expect(removal).toHaveAccessibleName("Remove shop-dev");
  const remove = removal.getByRole("button", { name: "Remove shop-dev" });
  await expect(remove).toBeDisabled();
  await removal.getByRole("textbox", { name: "Type shop-dev to confirm" }).fill("shop-de");
  await expect(remove).toBeDisabled();
  await removal.getByRole("textbox", { name: "Type shop-dev to confirm" }).fill("shop-dev");
  await remove.click();
  await expect(app.getByText("shop-dev removed")).toBeVisible();
  await expect(nav.getByRole("button", { name: /^shop-dev/ })).toHaveCount(0);
  expect((await bridge.world("shop-dev")).keys.length, "nothing is revoked there").toBeGreaterThan(5);
});

async function replace(form: LinkForm, secret: string) {
  await form.place.getByRole("button", { name: "Replace" }).click();
  await form.type(secret);
  await form.taken();
}

/** The form forgets nothing by being closed, but by being filled anew after a fresh start of the window. */
async function reset(page: Page, form: LinkForm) {
  await page.keyboard.press("Escape");
  await expect(form.place).toHaveCount(0);
}
