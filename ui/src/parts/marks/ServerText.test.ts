import { render } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import ServerText from "./ServerText.svelte";

const shown = (text: string, limit?: number) =>
  render(ServerText, { text, ...(limit === undefined ? {} : { limit }) }).container;

describe("text from a server", () => {
  it("is text, whatever it looks like", () => {
    const box = shown('<img src=x onerror="alert(1)"><b>bold</b>{@html 1}');
    expect(box.querySelector("img, b")).toBeNull();
    expect(box.textContent).toBe('<img src=x onerror="alert(1)"><b>bold</b>{@html 1}');
  });

  it("cannot hide a character", () => {
    const box = shown("pay\u202Elivaf\u200B");
    expect(box.textContent).toBe("pay‹U+202E›livaf‹U+200B›");
    expect([...box.querySelectorAll(".code")].map((chip) => chip.textContent)).toEqual(["‹U+202E›", "‹U+200B›"]);
  });

  it("cannot turn its neighbours round", () => expect(shown("مفتاح").querySelector("bdi")).not.toBeNull());

  it("ends", () => expect(shown("x".repeat(100_000), 50).textContent).toBe(`${"x".repeat(50)}…`));

  it("says when there is none", () => expect(shown("").textContent).toBe("(no label)"));
});
