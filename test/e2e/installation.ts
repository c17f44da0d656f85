import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { updateKey, type ServerAddress } from "../servers/zone.ts";
import { policyDocument, type PolicyOptions } from "./policy.ts";

/** The folder of one controller: its policy, its settings, and what it keeps. */
export interface Installation extends Disposable {
  readonly folder: string;
  readonly settingsFile: string;
  readonly socket: string;
  readonly data: string;
  readonly head: string;
}

export interface InstallationOptions extends PolicyOptions {
  readonly mode?: "act" | "observe";
  /** Ways by which statements come in, as the settings write them. */
  readonly statements?: { readonly listen?: string; readonly origin?: string; readonly folder?: string };
  /** A program that is told of emergencies. */
  readonly notices?: { readonly command: readonly string[] };
  /** Where chains of trust begin: the text of an anchor file, and a server of the zone that it is of. */
  readonly trust?: { readonly anchor: string; readonly from: ServerAddress };
}

/**
 * Writes the files of an installation into a new folder, the TSIG key in a file of its own. JSON is YAML as well, so
 * they are what a person would write, apart from the quotes.
 */
export function writeInstallation(options: InstallationOptions): Installation {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-e2e-"));
  const keyFile = path.join(folder, "tsig-primary");
  const { algorithm, name, secret } = updateKey;
  writeFileSync(keyFile, `${algorithm}:${name}:${secret}`, { mode: 0o600 });
  const policy = JSON.stringify(policyDocument(options), undefined, 2);
  writeFileSync(path.join(folder, "policy.yaml"), policy);
  const { mode = "act", trust, statements, notices } = options;
  if (trust !== undefined) writeFileSync(path.join(folder, "anchors"), `${trust.anchor}\n`);
  const settings = {
    mode,
    metrics: "off",
    // Without a parent of its own nobody is asked outside of this machine.
    integrity:
      trust === undefined
        ? { servers: ["127.0.0.1:9"] }
        : { anchors: ["anchors"], servers: [`${trust.from.address}:${trust.from.port}`], every: "1s" },
    ...(statements === undefined ? {} : { statements }),
    ...(notices === undefined ? {} : { notices }),
    ...(mode === "act" ? { credentials: { "tsig-primary": `file:${keyFile}` } } : {}),
  };
  writeFileSync(path.join(folder, "pointsman.yaml"), JSON.stringify(settings, undefined, 2));
  return installationIn(folder);
}

/** The same installation once more, with all that it keeps: a mistake that people make. Its controller MUST have ended. */
export function copyOf({ folder }: Installation): Installation {
  const copy = mkdtempSync(path.join(tmpdir(), "pointsman-e2e-"));
  cpSync(folder, copy, { recursive: true });
  return installationIn(copy);
}

function installationIn(folder: string): Installation {
  return {
    folder,
    settingsFile: path.join(folder, "pointsman.yaml"),
    socket: path.join(folder, "pointsman.sock"),
    data: path.join(folder, "data"),
    head: path.join(folder, "pointsman.head"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
