import type {
  CreateForm,
  CreateOn,
  Failure,
  KeyRow,
  PlannedCall,
  RotationPlan,
  RotationWish,
} from "../../generated/ipc";
import * as drafts from "../drafts";
import * as people from "../people";

const hex = (seed: string) =>
  Array.from({ length: 64 }, (_, at) => ((seed.charCodeAt(at % seed.length) * 31 + at * 17) % 16).toString(16)).join(
    "",
  );

export const ADVICE = [
  "Keep it in an environment variable or a secrets manager, never in source code, version control or code that runs at a client.",
  "Give each service and each environment a key of its own.",
  "Never put an admin key into an application.",
];

const refuse = (failure: Failure): never => {
  throw failure;
};
const refused = (reason: string) => refuse({ code: "edit_refused", params: { reason } });

export function successor(label: string): string {
  const found = /^(.*) ~g(\d+)$/.exec(label);
  return found === null ? `${label} ~g2` : `${found[1] ?? ""} ~g${Number(found[2]) + 1}`;
}

/** What the pretended server makes of a wish; the same words as the core's. */
export function planOf(
  wish: RotationWish,
  key: KeyRow | null,
  home: { name: string; environment: CreateForm["environment"]; provider: string },
): RotationPlan {
  const label = wish.purpose === "create" ? wish.label : (key?.label ?? "");
  if (key?.gone_at) refuse({ code: "key_gone", params: {} });
  if (key?.rights.admin) {
    refused("This is an admin key. The provider makes and rotates one of them itself, and no call tells which");
  }
  if (key?.label === "") refused("The server does not say enough about this key to tell it apart");
  if (
    wish.purpose === "create" &&
    people.keys().some((other) => other.deployment === wish.deployment && other.label === label)
  ) {
    const reason = "another key of this deployment has it, and the proof tells keys apart by it";
    refuse({ code: "label_refused", params: { reason } });
  }
  const detail = key === null ? null : people.detail(key);
  const cells =
    wish.purpose === "create"
      ? wish.rights.flatMap((row) => row.cells)
      : key === null
        ? []
        : drafts.keptOf(key).base.flatMap((row) => row.base);
  const id = detail?.remote_id ?? "";
  const calls: PlannedCall[] = [];
  const call = (stage: PlannedCall["stage"], text: string) =>
    calls.push({ stage, call: text, permanent: stage === "revoke" });
  if (wish.purpose !== "revoke") {
    call("create", "POST /api/keys");
    call("equip", "PATCH /api/keys/{new id}/permissions/collections/customers");
    call("equip", "PATCH /api/keys/{new id}/permissions/collections/payouts");
  }
  const noPause =
    home.provider === "Search Box" ? "This server's keys have no rights that could be taken away and given back" : null;
  if (wish.purpose === "rotate" && noPause === null) {
    for (const name of ["addresses", "customers", "orders"])
      call("pause", `PATCH /api/keys/${id}/permissions/collections/${name}`);
  }
  if (wish.purpose !== "create") call("revoke", `DELETE /api/keys/${id}`);
  const usual = home.environment === "production" ? 1440 : 0;
  const soak = wish.purpose !== "rotate" || wish.emergency ? 0 : (wish.soak_minutes ?? usual);
  return {
    plan: hex(JSON.stringify(wish)),
    purpose: wish.purpose,
    deployment_name: home.name,
    environment: home.environment,
    provider: home.provider,
    old_label: key?.label ?? null,
    old_id: detail?.remote_id ?? null,
    old_fingerprint: detail?.fingerprint ?? null,
    old_secret_held: home.name !== "catalogue",
    new_label: wish.purpose === "create" ? label : wish.purpose === "rotate" ? successor(label) : null,
    lossless: wish.purpose !== "revoke" && home.name === "shop-eu",
    cells: cells.filter(({ state }) => state === "all" || state === "fields").length,
    rules: cells.filter(({ state }) => state === "fields").length,
    snapshot: hex(`rights ${label}`),
    calls,
    pause_why_not: wish.purpose === "rotate" ? noPause : null,
    soak_minutes: soak,
    requests: calls.length + 20,
    requests_per_minute: home.name === "iot-core" ? null : 250,
    confirmation: key?.label ?? null,
  };
}

export function formOf(
  request: CreateOn,
  like: KeyRow | null,
  any: KeyRow,
  home: { name: string; environment: CreateForm["environment"] },
): CreateForm {
  const given = new Map((like === null ? [] : drafts.keptOf(like).base).map((row) => [drafts.at(row), row.base]));
  const columns = drafts.columnsOf(any);
  const none = columns.map((column) =>
    column.locked === null ? ({ state: "none" } as const) : ({ state: "inherited", from: "write" } as const),
  );
  const roles = request.deployment === "d2" || request.deployment === "d5";
  return {
    deployment: request.deployment,
    deployment_name: home.name,
    environment: home.environment,
    columns,
    rows: drafts
      .keptOf(any)
      .base.filter(({ resource }) => !resource.startsWith("log_"))
      .map((row) => {
        const base = row.locked === null ? [...none] : row.base;
        return { ...row, base, now: row.locked === null ? (given.get(drafts.at(row)) ?? base) : base };
      }),
    why_not: roles ? "Its keys get their rights from roles, which Keystead does not make" : null,
    advice: ADVICE,
  };
}
export { hex };
