import type { Policy } from "../core/policy/policy.ts";
import type { Journal } from "../ports/journal.ts";
import { decodeEntry, type Entry } from "../transparency/entry.ts";
import type { Commitment } from "../values/commitment.ts";
import { sequenceOf } from "../values/ids.ts";
import { PointsmanError } from "../values/refusal.ts";
import { sha256, type Sha256 } from "../values/sha256.ts";
import { fleetEventOf, policyClass, serviceOf } from "./events.ts";
import type { PolicyFile } from "./parts.ts";

/**
 * The policy that a signed installation's journal says is in force; `undefined` while nothing is signed, and the file is
 * what counts. Nothing is checked here: the controller reads and checks all of the journal once it is made for this policy.
 * @throws PointsmanError `policy-lost` when its document is not there, or this version cannot read it.
 */
export async function policyInForce(
  journal: Pick<Journal, "reader" | "attachments">,
  readPolicy: (document: Uint8Array) => Policy | undefined,
): Promise<PolicyFile | undefined> {
  const said = await lastSaid(journal.reader);
  if (!said.signed || said.policy === undefined) return undefined;
  // The one in force is the newest that was handed in, or near it.
  for (const commitment of said.documents.toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- as a rule the first is the one
    const document = await journal.attachments.get(commitment);
    if (document === undefined || sha256(document) !== said.policy) continue;
    const policy = readPolicy(document);
    if (policy?.hash === said.policy) return { policy, document };
  }
  throw lost(said.policy);
}

interface Said {
  signed: boolean;
  policy: Sha256 | undefined;
  readonly documents: Commitment[];
}

async function lastSaid(reader: Journal["reader"]): Promise<Said> {
  const said: Said = { signed: false, policy: undefined, documents: [] };
  const { size } = await reader.head();
  for await (const chunk of reader.read(sequenceOf(0), sequenceOf(size), new AbortController().signal))
    for (const { octets } of chunk) note(said, decodeEntry(octets));
  return said;
}

function note(said: Said, entry: Entry | undefined): void {
  if (entry === undefined || serviceOf(entry.stream) !== undefined) return;
  const event = fleetEventOf(entry);
  if (event.type === "installation-signed") said.signed = true;
  if (event.type === "installation-created" || event.type === "policy-adopted") said.policy = event.policy;
  for (const each of entry.attachments) if (each.class === policyClass) said.documents.push(each.commitment);
}

function lost(policy: Sha256): PointsmanError {
  return new PointsmanError({
    code: "policy-lost",
    says: `Policy ${policy} is in force, and its document is not among the journal's attachments, or this version cannot read it.`,
    figures: { policy },
    mend: "Restore the journal's attachments from a copy, or run the version that adopted it.",
  });
}
