import { open } from "node:fs/promises";
import type { CredentialSource } from "../ports/change-path.ts";
import { utf8 } from "../values/octets.ts";

type Opened = Awaited<ReturnType<CredentialSource["open"]>>;

/** A credential's file is small; a larger one is a mistake in the settings. */
const octetsMax = 64 * 1024;

/**
 * Opens credentials as the settings refer to them: `env:NAME`, or `file:/path` of a file that its owner alone, this user
 * or root, may read. `references` has them by the name that the policy uses. Nothing is kept between two calls.
 */
export function credentialSource(
  references: ReadonlyMap<string, string>,
  environment: { readonly [name: string]: string | undefined },
): CredentialSource {
  return {
    async open(credential) {
      const reference = references.get(credential);
      if (reference === undefined)
        return noSuch(`The settings have no credential ${credential}.`, `Add it under credentials.`);
      if (reference.startsWith("env:")) return fromEnvironment(credential, reference.slice(4), environment);
      if (reference.startsWith("file:/")) return fromFile(credential, reference.slice(5));
      // The reference is not repeated: it may be a secret that was put there by mistake.
      return noSuch(`The reference of credential ${credential} is of no known kind.`, "Use env:NAME or file:/path.");
    },
  };
}

function fromEnvironment(
  credential: string,
  variable: string,
  environment: { readonly [name: string]: string | undefined },
): Opened {
  const value = environment[variable];
  if (value !== undefined && value !== "") return { secret: utf8(value) };
  return noSuch(`Credential ${credential}: the environment has no ${variable}.`, "Set it before the start.");
}

async function fromFile(credential: string, path: string): Promise<Opened> {
  const about = `Credential ${credential}: ${path}`;
  try {
    return await readChecked(path, about);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "ENOENT") return noSuch(`${about} does not exist.`, "Create it with mode 0600.");
    return unreadable(`${about} cannot be read (${code}). Make it readable for the user of the controller alone.`);
  }
}

/** What is checked and what is read are the same open file. */
async function readChecked(path: string, about: string): Promise<Opened> {
  const file = await open(path, "r");
  try {
    const { mode, uid, size } = await file.stat();
    const fault = faultOf(mode, uid, size);
    return fault === undefined ? { secret: new Uint8Array(await file.readFile()) } : unreadable(`${about} ${fault}`);
  } finally {
    await file.close();
  }
}

function faultOf(mode: number, owner: number, size: number): string | undefined {
  if ((mode & 0o170_000) !== 0o100_000) return "is not a regular file. Refer to a file.";
  const bits = (mode & 0o777).toString(8).padStart(4, "0");
  if ((mode & 0o177) !== 0) return `has mode ${bits}: others may use it. Give it mode 0600 or 0400.`;
  if (owner !== 0 && owner !== process.getuid?.()) return `belongs to user ${owner}. Give it to the controller's user.`;
  if (size > octetsMax) return `has ${size} octets; ${octetsMax} are allowed. Refer to the right file.`;
  return undefined;
}

function noSuch(says: string, mend: string): Opened {
  return { code: "no-such-credential", says: `${says} ${mend}` };
}

function unreadable(says: string): Opened {
  return { code: "unreadable", says };
}
