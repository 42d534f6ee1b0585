import { expect, type Locator } from "@playwright/test";

/** What a screen reader is told of that place, with what differs from run to run taken out. */
export async function assertTree(place: Locator, name: string): Promise<void> {
  const tree = (await place.ariaSnapshot())
    .replace(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs, "PEM")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replace(/\b(eko_\w+?_)\w{4}\b/g, "$1REST")
    .replace(/\b([0-9a-f]{4} ){3}[0-9a-f]{4}\b/g, "FINGERPRINT")
    .replace(/\b[0-9a-f]{32}\b/g, "ID")
    .replace(/\b[0-9a-f]{8}…[0-9a-f]{4}\b/g, "SHORT")
    .replace(/\b[0-9a-f]{8,}\b/g, "HEX");
  expect(`${tree}\n`).toMatchSnapshot(`${name}.aria.yml`);
}
