import { expect, type Page } from "@playwright/test";

/** Writes down what a page does beside drawing: requests elsewhere, faults of its scripts, dialogs, refusals. */
export class Watch {
  readonly elsewhere: string[] = [];
  readonly faults: string[] = [];
  readonly dialogs: string[] = [];
  private readonly answers: Promise<string>[] = [];
  private readonly pages: Page[] = [];

  constructor(
    page: Page,
    private readonly home: string,
  ) {
    this.follow(page);
    page.context().on("page", (other) => this.follow(other));
    page.context().on("response", (reply) => {
      // Of a page that was left meanwhile there is none to be had.
      if (reply.url().startsWith(`${home}call/`)) this.answers.push(reply.text().catch(() => ""));
    });
    page.context().on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(this.home) && url !== "about:blank") this.elsewhere.push(url);
    });
  }

  /** How many things the content policy has refused in the page as it is. */
  static violations(page: Page): Promise<number> {
    return page.evaluate(() => Number(document.documentElement.dataset["policyViolations"] ?? "0"));
  }

  /** Everything that the core has answered to the pages' calls. */
  async told(): Promise<string> {
    return (await Promise.all(this.answers)).join("\n");
  }

  async assertQuiet(): Promise<void> {
    expect(this.elsewhere, "requests that left the bridge").toEqual([]);
    expect(this.faults, "faults of the page's scripts").toEqual([]);
    expect(this.dialogs, "dialogs of a script").toEqual([]);
    for (const page of this.pages.filter((one) => !one.isClosed())) {
      expect(await Watch.violations(page), "refusals of the content policy").toBe(0);
      expect(await page.evaluate(() => "__pwned" in window), "a script of a label ran").toBe(false);
    }
  }

  private follow(page: Page) {
    if (this.pages.includes(page)) return;
    this.pages.push(page);
    page.on("pageerror", (error) => this.faults.push(String(error)));
    page.on("dialog", (dialog) => {
      this.dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  }
}
