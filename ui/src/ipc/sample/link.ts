import type { DeploymentView, Failure, LinkReport, Offered, ProviderChoice } from "../generated/ipc";

export const providers: ProviderChoice[] = ["Ledger DB", "Device Hub"].map((name, at) => ({
  id: `p${at}`,
  name,
  credential: at === 0 ? "admin key" : "operator token",
  credential_found: `In the console of ${name}, under Access.`,
  url_example: "https://shop.example",
  tls_minimum: "tls13",
}));

export const offered = (cleared: boolean | null): Offered => ({
  handle: "h1",
  prefix: "led_prod_9f",
  fingerprint: "7c1e04ba93d26f58".repeat(4),
  clipboard_cleared: cleared,
});

/** Addresses with "dead" in them do not answer. */
export function report(url: string, known: DeploymentView | undefined): LinkReport {
  const dead: Failure | null = url.includes("dead") ? { code: "host_unreachable", params: { host: url } } : null;
  const rest = dead === null ? "ok" : "skipped";
  const other: Failure | null = known === undefined ? null : { code: "origin_known", params: { name: known.name } };
  return {
    ok: dead === null,
    steps: [
      {
        name: "address",
        state: "ok",
        detail: { kind: "address", host: url, international: false, places: [{ ip: "10.2.0.7", class: "private" }] },
        failure: null,
      },
      {
        name: "connection",
        state: dead === null ? "ok" : "failed",
        detail: dead === null ? { kind: "connection", encrypted: true } : null,
        failure: dead,
      },
      { name: "log_in", state: rest, detail: null, failure: null },
      { name: "list_keys", state: rest, detail: dead === null ? { kind: "keys", count: 41 } : null, failure: null },
      {
        name: "server",
        state: rest,
        detail:
          dead === null
            ? { kind: "server", facts: [{ name: "Version", value: { kind: "text", text: "0.80.0" } }] }
            : null,
        failure: null,
      },
      { name: "known", state: other === null ? "ok" : "warning", detail: null, failure: other },
    ],
  };
}

export function deployment(id: string, name: string, change: Partial<DeploymentView>): DeploymentView {
  return {
    id,
    name,
    environment: "test",
    provider: "Ledger DB",
    host: `${name}.example`,
    keys: 0,
    freshness: "never",
    syncing: false,
    synced_at: null,
    failure: null,
    not_before: null,
    facts: [],
    ...change,
  };
}
