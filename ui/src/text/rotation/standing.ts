import type { RotationView } from "../../ipc/generated/ipc";
import { relative } from "../time";

/** A key whose end was asked for, and what is known of it. */
export interface Ending {
  of: "old" | "new";
  known: "under_way" | "unknown" | "done";
}

/** The core has one word for the end of either key; the rail tells them apart. */
export function ending(view: Pick<RotationView, "state" | "rail">): Ending | null {
  const revoke = view.rail.find(({ step }) => step === "revoke")?.status;
  if (revoke === "done") return { of: "old", known: "done" };
  const of = revoke === "now" ? "old" : "new";
  switch (view.state) {
    case "revoking":
      return { of, known: "under_way" };
    case "revoke_unknown":
      return { of, known: "unknown" };
    // The old key would have its step behind it.
    case "revoked":
    case "rolled_back":
      return { of: "new", known: "done" };
    default:
      return null;
  }
}

/** The old key is between having its rights and having none. */
export function between(
  view: Pick<RotationView, "state" | "rail" | "acts" | "paused" | "failure">,
): "pausing" | "restoring" | "partly" | null {
  if (view.state === "pausing" || view.state === "restoring") return view.state;
  if (view.paused) return null;
  // Calls that stopped on the way have their effect until the rest is done or taken back.
  const here = view.rail.find(({ step }) => step === "pause")?.status === "now";
  const stopped = view.state === "needs_you" && view.failure?.code !== "check_failed";
  return view.acts.includes("restore") || (here && stopped) ? "partly" : null;
}

/** The wait runs; a time that an earlier wait left behind is none. */
export function waits(view: Pick<RotationView, "state" | "rail" | "soak_until">, now: number): boolean {
  const here = view.rail.find(({ step }) => step === "soak")?.status === "now";
  const begun = view.state === "soaking" || view.state === "needs_you";
  return here && begun && view.soak_until !== null && view.soak_until > now;
}

const words = {
  rolledBack: "The new key is gone again. The old one is as it was.",
  created: "The key is gone again.",
  abandoned: "It ended where it stood. What is on the server stays as it is.",
  nothing: "Nothing so far is permanent.",
  end: (key: string, { of, known }: Ending) =>
    known === "under_way"
      ? `${key} is being ended for good.`
      : known === "unknown"
        ? `It is not known yet whether ${key.toLowerCase()} has ended.`
        : of === "old"
          ? `${key} is gone for good. Only another key with the same rights can be made.`
          : `${key} is gone for good.`,
  untouched: "The old secret works as before.",
  noRights: "The old key has no rights any more. One click gives them back.",
  between: {
    pausing: "The old key is losing its rights. They can be given back.",
    restoring: "The old key is getting its rights back.",
    partly: "Some rights of the old key may be gone. They can be given back.",
  },
  oldPaused: "The old key has no rights while it is paused.",
  both: {
    emergency: "Both secrets work until you revoke the old key, which you may do once the new one is delivered.",
    paused: "Both secrets work until step 6, which can be undone.",
    unpaused: "Both secrets work until step 8.",
  },
  wait: (time: string) => `Step 8 can be reached ${time}, or when you cut the wait short.`,
  over: "It has ended. Nothing more happens.",
  safe: "Closing the window is safe. It goes on, or waits at this step.",
};

/** What is true of the whole at this moment, each with its sign. */
export function standing(
  view: RotationView,
  now: number,
): { sign: "undo" | "key" | "clock" | "safe" | "end"; text: string }[] {
  const ended = view.closed_at !== null;
  const end = ending(view);
  const lines: ReturnType<typeof standing> = [];
  if (view.state === "rolled_back")
    lines.push({ sign: "undo", text: view.purpose === "create" ? words.created : words.rolledBack });
  else if (view.state === "abandoned") lines.push({ sign: "undo", text: words.abandoned });
  else if (end !== null) {
    const key = view.purpose !== "rotate" ? "The key" : end.of === "old" ? "The old key" : "The new key";
    lines.push({ sign: "end", text: words.end(key, end) });
  } else lines.push({ sign: "undo", text: words.nothing });
  if (!ended && view.purpose === "rotate" && end?.of !== "old") {
    const way = between(view);
    if (end === null && way !== null) lines.push({ sign: "key", text: words.between[way] });
    else if (view.paused) lines.push({ sign: "key", text: end === null ? words.noRights : words.oldPaused });
    else if (end === null && view.new !== null && view.new.fingerprint !== null) {
      const { both } = words;
      const text = view.emergency ? both.emergency : view.pause_why_not === null ? both.paused : both.unpaused;
      lines.push({ sign: "key", text });
    } else lines.push({ sign: "key", text: words.untouched });
  }
  if (!ended && end === null && view.soak_until !== null && waits(view, now)) {
    lines.push({ sign: "clock", text: words.wait(relative(view.soak_until, now)) });
  }
  lines.push({ sign: "safe", text: ended ? words.over : words.safe });
  return lines;
}
