import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of the file system, for one test; it goes with it. */
export class Folder {
  private constructor(readonly path: string) {}

  static async make(): Promise<Folder> {
    return new Folder(await mkdtemp(join(tmpdir(), "keystead-")));
  }

  at(name: string): string {
    return join(this.path, name);
  }

  read(name: string): Promise<string> {
    return readFile(this.at(name), "utf8");
  }

  /** Who may do what with it, as `chmod` writes it. */
  async mode(name: string): Promise<string> {
    return ((await stat(this.at(name))).mode & 0o7777).toString(8);
  }

  async names(): Promise<string[]> {
    return (await readdir(this.path)).sort();
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true });
  }
}
