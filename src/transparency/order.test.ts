import { describe, expect, it } from "vitest";
import { canonicalJson, type JsonObject } from "../values/json.ts";
import { utf8 } from "../values/octets.ts";
import { sha256 } from "../values/sha256.ts";
import { encodeEntry, type Entry } from "./entry.ts";
import { intentEntry } from "./intent.fixture.ts";
import { checkOrder, type OrderToCheck } from "./order.ts";
import { leafHash, MerkleTree } from "./tree.ts";

const installation = sha256(utf8("first entry"));
const change = {
  provider: "primary",
  view: "public",
  zone: "example.com.",
  rrsets: [
    {
      name: "login.example.com.",
      type: "A",
      before: { ttl: 60, rdata: ["c000020a"] },
      after: { ttl: 60, rdata: ["c633640a"] },
    },
  ],
};
const fences = [{ name: "_pointsman.login.example.com.", before: null, after: "f1" }];
const planOf = (members: JsonObject): string =>
  canonicalJson({ format: 1, installation, failover: "login-17", steps: [{ changes: [change] }], ...members });

/** An order whose intent stands as entry 3 of 5; members of the intent, its data or the plan may be put otherwise. */
function orderWith(other: {
  readonly entry?: Partial<Entry>;
  readonly data?: JsonObject;
  readonly plan?: string;
  readonly order?: Partial<OrderToCheck>;
}): OrderToCheck {
  const plan = other.plan ?? planOf({});
  const attempt = "login-17/primary/example.com/2";
  const data = {
    attempt,
    planHash: sha256(utf8(plan)),
    provider: "primary",
    zone: "example.com.",
    path: "update",
    change,
    fences,
    ...other.data,
  };
  const intent = encodeEntry({ ...intentEntry(3, data), ...other.entry });
  const tree = new MerkleTree();
  for (const leaf of [utf8("0"), utf8("1"), utf8("2"), intent, utf8("4")]) tree.append(leafHash(leaf));
  return {
    attempt,
    sequence: 3,
    path: "update",
    change,
    fences,
    proof: { installation, plan, intent, inclusion: tree.inclusionProof(3, 5), size: 5, root: tree.root() },
    ...other.order,
  };
}

describe("a write order is checked by pure functions, before any credential is opened (N1)", () => {
  it("passes when the journal intends exactly this change", () => expect(checkOrder(orderWith({}))).toBeUndefined());

  it("refuses an intent that does not stand in the journal", () => {
    const order = orderWith({});
    const { proof } = order;
    const forged = [
      { ...proof, root: sha256(utf8("other")) },
      { ...proof, inclusion: proof.inclusion.slice(1) },
      { ...proof, size: 3 },
    ].map((other) => checkOrder({ ...order, proof: other }));
    expect(forged).toEqual(Array(3).fill("intent-not-in-the-journal"));
    expect(checkOrder({ ...order, proof: { ...proof, intent: utf8("{}") } })).toBe("intent-malformed");
  });

  it("refuses an entry that is no intent", () =>
    expect(checkOrder(orderWith({ entry: { type: "proposed" } }))).toBe("intent-of-another-type"));

  it.each<[string, Partial<OrderToCheck>]>([
    ["attempt", { attempt: "login-17/primary/example.com/3" }],
    ["sequence", { sequence: 4 }],
    ["path", { path: "api" }],
    ["provider", { change: { ...change, provider: "secondary" } }],
    ["record's value", { change: { ...change, rrsets: [] } }],
    ["fence", { fences: [] }],
  ])("refuses an intent for another %s", (_, order) =>
    expect(checkOrder(orderWith({ order }))).toBe("intent-of-another-order"),
  );

  it.each<[string, string, JsonObject]>([
    ["plan-is-not-the-intended-one", planOf({}), { planHash: installation }],
    ["plan-malformed", "[]", {}],
    ["plan-malformed", `${planOf({})} `, {}],
    ["plan-of-another-installation", planOf({ installation: sha256(utf8("another")) }), {}],
    ["change-not-in-the-plan", planOf({ steps: [{ changes: [{ ...change, zone: "example.net." }] }] }), {}],
    ["change-not-in-the-plan", planOf({ steps: "none" }), {}],
  ])("refuses with %s (N7)", (code, plan, data) => expect(checkOrder(orderWith({ plan, data }))).toBe(code));
});
