import type { HomeWord } from "../ipc/generated/ipc";
import { relative } from "./time";

export const unlock = {
  title: "Keystead is locked",
  lockedAgo: (at: number, now: number) => `Locked ${relative(at, now)}.`,
  atStart: "The vault is closed until you open it.",
  passphrase: "Passphrase",
  button: "Unlock",
  busy: { unset: "Unlocking…", file: "Unlocking…", keyring: "Waiting for the keyring…", passphrase: "Unlocking…" },
  how: {
    unset: "",
    file: "The sample profile keeps the key of its vault in a file, so nothing is asked of you.",
    keyring: "The key of the vault is in the system keyring. Your desktop may ask you to open it.",
    passphrase: "The vault opens with the passphrase that was chosen for it. It cannot be recovered.",
  } satisfies Record<HomeWord, string>,
};

export const setUp = {
  title: "Where should the key of the vault be kept?",
  lead: "Credentials are sealed before they are saved. The key that opens them has one place, chosen once.",
  keyring: "In the system keyring",
  recommended: "recommended",
  keyringText: "Your desktop keeps it and opens it when you log in. Keystead asks it for the key and nothing else.",
  passphraseChoice: "Behind a passphrase",
  passphraseText: "For a desktop without a keyring. You type it each time Keystead starts or was locked.",
  choices: "Place of the key",
  passphrase: "Passphrase",
  again: "The same again",
  minimum: 10,
  rule: "At least 10 characters; several words are easiest to keep.",
  lost: "A lost passphrase cannot be recovered, not by us either. What the vault holds is then lost on this machine.",
  short: (missing: number) =>
    missing === 1 ? "One more character is needed." : `${String(missing)} more characters are needed.`,
  differ: "The two are not the same.",
  button: "Set up the vault",
  busyKeyring: "Waiting for the keyring…",
  busy: "Setting up…",
  done: "The vault is set up.",
};

export const lock = {
  word: "Lock",
  command: "Lock Keystead",
  title: (mac: boolean) => `Lock Keystead (${mac ? "⌘⇧L" : "Ctrl+Shift+L"})`,
};
