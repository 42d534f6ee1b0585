// Every code has a sentence, and every sentence is read by somebody: each is shown where it is reached.
import type { Locator, Page } from "@playwright/test";
import type { Bridge, Fault, Key } from "../stage/bridge.ts";
import { HOUR } from "../stage/bridge.ts";
import { LinkForm } from "../stage/form.ts";
import { CODES, expectNamed, expectSaid, expectWorded, params } from "../stage/sentences.ts";
import { dialog, editKey, expect, open, openKey, panel, sync, synced, test } from "../stage/test.ts";
import type { Code } from "../../../ui/src/ipc/generated/ipc.ts";

const KEYS = "/api/auth/keys";
const answer = (status: number): Fault => ({ status: { status, retry_after: null, body: null } });

/** A server that fails a sync: the fault, and what the banner says. */
const SYNC: [Code, string, Fault, number][] = [
  ["connection_broken", KEYS, "reset", 1],
  ["timed_out", "/api/collections", "hang", 0],
  ["credential_refused", KEYS, answer(401), 1],
  ["credential_lacks_rights", KEYS, answer(403), 1],
  ["server_failed", KEYS, answer(500), 1],
  ["redirect_refused", KEYS, { redirect: { status: 307, to: "https://elsewhere.example/" } }, 1],
  ["reply_not_json", KEYS, "html", 1],
  ["reply_encoded", KEYS, "encoded", 1],
  ["reply_too_large", KEYS, { huge: { bytes: 40 << 20 } }, 1],
  ["reply_malformed", KEYS, { deep: { levels: 30_000 } }, 1],
  ["wrong_server", KEYS, answer(404), 1],
  ["request_refused", KEYS, answer(418), 1],
  // The last: it makes the deployment wait.
  ["rate_limited", KEYS, { status: { status: 429, retry_after: "7", body: null } }, 1],
];

/** What is odd about a key, and what its panel says of it. */
const NOTICES: [Code, (key: Key) => void][] = [
  ["key_id_unusable", (key) => (key.overrides = { id: "../keys/x" })],
  ["key_unidentified", (key) => (key.hidden = ["id", "key"])],
  ["label_cut", (key) => (key.label = "long ".repeat(200))],
  ["label_hidden_characters", (key) => (key.label = "bill\u202Eing")],
  ["label_empty", (key) => (key.label = "")],
];

/** What a person does in the form of a deployment that it refuses. */
const FORM: [Code, (form: LinkForm, bridge: Bridge) => Promise<void>][] = [
  ["url_refused", (form) => tested(form, () => form.address.fill("shop"))],
  ["plain_http_refused", (form) => tested(form, () => form.address.fill("http://shop.example"))],
  ["not_loopback", (form) => tested(form, () => form.address.fill("https://shop.example"))],
  ["certificate_refused", (form, bridge) => tested(form, async () => form.trust((await bridge.addServer("other")).ca))],
  ["host_unreachable", (form, bridge) => tested(form, () => bridge.stopServer("shop-us"))],
  ["authority_unreadable", (form) => tested(form, () => form.trust("no certificate"))],
  ["name_refused", (form) => saved(form, "shop\u202Eue")],
  ["name_taken", (form) => saved(form, "Shop-EU")],
  [
    "credential_unusable",
    async (form) => {
      await form.place.getByRole("button", { name: "Replace" }).click();
      await form.type("two words");
    },
  ],
  [
    "clipboard_empty",
    async (form, bridge) => {
      await bridge.setClipboard(null);
      await form.place.getByRole("button", { name: "Replace" }).click();
      await form.place.getByRole("button", { name: "Paste from clipboard" }).click();
    },
  ],
  [
    "clipboard_unreadable",
    async (form, bridge) => {
      await bridge.setClipboard(false);
      await form.place.getByRole("button", { name: "Replace" }).click();
      await form.place.getByRole("button", { name: "Paste from clipboard" }).click();
    },
  ],
  [
    "credential_forgotten",
    async (form, bridge) => {
      await bridge.advance(HOUR);
      await saved(form, "shop-us");
    },
  ],
];

/**
 * What the core says where these tests cannot bring it about: the reply at the door is replaced. That the core does say
 * it is proved without a window.
 */
const AT_START: Code[] = [
  "bad_request",
  "unknown_command",
  "internal",
  "profile_in_use",
  "data_folder_unusable",
  "database_newer",
  "database_damaged",
  "disk_full",
  "vault_key_missing",
  "vault_key_wrong",
  "vault_locked",
];
const AT_SYNC: Code[] = ["audit_unwritable", "deployment_unknown"];
const AT_SAVE: Code[] = [
  "key_gone",
  "operation_unknown",
  "nothing_to_save",
  "edit_refused",
  "plan_outdated",
  "changed_meanwhile",
  "interrupted",
];
const AT_PLAN: Code[] = [
  "not_now",
  "label_refused",
  "value_lost",
  "other_key_returned",
  "marker_twice",
  "attempts_spent",
  "check_failed",
  "stored_otherwise",
  "revoke_guarded",
  "key_missing",
  "key_still_alive",
  "file_refused",
  "clipboard_unwritable",
  "dialog_unavailable",
  "certificate_unknown",
];
const AT_SET_UP: Code[] = ["keyring_unavailable", "keyring_locked", "keyring_silent", "passphrase_too_short"];

/** Each is the whole of a test below, or the end of one of the journeys. */
const ELSEWHERE: Code[] = [
  "sync_cancelled",
  "key_unknown",
  "credential_needed",
  "origin_known",
  "confirmation_wrong",
  "samples_failed",
  "no_vault",
  "passphrase_wrong",
];

test("every code is in one of these tables", () => {
  const covered = [
    ...[SYNC, NOTICES, FORM].flatMap((table) => table.map(([code]) => code)),
    ...[AT_START, AT_SYNC, AT_SAVE, AT_PLAN, AT_SET_UP, ELSEWHERE].flat(),
  ];
  expect([...covered].sort()).toEqual([...CODES].sort());
});

test.describe("with little patience", () => {
  test.use({ options: { profile: "sample", wait: 1_500 } });

  test("a sync that fails says why, above the list it leaves alone", async ({ app, bridge }) => {
    await synced(app);
    await app.getByRole("button", { name: /^shop-eu, / }).click();
    for (const [code, path, effect, skip] of SYNC) {
      await test.step(code, async () => {
        // A session from before would spare the core the way in.
        await bridge.fault("shop-eu", path, effect, skip);
        await sync(app);
        await expectSaid(note(app), code);
        await expect(app.getByRole("row", { name: /^billing-worker/ })).toBeVisible();
        await bridge.clearFaults("shop-eu");
        if (code === "rate_limited") return;
        await app.getByRole("button", { name: "Try again" }).click();
        await expect(note(app)).toHaveCount(0);
      });
    }
  });
});

test("what is odd about a key is said in its panel", async ({ app, bridge }) => {
  await synced(app);
  await app.getByRole("button", { name: /^shop-eu, / }).click();
  for (const [code, spoil] of NOTICES) {
    await test.step(code, async () => {
      let before: Key | undefined;
      await bridge.change("shop-eu", (world) => {
        const at = world.keys.findIndex(({ description }) => description === "Makes invoices from shipped orders");
        before = structuredClone(world.keys[at]);
        spoil(world.keys[at] as Key);
      });
      await sync(app);
      await odd(app).click();
      await expectSaid(panel(app), code);
      await bridge.change("shop-eu", (world) => {
        const at = world.keys.findIndex(({ description }) => description === "Makes invoices from shipped orders");
        world.keys[at] = before as Key;
      });
      await sync(app);
      await expect(odd(app)).toHaveCount(0);
    });
  }
});

test("what the form of a deployment refuses is said in it", async ({ app, bridge }) => {
  await synced(app);
  for (const [code, spoil] of FORM) {
    await test.step(code, async () => {
      const server = await bridge.addServer("shop-us");
      const form = await LinkForm.add(app);
      await form.fill("shop-us", "test", server);
      await spoil(form, bridge);
      await expectSaid(form.place, code);
      await app.keyboard.press("Escape");
      await expect(form.place).toHaveCount(0);
    });
  }
});

test("what the core says at the start fills the window", async ({ app, bridge }) => {
  for (const code of AT_START) {
    await test.step(code, async () => {
      await refusing(app, "read/app_state", code, async () => {
        await open(app, bridge);
        await expectSaid(app.getByRole("main"), code);
      });
    });
  }
  await app.getByRole("button", { name: "Try again" }).click();
  await expect(app.getByRole("grid", { name: "Keys" })).toBeVisible();
});

test("a sync that cannot begin says why", async ({ app }) => {
  await synced(app);
  for (const code of AT_SYNC) {
    await test.step(code, async () => {
      await refusing(app, "write/sync_start", code, async () => {
        await sync(app);
        await expectSaid(note(app), code);
      });
    });
  }
  await app.getByRole("button", { name: "Try again" }).click();
  await expect(note(app)).toHaveCount(0);
});

test("a change that is not saved says why", async ({ app }) => {
  await synced(app);
  await editKey(app, "billing-worker");
  await app
    .getByRole("gridcell", { name: /^orders, write/ })
    .locator("[data-sign]")
    .click();
  for (const code of AT_SAVE) {
    await test.step(code, async () => {
      await app.getByRole("button", { name: "Review 1 change" }).click();
      await refusing(app, "write/rights_apply", code, async () => {
        await dialog(app).getByRole("button", { name: "Save 1 change to shop-eu" }).click();
        await expectSaid(dialog(app), code);
      });
      await app.keyboard.press("Escape");
      await expect(dialog(app)).toHaveCount(0);
    });
  }
});

test("a rotation that cannot be planned says why, in the words of its codes", async ({ app }) => {
  await synced(app);
  await openKey(app, "billing-worker");
  for (const code of AT_PLAN) {
    await test.step(code, async () => {
      await refusing(app, "write/rotation_plan", code, async () => {
        await panel(app).getByRole("button", { name: "Rotate…" }).click();
        await expectWorded(app.getByRole("region", { name: "Rotate billing-worker" }).getByRole("status"), code);
      });
      await app.getByRole("button", { name: "Cancel" }).click();
      await expect(panel(app)).toBeVisible();
    });
  }
  await panel(app).getByRole("button", { name: "Rotate…" }).click();
  await expect(app.getByRole("button", { name: "Begin the rotation" })).toBeEnabled();
});

test("a key that is gone from the copy says so in the panel", async ({ app }) => {
  await synced(app);
  const again = panel(app).getByRole("button", { name: "Try again" });
  await refusing(app, "read/key_show", "key_unknown", async () => {
    await app
      .getByRole("row", { name: /^cron-export/ })
      .first()
      .click();
    await expectSaid(panel(app), "key_unknown");
    const asked = app.waitForRequest(/key_show/);
    await again.click();
    await asked;
    await expectSaid(panel(app), "key_unknown");
  });
  // News of a sync may ask before a person does: the button goes then.
  await again.click({ timeout: 1_000 }).catch(() => undefined);
  await expect(panel(app).getByRole("heading", { name: "cron-export" })).toBeVisible();
});

test("a sync that the person stopped says so", async ({ app, bridge }) => {
  await synced(app);
  await app.getByRole("button", { name: /^shop-eu, / }).click();
  await bridge.fault("shop-eu", "/api/collections", "hang");
  await sync(app);
  await app.getByRole("button", { name: "Cancel the sync" }).click();
  await expectSaid(note(app), "sync_cancelled");
});

test("an edited deployment", async ({ app, bridge }) => {
  await synced(app);
  const edit = async () => {
    await app.getByRole("button", { name: "Edit shop-dev" }).focus();
    await app.keyboard.press("Enter");
    await expect(dialog(app)).toHaveAccessibleName("Edit shop-dev");
    return new LinkForm(app);
  };
  await test.step("credential_needed", async () => {
    const form = await edit();
    const { url, ca } = await bridge.addServer("elsewhere");
    await form.address.fill(url);
    await form.trust(ca);
    await form.test();
    await expectSaid(form.place, "credential_needed");
    await app.keyboard.press("Escape");
  });
  await test.step("origin_known", async () => {
    const form = await edit();
    const { url, ca, admin } = await bridge.server("shop-eu");
    await form.address.fill(url);
    await form.trust(ca);
    await form.type(admin);
    await form.test();
    await expectNamed(form.place, "origin_known");
    await app.keyboard.press("Escape");
  });
  await test.step("confirmation_wrong", async () => {
    const form = await edit();
    await form.place.getByRole("button", { name: "Remove…" }).click();
    await dialog(app).getByRole("textbox").fill("shop-dev");
    await refusing(app, "write/deployment_remove", "confirmation_wrong", async () => {
      await dialog(app).getByRole("button", { name: "Remove shop-dev" }).click();
      await expectSaid(dialog(app), "confirmation_wrong");
    });
  });
});

test.describe("a profile of one's own", () => {
  test.use({ options: { profile: "default", wait: 30_000 } });

  test("before there is anything", async ({ app, bridge }) => {
    const main = app.getByRole("main");
    await test.step("no_vault", async () => {
      // The button that needs the vault tells why it cannot be pressed.
      await expect(app.getByRole("navigation").getByRole("button", { name: "Add deployment" })).toBeDisabled();
      const offered = { ...(await newDeployment(bridge)) };
      const refused = await bridge.call("write", "deployment_add", offered).catch((error: unknown) => String(error));
      expect(refused).toContain("no_vault");
      await refusing(app, "write/samples_open", "no_vault", async () => {
        await main.getByRole("button", { name: "Start sample servers" }).click();
        await expectSaid(main, "no_vault");
      });
    });
    await test.step("samples_failed", async () => {
      await refusing(app, "write/samples_open", "samples_failed", async () => {
        await main.getByRole("button", { name: "Try again" }).click();
        await expectSaid(main, "samples_failed");
      });
    });
    await main.getByRole("button", { name: "Add a deployment" }).click();
    for (const code of AT_SET_UP) {
      await test.step(code, async () => {
        await refusing(app, "write/vault_setup", code, async () => {
          await app.getByRole("button", { name: "Set up the vault" }).click();
          await expectSaid(main, code);
        });
      });
    }
    await test.step("passphrase_wrong", async () => {
      await bridge.call("write", "vault_setup", { passphrase: { secret: "four plain words here" } });
      await bridge.restart();
      await open(app, bridge);
      await app.getByLabel("Passphrase").fill("four other words here");
      await app.keyboard.press("Enter");
      await expectSaid(main, "passphrase_wrong");
    });
  });
});

/** The key that has something odd about it; one that came and went as another key stays in the list as gone. */
const odd = (page: Page) => page.getByRole("row", { name: /^(?!.*gone from the server).*1 notice$/ });

/** The remark above the list. */
const note = (page: Page): Locator => page.getByRole("main").locator(".banners").getByRole("status");

/** While it lasts, the door answers with that failure. */
async function refusing(page: Page, door: string, code: Code, during: () => Promise<void>): Promise<void> {
  const at = `**/call/${door}`;
  await page.route(at, (route) => route.fulfill({ status: 422, json: { code, params: params(code) } }));
  await during();
  await page.unroute(at);
}

async function tested(form: LinkForm, spoil: () => Promise<unknown>) {
  await spoil();
  await form.test();
}

async function saved(form: LinkForm, name: string) {
  await form.name.fill(name);
  await form.place.getByRole("button", { name: /^Add / }).click();
}

async function newDeployment(bridge: Bridge) {
  const { url, ca, admin } = await bridge.server("shop-eu");
  const { handle } = await bridge.call<{ handle: string }>("write", "secret_offer", { secret: admin });
  const link = { url, trust: { kind: "own_ca", pem: ca }, tls_minimum: "tls13", allow_plain_loopback: false };
  return { name: "x", environment: "test", provider: "ekodb", link, credential: handle };
}
