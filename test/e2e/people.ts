import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pointsman, type Ended } from "./controller.ts";
import type { Installation } from "./installation.ts";

/** Ana and Ben, each with a key made by the real ssh-keygen. */
export interface People extends Disposable {
  readonly folder: string;
  /** Public key lines, for the policy. */
  readonly keys: { readonly ana: string; readonly ben: string };
  /** Files of the private keys. */
  readonly files: { readonly ana: string; readonly ben: string };
  /** Enrols both: from then on the installation is signed. @throws Error with what was said, when it is refused. */
  enrol(installation: Installation): Promise<void>;
}

export function makePeople(): People {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-people-"));
  const files = { ana: path.join(folder, "ana"), ben: path.join(folder, "ben") };
  for (const file of [files.ana, files.ben]) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  return {
    folder,
    keys: { ana: publicLine(files.ana), ben: publicLine(files.ben) },
    files,
    async enrol(installation) {
      for (const person of ["ana", "ben"] as const)
        // oxlint-disable-next-line no-await-in-loop -- one after the other, as people do
        done(await pointsman(installation, "enrol", "--key", files[person], "--as", person, "--yes"));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function publicLine(file: string): string {
  return readFileSync(`${file}.pub`, "utf8").trim();
}

/** What a command printed. @throws Error with what it said, when it was refused. */
export function done(ended: Ended): string {
  if (ended.code !== 0) throw new Error(`exit ${ended.code}:\n${ended.out}\n${ended.err}`);
  return ended.out;
}

/** Signs a statement's file by `ssh-keygen -Y sign`, as a person does on any machine: the signature lies beside it. */
export function sshSign(file: string, kind: string, key: string): void {
  rmSync(`${file}.sig`, { force: true });
  execFileSync("ssh-keygen", ["-q", "-Y", "sign", "-n", `${kind}@pointsman`, "-f", key, file], { stdio: "ignore" });
}
