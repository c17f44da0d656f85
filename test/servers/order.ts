import type { Fence, ZoneChange } from "../../src/core/plan/plan.ts";
import type { WriteOrder } from "../../src/ports/change-path.ts";
import { encodeEntry } from "../../src/transparency/entry.ts";
import { intentEntry } from "../../src/transparency/intent.fixture.ts";
import { leafHash, MerkleTree } from "../../src/transparency/tree.ts";
import { asJson, canonicalJson } from "../../src/values/json.ts";
import { utf8 } from "../../src/values/octets.ts";
import { sha256 } from "../../src/values/sha256.ts";

const installation = sha256(utf8("the installation of a test"));
const sequence = 1;

/** A write order as the sequencer would make it: its intent stands in a tree of two entries. */
export function writeOrder(
  change: ZoneChange,
  fences: readonly Fence[],
  attempt = "login-1/primary/example.com/1",
): WriteOrder {
  const path = "update";
  const plan = canonicalJson({ format: 1, installation, failover: "login-1", steps: [{ changes: [asJson(change)] }] });
  const intent = encodeEntry(
    intentEntry(sequence, {
      attempt,
      planHash: sha256(utf8(plan)),
      provider: change.provider,
      zone: change.zone,
      path,
      change: asJson(change),
      fences: fences.map((fence) => asJson(fence)),
    }),
  );
  const tree = new MerkleTree();
  tree.append(leafHash(utf8("the first entry")));
  tree.append(leafHash(intent));
  const proof = { installation, plan, intent, inclusion: tree.inclusionProof(1, 2), size: 2, root: tree.root() };
  const order = { attempt, sequence, path, change, fences, proof: { ...proof, statements: [] } };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the sequencer can make one; here is none
  return order as unknown as WriteOrder;
}
