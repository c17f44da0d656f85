import { describe, expect, it } from "vitest";
import { writeOrder } from "../../test/servers/order.ts";
import type { Fence, RRsetChange } from "../core/plan/plan.ts";
import { rrset, type RRset } from "../core/plan/rrset.ts";
import type { NonEmpty } from "../values/non-empty.ts";
import { sha256 } from "../values/sha256.ts";
import { utf8 } from "../values/octets.ts";
import type { ChangePath, WriteOrder } from "./change-path.ts";

/** A path that compares and swaps, in front of something real or simulated. */
export interface PathUnderTest {
  /** Of provider `primary`, named `update`. */
  readonly path: ChangePath;
  readonly zone: string;
  /** Two names that nothing else uses; each has an A of 192.0.2.10 with a TTL of 60 s, and nothing else. */
  readonly names: readonly [string, string];
  /** What is published now, read without the path. */
  readonly read: (name: string, type: "A" | "AAAA" | "TXT") => Promise<RRset | "absent">;
}

const home = rrset(60, ["c000020a"]);
const away = rrset(60, ["c633640a"]);
const away6 = rrset(60, ["20010db8000200000000000000000010"]);
const never = new AbortController().signal;

/** Every guarantee of {@link ChangePath} for a path that has `compareAndSwap`. */
export function changePathContract(given: () => PathUnderTest): void {
  const order = (rrsets: NonEmpty<RRsetChange>, fences: readonly Fence[] = []) => orderIn(given().zone, rrsets, fences);

  describe("the contract of a change path", () => {
    it("says that it compares and swaps, and how much at once", () => {
      expect(given().path.capabilities).toMatchObject({ compareAndSwap: true });
      expect(given().path.capabilities.atomicRRsets).toBeGreaterThan(0);
    });

    it("refuses an order that the journal does not intend, and changes nothing", async () => {
      const { path, names, read } = given();
      const genuine = order([address(names[0], home, away)]);
      const forged = { ...genuine, proof: { ...genuine.proof, root: sha256(utf8("another tree")) } };
      expect(await path.write(forged, never)).toMatchObject({ outcome: "refused" });
      expect(await path.write({ ...genuine, path: "api" }, never)).toMatchObject({ outcome: "refused" });
      expect(await read(names[0], "A")).toEqual(home);
    });

    it("sends nothing once the journal is lost", async () => {
      const { path, names, read } = given();
      const outcome = await path.write(order([address(names[0], home, away)]), AbortSignal.abort());
      expect(outcome).toEqual({ outcome: "not-sent", code: "lost" });
      expect(await read(names[0], "A")).toEqual(home);
    });

    it("N2: changes all of an order or nothing, and nothing where a record is not the one before", async () => {
      const { path, names, read } = given();
      const wrong = order([address(names[0], home, away), address(names[1], away, home)], [fence(names[0], null, "a")]);
      expect(await path.write(wrong, never)).toMatchObject({ outcome: "conflict" });
      const notAbsent = order([address(names[0], "absent", away)]);
      expect(await path.write(notAbsent, never)).toMatchObject({ outcome: "conflict" });
      expect(await read(names[0], "A")).toEqual(home);
      expect(await read(names[1], "A")).toEqual(home);
      expect(await read(`_pointsman.${names[0]}`, "TXT")).toBe("absent");
    });

    it("applies an order once: a second time it is a conflict, and so is one whose fence has moved on", async () => {
      const { path, names, read } = given();
      const [name] = names;
      const first = order([address(name, home, away)], [fence(name, null, "a")]);
      expect(await path.write(first, never)).toMatchObject({ outcome: "applied" });
      expect(await read(name, "A")).toEqual(away);
      expect(await path.write(first, never)).toMatchObject({ outcome: "conflict" });
      const back = order([address(name, away, home)], [fence(name, "a", "b")]);
      expect(await path.write(back, never)).toMatchObject({ outcome: "applied" });
      // The address is again what the first order was made for; only the fence tells.
      expect(await path.write(first, never)).toMatchObject({ outcome: "conflict" });
      expect(await read(name, "A")).toEqual(home);
    });

    it("adds and removes an RRset beside another at the same name", async () => {
      const { path, names, read } = given();
      const [, name] = names;
      const v6 = { record: "v6", name, type: "AAAA" };
      expect(await path.write(order([{ ...v6, before: "absent", after: away6 }]), never)).toMatchObject({
        outcome: "applied",
      });
      expect(await read(name, "AAAA")).toEqual(away6);
      expect(await path.write(order([{ ...v6, before: away6, after: "absent" }]), never)).toMatchObject({
        outcome: "applied",
      });
      expect(await read(name, "AAAA")).toBe("absent");
      expect(await read(name, "A")).toEqual(home);
    });
  });
}

function orderIn(zone: string, rrsets: NonEmpty<RRsetChange>, fences: readonly Fence[]): WriteOrder {
  return writeOrder({ provider: "primary", view: "public", zone, rrsets }, fences);
}

function address(name: string, before: RRset | "absent", after: RRset | "absent"): RRsetChange {
  return { record: "v4", name, type: "A", before, after };
}

function fence(name: string, before: string | null, after: string): Fence {
  return { name: `_pointsman.${name}`, before, after };
}
