import type { CheckView, DeliveryView, Environment, Grade, Purpose } from "../../ipc/generated/ipc";

/** One generation of the key. */
export interface Generation {
  generation: number | null;
  label: string;
  id: string | null;
  fingerprint: string | null;
  prefix: string | null;
  created_at?: number | null;
  rights: string;
  dead_at?: number | null;
}

/** A certificate's JSON, as far as it is drawn. */
export interface Body {
  operation: string;
  purpose: Purpose;
  mode: "planned" | "emergency";
  deployment: string;
  environment: Environment;
  provider: string;
  host: string;
  old: Generation | null;
  new: Generation | null;
  grade: Grade | null;
  checks: { new: CheckView[]; paused: CheckView[]; death: CheckView[] };
  deliveries: (DeliveryView & { at: number })[];
  adoption: { by: string; at: number; grade: Grade } | null;
  pause: { paused: boolean; why?: string | null } | null;
  began_at: number;
  closed_at: number;
  events: number;
}

/** `null` when it is not of the form that this window knows; an altered one may be anything. */
export function readBody(text: string): Body | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isBody(value) ? value : null;
}

type Fields = Record<string, unknown>;
const isRecord = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const isTextOrNull = (value: unknown) => value === null || value === undefined || isText(value);
const isTime = (value: unknown) => typeof value === "number" && Number.isFinite(value);
const oneOf = (value: unknown, ...words: string[]) => isText(value) && words.includes(value);

function isCheck(value: unknown): boolean {
  return (
    isRecord(value) &&
    isText(value["kind"]) &&
    oneOf(value["verdict"], "passed", "failed", "not_proved") &&
    oneOf(value["mark"], "shown", "declared", "attested") &&
    isText(value["seen"]) &&
    isTime(value["at"])
  );
}

function isGeneration(value: unknown): boolean {
  if (value === null) return true;
  return (
    isRecord(value) &&
    isText(value["label"]) &&
    isText(value["rights"]) &&
    ["id", "fingerprint", "prefix"].every((name) => isTextOrNull(value[name]))
  );
}

function isDelivery(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value["to"] === "env_file") return isText(value["path"]) && isText(value["variable"]);
  return value["to"] === "clipboard" || (value["to"] === "person" && isText(value["name"]));
}

function isBody(value: unknown): value is Body {
  if (!isRecord(value) || value["format"] !== 1) return false;
  const { checks, deliveries, adoption, pause } = value;
  return (
    oneOf(value["purpose"], "create", "rotate", "revoke") &&
    oneOf(value["mode"], "planned", "emergency") &&
    oneOf(value["environment"], "production", "staging", "development", "test") &&
    ["operation", "deployment", "provider", "host"].every((name) => isText(value[name])) &&
    ["began_at", "closed_at", "events"].every((name) => isTime(value[name])) &&
    (value["grade"] === null || oneOf(value["grade"], "A", "B", "C")) &&
    isGeneration(value["old"]) &&
    isGeneration(value["new"]) &&
    isRecord(checks) &&
    ["new", "paused", "death"].every((name) => Array.isArray(checks[name]) && checks[name].every(isCheck)) &&
    Array.isArray(deliveries) &&
    deliveries.every((one) => isDelivery(one) && isRecord(one) && isTime(one["at"])) &&
    (adoption === null || (isRecord(adoption) && isText(adoption["by"]) && isTime(adoption["at"]))) &&
    (pause === null || (isRecord(pause) && typeof pause["paused"] === "boolean"))
  );
}
