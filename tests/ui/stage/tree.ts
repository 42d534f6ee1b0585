import { expect, type Locator } from "@playwright/test";

/** What a screen reader is told of that place comes to be what it was told before. */
export async function assertTree(place: Locator, name: string): Promise<void> {
  await expect(async () => expect(await tree(place)).toMatchSnapshot(`${name}.aria.yml`)).toPass({ timeout: 30_000 });
}

/** The same with what differs from run to run taken out. */
async function tree(place: Locator): Promise<string> {
  const told = (await place.ariaSnapshot())
    .replace(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs, "PEM")
    .replace(/[^\s"]*\/keystead-\w{6}(?=\/)/g, "FOLDER")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    // The value may hold hyphens, at its end too.
    .replace(/\b(eko_\w+?_)[\w-]{1,4}(?![\w-])/g, "$1REST")
    .replace(/\b([0-9a-f]{4} ){3}[0-9a-f]{4}\b/g, "FINGERPRINT")
    // Short in a card: told from two years by a letter or by where it stands.
    .replace(/(?<=cell ")[0-9a-f]{4} [0-9a-f]{4}(?=")/g, "FINGERPRINT")
    .replace(/\b[0-9a-f]{4} [0-9a-f]{4}(?= \d\d:\d\d )/g, "FINGERPRINT")
    // How long the log is depends on what else happened.
    .replace(/\brow \d+ of the audit log/g, "row N of the audit log")
    .replace(/(?<=cell ")[0-9a-f]{8}…/g, "SHORT")
    .replace(/\b[0-9a-f]{32}\b/g, "ID")
    .replace(/\b[0-9a-f]{8}…[0-9a-f]{4}\b/g, "SHORT")
    .replace(/\b[0-9a-f]{8,}\b/g, "HEX");
  return `${told}\n`;
}
