import { describe, expect, it } from "vitest";
import { CODES, details, sentences } from "./errors";
import json from "./errors.json";

const params = {
  reason: "it does not begin with https://",
  host: "shop.example:8443",
  seconds: "30",
  status: "503",
  path: "/api/keys",
  limit: "16 MiB",
  profile: "default",
  folder: "~/.local/share/keystead",
  found: "7",
  known: "5",
  field: "limit",
  name: "shop-eu",
  minimum: "10",
  check: "rights_equal",
  conditions: "in_place fresh_list",
};

describe("every code", () => {
  it.each(CODES)("%s says what happened, why, and what to do", (code) => {
    const said = sentences({ code, params });
    for (const sentence of [said.what, said.why, said.do]) {
      expect(sentence.length).toBeGreaterThan(5);
      expect(sentence).toMatch(/\.$/);
      expect(sentence).not.toMatch(/[{}…]/);
    }
  });

  it.each(CODES)("%s opens with a capital, or with a name it was given", (code) => {
    const { what, why, do: act } = json[code];
    for (const sentence of [what, why, act]) expect(sentence).toMatch(/^(\p{Lu}|\{)/u);
  });
});

describe("sentences", () => {
  it("put in what the core sent", () => {
    expect(sentences({ code: "timed_out", params }).why).toBe("There was no complete reply within 30 s.");
  });

  it("give the core's words their own sentences", () => {
    expect(sentences({ code: "check_failed", params }).what).toBe(
      "A check failed: “The rights on the server equal the snapshot”.",
    );
    expect(sentences({ code: "revoke_guarded", params }).why).toBe(
      "It is not at the step where a key may be ended: the wait is not over. " +
        "No complete list of the last minute shows every key exactly once. Nothing was sent.",
    );
  });

  it("survive a parameter that is missing, and a code from a newer core", () => {
    expect(sentences({ code: "timed_out", params: {} }).what).toBe("… did not answer in time.");
    expect(sentences({ code: "brand_new" as never, params: {} }).what).toBe("Something went wrong inside Keystead.");
  });

  it("do not take a parameter for a template", () => {
    expect(sentences({ code: "timed_out", params: { host: "{seconds}", seconds: "9" } }).what).toBe(
      "{seconds} did not answer in time.",
    );
  });
});

describe("details", () => {
  it("are the code and its parameters", () => {
    expect(JSON.parse(details({ code: "disk_full", params: { folder: "/x" } }))).toEqual({
      code: "disk_full",
      params: { folder: "/x" },
    });
  });
});
