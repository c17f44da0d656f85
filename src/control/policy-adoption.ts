import type { Policy } from "../core/policy/policy.ts";
import type { AttachmentReader, AttachmentWriter } from "../ports/journal.ts";
import type { Entry, EntryAttachment } from "../transparency/entry.ts";
import type { Commitment } from "../values/commitment.ts";
import { invariant } from "../values/invariant.ts";
import { fromUtf8 } from "../values/octets.ts";
import { PointsmanError } from "../values/refusal.ts";
import { sha256, type Sha256 } from "../values/sha256.ts";
import { policyClass } from "./events.ts";
import type { PolicyFile } from "./parts.ts";
import type { Replayed } from "./replay.ts";

/** The policies that the journal names, and whether the file's is to be adopted. */
export interface Adoption {
  readonly policies: ReadonlyMap<Sha256, Policy>;
  /** Of the journal's policies the one in force; the file's where this version cannot read that one. */
  readonly inForce: Policy;
  readonly adopt: boolean;
}

/** Another policy is in force than the one that everything was made for. */
export const policyMovedOn = "policy-moved-on";

/**
 * Reads every policy that was in force or proposed from its attachment, and compares the file with the last one in force.
 * In an unsigned trial a file that differs is adopted where its version grows; in a signed installation never.
 * @throws PointsmanError `policy-version-not-higher` when another policy comes with a version that does not grow (N12), and
 * `policy-moved-on` when a signed installation runs another policy than this.
 */
export async function readAdoption(
  replayed: Replayed,
  file: PolicyFile,
  attachments: AttachmentReader,
  readPolicy: (document: Uint8Array) => Policy | undefined,
): Promise<Adoption> {
  const documents = await documentsOf(replayed.documents, attachments);
  const policies = new Map<Sha256, Policy>();
  for (const [hash, document] of documents) {
    const policy = readPolicy(document);
    if (policy?.hash === hash) policies.set(hash, policy);
  }
  policies.set(file.policy.hash, file.policy);
  const last = replayed.policies.at(-1);
  invariant(last !== undefined, "a journal names the policy in force");
  const differs = last.hash !== file.policy.hash;
  if (differs && replayed.authority.mode === "signed") throw movedOn(last.hash, file.policy);
  if (differs) checkVersion(file.policy, last.hash, versionOf(last.entry, documents.get(last.hash)));
  return { policies, inForce: policies.get(last.hash) ?? file.policy, adopt: differs };
}

/** Keeps the document beside the log, durable before an entry names it. */
export async function attachPolicy(file: PolicyFile, attachments: AttachmentWriter): Promise<EntryAttachment> {
  invariant(sha256(file.document) === file.policy.hash, "a policy has the hash of its document");
  const commitment = await attachments.put(file.document);
  return { commitment, octets: file.document.length, class: policyClass, keepUntil: null };
}

async function documentsOf(
  commitments: readonly Commitment[],
  attachments: AttachmentReader,
): Promise<ReadonlyMap<Sha256, Uint8Array>> {
  const documents = new Map<Sha256, Uint8Array>();
  for (const commitment of commitments) {
    // oxlint-disable-next-line no-await-in-loop -- policies are few, and each may be large
    const document = await attachments.get(commitment);
    if (document !== undefined) documents.set(sha256(document), document);
  }
  return documents;
}

function movedOn(inForce: Sha256, file: Policy): PointsmanError {
  return new PointsmanError({
    code: policyMovedOn,
    says: `Policy ${inForce.slice(0, 12)} is in force, and this controller was opened for version ${file.version} (${file.hash.slice(0, 12)}).`,
    figures: { policyInForce: inForce, policy: file.hash, version: file.version },
    mend: "Nothing needs to be done: it is opened again with the policy in force.",
  });
}

function checkVersion(policy: Policy, inForce: Sha256, before: number | undefined): void {
  if (before !== undefined && policy.version > before) return;
  throw new PointsmanError({
    code: "policy-version-not-higher",
    says:
      before === undefined
        ? `The policy file differs from the policy in force (${inForce.slice(0, 12)}), whose document is lost, so its version cannot be compared.`
        : `The policy file differs from the policy in force, and its version ${policy.version} is not higher than ${before}.`,
    figures: { version: policy.version, versionInForce: before ?? null, policyInForce: inForce, policy: policy.hash },
    mend:
      before === undefined
        ? "Restore the journal's attachments."
        : `Give the changed policy version ${before + 1}, or restore the file that is in force.`,
  });
}

/** It stands in the entry of an adoption, and in every format of the document. */
function versionOf(entry: Entry, document: Uint8Array | undefined): number | undefined {
  const { version } = { version: undefined, ...entry.data };
  if (typeof version === "number") return version;
  const value: unknown = document === undefined ? null : JSON.parse(fromUtf8(document) ?? "null");
  if (typeof value !== "object" || value === null || !("version" in value)) return undefined;
  return typeof value.version === "number" ? value.version : undefined;
}
