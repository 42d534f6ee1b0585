import type { Locator, Page } from "@playwright/test";
import type { Server } from "./bridge.ts";
import { dialog, expect } from "./test.ts";

/** The dialog in which a deployment is added or edited. */
export class LinkForm {
  readonly place: Locator;

  constructor(page: Page) {
    this.place = dialog(page);
  }

  static async add(page: Page): Promise<LinkForm> {
    await page.getByRole("button", { name: "Add deployment", exact: true }).click();
    const form = new LinkForm(page);
    await expect(form.place).toHaveAccessibleName("Add a deployment");
    await expect(form.name).toBeFocused();
    return form;
  }

  get name() {
    return this.place.getByRole("textbox", { name: "Name", exact: true });
  }

  get address() {
    return this.place.getByRole("textbox", { name: "Address" });
  }

  async choose(environment: string) {
    await this.place.getByRole("radiogroup", { name: "Environment" }).getByText(environment, { exact: true }).click();
  }

  /** Types the credential, which leaves the field at once. */
  async type(secret: string) {
    const field = this.place.getByLabel(/^Type the/);
    await field.fill(secret);
    await field.press("Tab");
  }

  async taken() {
    await expect(this.place.getByLabel("taken, hidden")).toBeVisible();
  }

  async trust(pem: string) {
    await this.unfold();
    await this.place.getByText("Only this authority").click();
    await this.place.getByRole("textbox", { name: "Certificate authority, PEM" }).fill(pem);
  }

  async unfold() {
    const fold = this.place.getByRole("button", { name: /or newer$|on this machine only$/ });
    if ((await fold.getAttribute("aria-expanded")) === "false") await fold.click();
  }

  /** Everything that leads to that server. */
  async fill(name: string, environment: string, server: Server, secret = server.admin) {
    await this.name.fill(name);
    await this.choose(environment);
    await this.address.fill(server.url);
    await this.type(secret);
    await this.taken();
    await this.trust(server.ca);
  }

  async test() {
    await this.place.getByRole("button", { name: "Test connection" }).click();
    await expect(this.place.getByRole("button", { name: "Test connection" })).toBeEnabled();
  }

  /** The step of the test that begins so. */
  step(name: string) {
    return this.place.getByRole("region", { name: "Connection test" }).getByRole("listitem").filter({ hasText: name });
  }
}
