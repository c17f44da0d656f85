import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pointsman, type Ended } from "./controller.ts";
import type { Installation } from "./installation.ts";

type Name = "ana" | "ben" | "chi" | "dan";

/** Ana, Ben, Chi and Dan, each with a key made by the real ssh-keygen. */
export interface People extends Disposable {
  readonly folder: string;
  /** Public key lines, for the policy. */
  readonly keys: { readonly [person in Name]: string };
  /** Files of the private keys. */
  readonly files: { readonly [person in Name]: string };
  /**
   * Enrols them, Ana and Ben unless others are named; once everybody of the policy is, the installation is signed.
   * @throws Error with what was said, when it is refused.
   */
  enrol(installation: Installation, people?: readonly Name[]): Promise<void>;
}

export function makePeople(): People {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-people-"));
  const fileOf = (person: Name): string => path.join(folder, person);
  const files = { ana: fileOf("ana"), ben: fileOf("ben"), chi: fileOf("chi"), dan: fileOf("dan") };
  for (const file of Object.values(files)) execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  return {
    folder,
    keys: {
      ana: publicLine(files.ana),
      ben: publicLine(files.ben),
      chi: publicLine(files.chi),
      dan: publicLine(files.dan),
    },
    files,
    async enrol(installation, who = ["ana", "ben"]) {
      for (const person of who)
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
