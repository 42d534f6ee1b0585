import { describe, expect, it } from "vitest";
import { Pages } from "./pages.svelte";

interface Asked {
  query: string;
  offset: number;
  limit: number;
  answer: (total?: number, mark?: string) => Promise<void>;
  fail: () => Promise<void>;
}

const settle = async () => {
  for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
};

function list() {
  const asked: Asked[] = [];
  const pages = new Pages<string, string>(
    (query, offset, limit) =>
      new Promise((resolve, reject) => {
        asked.push({
          query,
          offset,
          limit,
          answer: async (total = 1000, mark = "") => {
            const size = Math.max(0, Math.min(limit, total - offset));
            const rows = Array.from({ length: size }, (_, at) => `${query}${offset + at}${mark}`);
            resolve({ rows, offset, total });
            await settle();
          },
          fail: async () => {
            reject({ code: "internal", params: {} });
            await settle();
          },
        });
      }),
  );
  const last = () => asked.at(-1) as Asked;
  return { asked, pages, last };
}

describe("a long list", () => {
  it("asks for one page at first, then for what comes into view, never for more than 200", async () => {
    const { asked, pages, last } = list();
    void pages.ask("a");
    expect(asked).toHaveLength(1);
    await last().answer();
    expect(pages.total).toBe(1000);
    expect(pages.row(99)).toBe("a99");
    expect(pages.row(100)).toBeUndefined();
    pages.show(250, 310);
    await settle();
    expect(asked.slice(1).map(({ offset }) => offset)).toEqual([200, 300]);
    expect(Math.max(...asked.map(({ limit }) => limit))).toBeLessThanOrEqual(200);
    for (const one of asked.slice(1)) await one.answer();
    expect(pages.row(305)).toBe("a305");
  });

  it("is settled when the latest question has its answer, not an older one", async () => {
    const { asked, pages, last } = list();
    void pages.ask("a");
    let settled = false;
    void pages.settled().then(() => (settled = true));
    void pages.ask("b");
    await asked[0]?.answer();
    expect(settled).toBe(false);
    await last().answer();
    await settle();
    expect(settled).toBe(true);
  });

  it("asks for nothing twice", async () => {
    const { asked, pages, last } = list();
    void pages.ask("a");
    pages.show(0, 40);
    pages.show(5, 45);
    await last().answer();
    pages.show(9, 49);
    await settle();
    expect(asked).toHaveLength(1);
  });

  it("drops the answer to a question no longer asked", async () => {
    const { asked, pages } = list();
    void pages.ask("a");
    void pages.ask("b");
    await asked[1]?.answer(10);
    await asked[0]?.answer(1000);
    expect(pages.total).toBe(10);
    expect(pages.row(0)).toBe("b0");
  });

  it("keeps the old rows on the screen until the new ones are here", async () => {
    const { pages, last } = list();
    void pages.ask("a");
    await last().answer();
    void pages.refresh();
    expect(pages.row(3)).toBe("a3");
    await last().answer(1000, "′");
    expect(pages.row(3)).toBe("a3′");
  });

  it("asks again when something changed while it was asking", async () => {
    const { asked, pages, last } = list();
    void pages.ask("a");
    await last().answer();
    void pages.refresh();
    void pages.refresh();
    await last().answer(1000, "′");
    expect(asked).toHaveLength(3);
    await last().answer(1000, "″");
    expect(pages.row(3)).toBe("a3″");
    expect(asked).toHaveLength(3);
  });

  it("keeps what it has when asking fails, and says why", async () => {
    const { pages, last } = list();
    void pages.ask("a");
    await last().answer();
    void pages.refresh();
    await last().fail();
    expect(pages.row(3)).toBe("a3");
    expect(pages.failure?.code).toBe("internal");
  });

  it("forgets pages far from the view", async () => {
    const { asked, pages } = list();
    void pages.ask("a");
    await asked[0]?.answer(5000);
    for (let first = 100; first < 2500; first += 100) {
      pages.show(first, first + 50);
      await settle();
      await asked.at(-1)?.answer(5000);
    }
    expect(pages.row(0)).toBeUndefined();
    expect(pages.row(2410)).toBe("a2410");
  });
});
