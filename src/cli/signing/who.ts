import type { BasisResponse } from "../../api/contract/basis.ts";
import { dutiesOfAct } from "../../core/authority/acts.ts";
import type { StatementKind } from "../../core/authority/statement.ts";
import { fingerprintOf, isFingerprint } from "../../core/policy/ssh-key.ts";
import { PointsmanError } from "../../values/refusal.ts";
import type { KeySource, SigningMeans } from "../../wiring/signing.ts";
import type { Context, Given, Option } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";

/** Options of everything that is signed. */
export const signingOptions: { readonly [name: string]: Option } = {
  key: {
    placeholder: "FILE",
    says: "your key's file, of a hardware key too; of a passkey its fingerprint (or POINTSMAN_KEY; a key of ssh-agent)",
  },
  as: { placeholder: "PERSON", says: "who you are in the policy (or POINTSMAN_PERSON; by your key)" },
  role: { placeholder: "ROLE", says: "in which role, where you have several that fit" },
  under: { placeholder: "ID", says: "the delegation or the emergency grant that gives you the duty" },
  incident: { placeholder: "REFERENCE", says: "an incident's reference; it authorises nothing" },
  valid: { placeholder: "DURATION", says: "how long the statement counts (1h; 24h at most)" },
};

export interface Signatory {
  readonly person: string;
  /** Null: a passkey, which signs on the controller's page alone. */
  readonly source: KeySource | null;
  /** The public key in its normal form, empty for a passkey, and its fingerprint. */
  readonly line: string;
  readonly fingerprint: string;
}

/** Who signs, and with which key: as given, or the one key of the agent that belongs to somebody. @throws PointsmanError. */
export async function signatory(
  given: Given,
  { environment }: Pick<Context, "environment">,
  holderOf: (fingerprint: string) => string | undefined,
  means: SigningMeans,
): Promise<Signatory> {
  const person = given.value("as") ?? set(environment["POINTSMAN_PERSON"]);
  const file = given.value("key") ?? set(environment["POINTSMAN_KEY"]);
  const passkey = file !== undefined && isFingerprint(file) ? holderOf(file) : undefined;
  if (file !== undefined && passkey !== undefined && (person ?? passkey) === passkey)
    return { person: passkey, source: null, line: "", fingerprint: file };
  const sources: KeySource[] =
    file === undefined ? (await means.agentKeys()).map((line) => ({ kind: "agent", line })) : [{ kind: "file", file }];
  const lines = await Promise.all(sources.map(async (source) => ({ source, line: await means.publicKey(source) })));
  const known = lines.flatMap((one) => {
    const fingerprint = fingerprintOf(one.line);
    return fingerprint === undefined ? [] : [{ ...one, fingerprint, holder: holderOf(fingerprint) }];
  });
  const fit = known.filter(({ holder }) => (person === undefined ? holder !== undefined : holder === person));
  const [first] = fit.length > 0 || file === undefined ? fit : known;
  const named = first === undefined ? undefined : (person ?? first.holder);
  if (first === undefined || named === undefined) throw nobody(person, file);
  const { source, line, fingerprint } = first;
  return { person: named, source, line, fingerprint };
}

/** Where the key is that signs here. @throws PointsmanError for a passkey. */
export function sourceOf({ source, fingerprint }: Signatory): KeySource {
  if (source !== null) return source;
  throw new PointsmanError({
    code: "passkey-signs-on-page",
    says: `${fingerprint} is named by its fingerprint, and nothing here can sign with it: a passkey signs on the controller's page.`,
    figures: { key: fingerprint },
    mend: "Make the statement with pointsman statement make, and bring it to the page; or give your SSH key's file.",
  });
}

/** Whose a key is: enrolled and not revoked, or listed in the policy. */
export function holdersIn(people: BasisResponse["people"]): (fingerprint: string) => string | undefined {
  return (fingerprint) =>
    people.find(
      ({ listed, keys }) =>
        keys.some((key) => key.fingerprint === fingerprint && key.revokedAt === null) ||
        listed.some((line) => fingerprintOf(line) === fingerprint),
    )?.person;
}

function nobody(person: string | undefined, file: string | undefined): PointsmanError {
  const where = file === undefined ? "The ssh-agent has no key" : `${file} is no key`;
  return new PointsmanError({
    code: "no-key-to-sign-with",
    says: `${where} of ${person ?? "anybody in the policy"}.`,
    figures: { person: person ?? null },
    mend: "Give --key FILE, and --as PERSON where the key is not enrolled yet.",
  });
}

export interface Capacity {
  readonly duty: string | null;
  readonly role: string | null;
  readonly delegation: string | null;
}

/** In what capacity the act is signed. @throws PointsmanError `bad-usage` where several roles fit. */
export function capacityOf(
  given: Given,
  kind: StatementKind,
  duty: string | undefined,
  person: string,
  basis: BasisResponse,
): Capacity {
  const filled = duty ?? dutiesOfAct[kind][0];
  const delegation = given.value("under") ?? null;
  const role = given.value("role");
  if (filled === null) return { duty: null, role: role ?? null, delegation };
  if (role !== undefined) return { duty: filled, role, delegation };
  const own = basis.people.find((one) => one.person === person)?.roles ?? [];
  const rule = basis.duties.find((one) => one.duty === filled)?.roles ?? [];
  const fit = rule.length === 0 ? own.slice(0, 1) : own.filter((one) => rule.includes(one));
  const [first, ...others] = fit;
  if (others.length > 0)
    throw badUsage(
      `${person} may ${filled} in several roles, and signs in one: ${fit.join(", ")}.`,
      "Add: --role ROLE",
    );
  // Somebody whose roles do not have the duty may have it lent, or be asked by a sign-off.
  return { duty: filled, role: first ?? own[0] ?? null, delegation };
}

function set(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
