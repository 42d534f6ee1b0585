import type { CheckKind, CheckView, Grade, Mark, Purpose, Seal, Verdict } from "../../ipc/generated/ipc";
import { count, number } from "../time";

/** What was tried, as it reads when it went as it must. */
export const checkNames: Record<CheckKind, string> = {
  sealed: "The vault gives back the secret that was received",
  authenticates: "The server takes the new secret",
  identified: "What answers to it is the new key, and no other",
  rights_equal: "The rights on the server equal the snapshot",
  own_rights: "The new key itself sees the same rights",
  denied: "What the new key may not do is refused",
  negative_control: "A random secret is refused",
  powerless: "The paused key sees no rights any more",
  old_works: "The old secret worked just before",
  old_refused: "The old secret is refused",
  old_session_refused: "A session of the old key, begun before, is refused",
  absent: "The old key is absent from a complete list",
};

export const verdicts: Record<Verdict, string> = { passed: "passed", failed: "failed", not_proved: "not proved" };

export const marks: Record<Mark, { word: string; title: string }> = {
  shown: { word: "shown", title: "Answered to the secret itself" },
  declared: { word: "declared", title: "Told to the administrator by the server" },
  attested: { word: "attested", title: "A person says so" },
};

/** The check that a failure names. */
export function checkWord(word: string): string {
  return (checkNames as Record<string, string | undefined>)[word] ?? "a check that this window does not know";
}

const conditions: Record<string, string | undefined> = {
  in_place: "It is not at the step where a key may be ended: the wait is not over.",
  verified_after_sealed: "The new secret has not been verified since it was sealed.",
  verified_from_storage: "The secret that was verified is not the one in the vault.",
  new_key_identified: "It is not shown that the new key itself answered.",
  negative_control: "A random secret was not refused, so that the other answers mean nothing.",
  fresh_list: "No complete list of the last minute shows every key exactly once.",
  rights_contained: "The new key may not do all that the old one could.",
  switch_confirmed: "Nobody has confirmed the switch since the new secret was verified.",
  verified_lately: "The new secret was not verified within a day, or a check has failed since.",
  not_own_credential: "It is, or may be, the key that Keystead itself logs in with.",
  not_generated: "It may be the key that the provider makes and rotates itself.",
  not_last_admin: "It is the last key that can manage keys.",
  addressable: "No call can name exactly this key.",
  old_unchanged: "Somebody has changed the old key meanwhile.",
  typed_confirmation: "What was typed does not match.",
};

export const CONDITIONS = Object.keys(conditions);

/** Conditions that do not hold, each a sentence. */
export function conditionWords(words: string): string[] {
  const known = words.split(/[\s,]+/).filter((word) => word !== "");
  return known.map((word) => conditions[word] ?? "A condition that this window does not know does not hold.");
}

/** "7 checks: 6 passed, 1 not proved" */
export function tally(checks: CheckView[]): string {
  const parts = (["passed", "failed", "not_proved"] as const)
    .map((verdict) => ({ verdict, n: checks.filter((check) => check.verdict === verdict).length }))
    .filter(({ n }) => n > 0)
    .map(({ verdict, n }) => `${number(n)} ${verdicts[verdict]}`);
  return `${count(checks.length, "check", "checks")}: ${parts.join(", ")}.`;
}

export const proofText = {
  checks: "Checks",
  evidence: "Evidence",
  mark: "How it is known",
  verdict: "Result",
  at: "Time",
  open: (name: string) => `Evidence of: ${name}`,
  nothingSeen: "nothing was recorded",
  openPoints: (n: number) => (n === 1 ? "One point is not proved." : `${number(n)} points are not proved.`),
  openWhy: "The answers said neither yes nor no. They are named here and on the certificate, and count for nothing.",
  failedPoints: (n: number) => (n === 1 ? "One check failed." : `${number(n)} checks failed.`),
  checkedAt: (time: string) => `Checked ${time} by Keystead on this machine.`,
  again: "Check again",
};

const GRADES: Record<Grade, Record<Purpose, string>> = {
  A: {
    rotate: "Old key proved dead",
    create: "The new key proved",
    revoke: "The key proved dead",
  },
  B: {
    rotate: "The old key is gone from the list",
    create: "The new key declared",
    revoke: "The key is gone from the list",
  },
  C: {
    rotate: "Something rests on a person’s word",
    create: "Something rests on a person’s word",
    revoke: "Something rests on a person’s word",
  },
};

const WHYS: Record<Grade, Record<Purpose, string>> = {
  A: {
    rotate: "refused with the real secret, absent from the complete list",
    create: "the server took the secret and declared its rights",
    revoke: "refused with the real secret, absent from the complete list",
  },
  B: {
    rotate: "its secret was not at hand, or did not work before either, so that its refusal shows nothing",
    create: "the secret itself was not tried",
    revoke: "its secret was not at hand, or did not work before either, so that its refusal shows nothing",
  },
  C: {
    rotate: "what the server did not show, somebody attested",
    create: "what the server did not show, somebody attested",
    revoke: "what the server did not show, somebody attested",
  },
};

export const gradeText = {
  name: (grade: Grade) => `Grade ${grade}`,
  what: (grade: Grade, purpose: Purpose) => GRADES[grade][purpose],
  why: (grade: Grade, purpose: Purpose) => WHYS[grade][purpose],
  none: "Not graded",
  noneWhy: "A check failed, or the proof is not complete",
};

export const seals: Record<Seal, { word: string; title: string }> = {
  unaltered: { word: "Unaltered", title: "Its hash is the one in the audit log, and the whole log is unbroken" },
  altered: { word: "Altered", title: "It is not what was sealed: its hash is not the one in the audit log" },
  log_broken: { word: "Audit log broken", title: "It is what was sealed, but the audit log has a gap" },
};
