import { signerStands } from "../stands.ts";
import { governedZone } from "../../policy/governed-zone.ts";
import { day, since, type Instant } from "../../../values/time.ts";
import { accept, refuse, type FleetDecision } from "../../cycle/fleet-decision.ts";
import type { World } from "../../cycle/world.ts";
import type { EnrolledKey, PersonKey } from "../keys.ts";
import type { PeopleRequest } from "../request.ts";
import type { Signer } from "../word.ts";
import { gives, hasKey, sshKeyHolders } from "../listed.ts";
import type { About } from "./about.ts";

type Enrol = Extract<PeopleRequest, { kind: "enrol" }>;
type RevokeKey = Extract<PeopleRequest, { kind: "revoke-key" }>;

/** Keys of one person that stand at one time, at most. */
const keysOfPersonMax = 16;
/** What one of the two others asked holds this long, until the second asks the same. */
const revocationOpenMs = day;

/** A key comes to a person by a statement that it made itself; a passkey by one of the same person's SSH keys. */
export function enrol(about: About, request: Enrol): FleetDecision {
  const { world, speaker } = about;
  const refusal = whyNot(about, request);
  if (refusal !== undefined) return refusal;
  const { fingerprint, key } = request;
  const { person, statement } = speaker.signer;
  const enrolled = { type: "key-enrolled", key: { fingerprint, person, key, statement } } as const;
  const all = world.authority.mode === "unsigned" && everybodyHasKey(world, person);
  return all ? accept(enrolled, { type: "installation-signed" }) : accept(enrolled);
}

/** Whether each person of the policy in force has an SSH key that stands; `enrolling` is about to have one. */
export function everybodyHasKey({ policy, authority }: World, enrolling?: string): boolean {
  const holders = sshKeyHolders(authority);
  const people = [...policy.people.keys()];
  return people.length > 0 && people.every((id) => id === enrolling || holders.has(id));
}

/** Its holder takes a key back at once; of anybody else two must ask for it. */
export function revokeKey({ world, speaker, now }: About, { fingerprint }: RevokeKey): FleetDecision {
  const { signer } = speaker;
  const held = world.authority.keys.get(fingerprint);
  if (held === undefined)
    return refuse("no-such-key", `No key ${fingerprint} is enrolled.`, "See: pointsman allowed-signers", {
      fingerprint,
    });
  if (held.revokedAt !== null)
    return refuse("key-revoked", `${fingerprint} of ${held.person} is revoked already.`, "Nothing needs to be done.", {
      fingerprint,
      revokedAt: held.revokedAt,
    });
  if (signer.person === held.person) return accept({ type: "key-revoked", fingerprint, by: [signer] });
  const others = askedBefore(world, held, now);
  if (others.some(({ person }) => person === signer.person))
    return refuse(
      "already-signed",
      `${signer.person} has asked for this already; one other person must ask the same within a day.`,
      "Ask another person to sign.",
      { fingerprint },
    );
  const [first] = others;
  return first === undefined
    ? accept({ type: "key-revocation-asked", fingerprint, by: signer })
    : accept({ type: "key-revoked", fingerprint, by: [first, signer] });
}

function askedBefore(world: World, { fingerprint, person }: EnrolledKey, now: Instant): readonly Signer[] {
  const asked = world.authority.revocations.get(fingerprint) ?? [];
  return asked.filter(
    (each) => each.person !== person && since(each.at, now) < revocationOpenMs && signerStands(world, each),
  );
}

function whyNot({ world, speaker }: About, { fingerprint, key }: Enrol): FleetDecision | undefined {
  const { authority } = world;
  const { person } = speaker.signer;
  const used = keyInUse(world, person, fingerprint);
  if (used !== undefined) return used;
  if (authority.keys.has(fingerprint))
    return refuse("key-enrolled-already", `${fingerprint} is enrolled already.`, "Nothing needs to be done.", {
      fingerprint,
    });
  const standing = [...authority.keys.values()].filter((each) => each.person === person && each.revokedAt === null);
  if (standing.length >= keysOfPersonMax)
    return refuse("too-many-keys", `${person} has ${standing.length} keys already.`, "Revoke one first.", {
      keys: standing.length,
      most: keysOfPersonMax,
    });
  return key.method === "sshsig" ? whyNotSsh(speaker.signer, fingerprint) : whyNotPasskey(world, speaker.signer, key);
}

/** Why a person may not have a key: each has one use and one holder (design §7), and what was revoked never comes back. */
export function keyInUse(world: World, person: string, fingerprint: string): FleetDecision | undefined {
  const { authority, policy } = world;
  const before = authority.keys.get(fingerprint);
  if (before !== undefined && before.person !== person) return inTwoHands(fingerprint, before.person);
  if (before !== undefined && before.revokedAt !== null)
    return refuse("key-revoked", `${fingerprint} was revoked: it is never enrolled again.`, "Make a new key.", {
      fingerprint,
      revokedAt: before.revokedAt,
    });
  const other =
    [...policy.people.values()].find(({ id, keys }) => id !== person && hasKey(keys, fingerprint))?.id ??
    [...authority.recoveries.values()].find((each) => each.person !== person && gives(each, fingerprint))?.person;
  if (other !== undefined) return inTwoHands(fingerprint, other);
  const use = otherUse(world, fingerprint);
  if (use === undefined) return undefined;
  return refuse("key-has-another-use", `${fingerprint} is ${use} key.`, "Give each person a key of their own.", {
    fingerprint,
    use,
  });
}

function otherUse({ authority, policy }: World, fingerprint: string): string | undefined {
  if (authority.automation?.fingerprint === fingerprint) return "the automation's";
  return hasKey(policy.authority.recovery?.keys ?? [], fingerprint) ? "a recovery" : undefined;
}

function inTwoHands(fingerprint: string, holder: string): FleetDecision {
  return refuse(
    "key-in-two-hands",
    `${fingerprint} is a key of ${holder}: nobody could tell which of them signed.`,
    "Make a key of your own.",
    { fingerprint, holder },
  );
}

/** Whether the policy, or a recovery, lists the key was asked when the statement was admitted: it is the one that signed. */
function whyNotSsh(signer: Signer, fingerprint: string): FleetDecision | undefined {
  if (signer.key === fingerprint) return undefined;
  return refuse(
    "enrolment-by-another-key",
    `The enrolment of ${fingerprint} is signed with ${signer.key}.`,
    "Sign it with the very key that it enrols.",
    { fingerprint, signedWith: signer.key },
  );
}

type Passkey = Extract<PersonKey, { method: "webauthn" }>;

function whyNotPasskey({ authority, policy }: World, signer: Signer, key: Passkey): FleetDecision | undefined {
  const signedWith = authority.keys.get(signer.key);
  if (signedWith?.key.method !== "sshsig" || signedWith.person !== signer.person || signedWith.revokedAt !== null)
    return refuse(
      "passkey-needs-ssh-key",
      `A passkey of ${signer.person} is enrolled by an SSH key of the same person.`,
      "Enrol an SSH key first, and sign with it.",
      { signedWith: signer.key },
    );
  const zone = governedZone(policy, key.relyingParty);
  if (zone === undefined) return undefined;
  return refuse(
    "relying-party-in-governed-zone",
    `${key.relyingParty} lies in ${zone}, which this controller steers: the passkey could not be used when that fails.`,
    "Use a name outside of every zone of the policy.",
    { relyingParty: key.relyingParty, zone },
  );
}
