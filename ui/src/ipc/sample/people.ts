import type { DeploymentView, Fact, KeyDetail, KeyRow, RightsRow } from "../generated/ipc";

export const NOW = Date.UTC(2026, 10, 22, 14, 8, 31);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type Known = Pick<DeploymentView, "id" | "name" | "environment" | "provider"> & { columns: string[]; kind: string };

const KNOWN: Known[] = [
  {
    id: "d1",
    name: "shop-eu",
    environment: "production",
    provider: "Ledger DB",
    columns: ["read", "write"],
    kind: "collection",
  },
  {
    id: "d2",
    name: "iot-core",
    environment: "production",
    provider: "Device Hub",
    columns: ["get", "create", "update", "delete"],
    kind: "collection",
  },
  {
    id: "d3",
    name: "catalogue",
    environment: "production",
    provider: "Search Box",
    columns: ["read", "write"],
    kind: "index",
  },
  {
    id: "d4",
    name: "shop-stg",
    environment: "staging",
    provider: "Ledger DB",
    columns: ["read", "write"],
    kind: "collection",
  },
  {
    id: "d5",
    name: "iot-lab",
    environment: "development",
    provider: "Device Hub",
    columns: ["get", "create", "update", "delete"],
    kind: "collection",
  },
  {
    id: "d6",
    name: "search-try",
    environment: "test",
    provider: "Search Box",
    columns: ["read", "write"],
    kind: "index",
  },
];

const NAMES =
  "legacy-import storefront-web index-writer search-ro pos-gateway stock-feed ota-rollout partner-live invoice-mailer billing-worker erp-sync alarm-relay synonym-editor datawarehouse tax-export cron-export edge-gateway warehouse-scan loyalty-batch ticket-desk meter-reader vendor-portal search-suggest fleet-map returns-portal cart-recovery mobile-search price-updater carbon-report support-console fraud-scoring device-provision analytics-view".split(
    " ",
  );
const RESOURCES =
  "addresses coupons credit_notes customers disputes invoices ledger_entries order_lines orders payment_methods payouts prices products refunds returns sessions shipments stock suppliers tax_rates tickets transfers users vouchers warehouses".split(
    " ",
  );

export function deployments(keys: KeyRow[]): DeploymentView[] {
  return KNOWN.map(({ id, name, environment, provider }) => ({
    id,
    name,
    environment,
    provider,
    host: `${name}.example`,
    keys: keys.filter((key) => key.deployment === id && key.gone_at === null).length,
    freshness: id === "d6" ? "never" : id === "d5" ? "stale" : "fresh",
    syncing: false,
    synced_at: id === "d6" ? null : id === "d5" ? NOW - 3 * HOUR : NOW - 2 * MINUTE,
    failure: id === "d5" ? { code: "host_unreachable", params: { host: "iot-lab.example" } } : null,
    not_before: null,
    facts: [],
  }));
}

export function keys(): KeyRow[] {
  const rows: KeyRow[] = [];
  const counts = [148, 96, 61, 71, 36, 0];
  KNOWN.forEach((home, at) => {
    for (let n = 0; n < (counts[at] ?? 0); n += 1) rows.push(key(home, at, n));
  });
  return rows;
}

function key(home: Known, at: number, n: number): KeyRow {
  const serial = n * 7 + at * 11;
  const name = NAMES[serial % NAMES.length] ?? "key";
  const row: KeyRow = {
    id: `${home.id}-k${n}`,
    label: n < NAMES.length ? name : `${name}-${Math.floor(n / NAMES.length) + 1}`,
    deployment: home.id,
    deployment_name: home.name,
    environment: home.environment,
    rights: {
      admin: serial % 41 === 0,
      counts:
        serial % 41 === 0
          ? []
          : home.columns
              .slice(0, 1 + (serial % home.columns.length))
              .map((action, c) => ({ action, count: 1 + ((serial + c * 5) % 18) })),
      restricted: serial % 6 === 0 ? 2 : 0,
    },
    created_at: serial % 37 === 5 ? null : NOW - (((serial * 13) % 740) * DAY + ((n * 5) % 20) * HOUR),
    expires:
      home.kind === "collection" && home.columns.length === 2
        ? { kind: "unsupported" }
        : serial % 3 === 0
          ? { kind: "never" }
          : { kind: "at", at: NOW + ((serial % 290) - 6) * DAY },
    gone_at: serial % 53 === 9 ? NOW - 5 * HOUR : null,
    notices: [],
  };
  if (home.id === "d1" && n === 3) {
    row.label = "billing\u202Ereknow\u200B";
    row.notices = [{ code: "label_hidden_characters", params: {} }];
  }
  if (home.id === "d3" && n === 4) {
    row.label = "";
    row.notices = [
      { code: "label_empty", params: {} },
      { code: "key_unidentified", params: {} },
    ];
  }
  return row;
}

export function detail(row: KeyRow): KeyDetail {
  const home = KNOWN.find((known) => known.id === row.deployment);
  const columns = (home?.columns ?? []).map((action) => ({ action, title: action }));
  const limits: Fact[] = [
    {
      name: "Expiry",
      value:
        row.expires.kind === "at"
          ? { kind: "time", at: row.expires.at }
          : { kind: "unknown", why: `${home?.provider ?? ""} keys do not expire` },
    },
    { name: "Networks", value: { kind: "text", text: "10.2.0.0/16, 10.9.4.0/24" } },
    { name: "Rate", value: { kind: "text", text: "300 requests a minute" } },
    { name: "Referers", value: { kind: "unknown", why: `${home?.provider ?? ""} has no such limit` } },
  ];
  const life: Fact[] = [
    { name: "Created by", value: { kind: "text", text: "marta@shop.example" } },
    { name: "Last used", value: { kind: "unknown", why: `${home?.provider ?? ""} does not say` } },
    { name: "Changed", value: { kind: "time", at: NOW - 12 * DAY } },
  ];
  return {
    row,
    provider: home?.provider ?? "",
    description: row.id.endsWith("k9") ? "Nightly invoices; ask Payments before you touch it." : "",
    remote_id: row.label === "" ? null : `4be1c07a2d9f43c8a1${row.id.replaceAll("-", "")}5f06e93f`,
    fingerprint: row.label === "" ? null : "7c1e04ba93d26f58".repeat(4),
    prefix: row.label === "" ? null : "led_prod_9f",
    first_seen: NOW - 40 * DAY,
    seen_at: row.gone_at === null ? NOW - 2 * MINUTE : null,
    no_expiry: row.expires.kind === "unsupported" ? `${home?.provider ?? ""} keys do not expire` : null,
    limits,
    life,
    columns,
    resources: rights(row).length,
    extras: row.id.endsWith("k9") ? ["cors_origins", "billing_tag"] : [],
  };
}

export function rights(row: KeyRow): RightsRow[] {
  const home = KNOWN.find((known) => known.id === row.deployment);
  const size = 8 + ((row.id.length * 7 + row.id.charCodeAt(row.id.length - 1)) % 18);
  return RESOURCES.slice(0, size).map((resource, r) => ({
    resource,
    kind: home?.kind ?? "",
    exists: r !== 6,
    fields: null,
    cells: (home?.columns ?? []).map((_, c) => {
      const pick = (r * 3 + c * 5) % 8;
      if (pick === 3) return { state: "fields", only: ["name", "email", "city", "country"], except: null };
      if (pick === 7 && r % 3 === 0) return { state: "inherited", from: "role “operator”" };
      return pick < 4 || c === 0 ? { state: "all" } : { state: "none" };
    }),
  }));
}
