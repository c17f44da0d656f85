import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Installation, policyFile } from "../../test/control/installation.ts";
import { settled } from "../../test/control/manual-clock.ts";
import { commandOf, fingerprint, keyOf, makeStatement, type Said, type SayOptions } from "../../test/world/signing.ts";
import type { StatementKind } from "../core/authority/statement.ts";
import { openMemoryJournal } from "../journal/memory/journal.ts";
import type { CommandResult } from "../ports/operations.ts";
import { automationSigner } from "../signatures/automation-key.ts";
import { decodeEntry } from "../transparency/entry.ts";
import { asCommitment, type Commitment } from "../values/commitment.ts";
import { asSha256 } from "../values/sha256.ts";
import { add, day, hour } from "../values/time.ts";

const people = ["ana", "ben", "chi"].map((id) => {
  const roles = [id === "chi" ? "commander" : "owner"];
  return { id, roles, group: id, keys: [keyOf(id)], onCall: null };
});

/** Three people who sign, and three keys kept offline. */
class Signed {
  readonly installation = new Installation();
  #nonces = 0;

  static async start(): Promise<Signed> {
    const signed = new Signed();
    const { policy, document } = policyFile(1);
    const { authority } = policy;
    const owners = { kind: "any", roles: ["owner"] } as const;
    signed.installation.file = {
      document,
      policy: {
        ...policy,
        people: new Map(people.map((each) => [each.id, each])),
        authority: {
          ...authority,
          duties: new Map([
            ["approve", owners],
            ["adopt", owners],
          ]),
          delegateTo: ["commander"],
          recovery: { need: 2, keys: [keyOf("offline-1"), keyOf("offline-2"), keyOf("offline-3")] },
        },
      },
    };
    await signed.installation.start();
    for (const { id } of people) {
      const said = {
        person: id,
        kind: "enrol",
        subject: about("key", fingerprint(id)),
        terms: { key: keyOf(id) },
      } as const;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await signed.say(said);
    }
    return signed;
  }

  get world() {
    return this.installation.controller.world();
  }

  async say<Kind extends StatementKind>(said: Said<Kind>, options: SayOptions = {}): Promise<CommandResult> {
    this.#nonces += 1;
    const nonce = `f${this.#nonces.toString(16).padStart(31, "0")}`;
    const { clock, controller } = this.installation;
    const statement = makeStatement(this.world, said, nonce, clock.now(), { duty: null, ...options });
    return await controller.submit(commandOf(statement, "contained"), "a person's reason");
  }

  async pass(ms: number): Promise<void> {
    await this.installation.clock.advance(ms);
    await settled();
  }
}

const about = (type: string, id: string) => ({ type, id, hash: null });

function delegate(signed: Signed, person: string) {
  const now = signed.installation.clock.now();
  const terms = { duties: ["approve" as const], services: "all" as const, from: now, until: add(now, 8 * hour) };
  return signed.say({ person, kind: "delegate", subject: about("person", "chi"), terms });
}

/** All that the journal says of people and services, as it stands now; nonces with it. */
function told({ world: { authority, services } }: Signed): unknown {
  return structuredClone({ authority, services: new Map(services) });
}

function sealedReasons({ installation: { store } }: Signed): readonly Commitment[] {
  return store.entries.flatMap((octets) => {
    const { reason } = { reason: undefined, ...decodeEntry(octets)?.sealed };
    return reason === undefined ? [] : [asCommitment(asSha256(reason))];
  });
}

function openingOf({ installation: { store } }: Signed, commitment: Commitment) {
  const journal = openMemoryJournal({ store: store, entropy: { octets: (length) => new Uint8Array(length) } });
  return journal.reader.opening(commitment);
}

describe("what people signed outlives the process", () => {
  it("the fold from the first entry is the fold that ran, nonces included, and a statement is used once over restarts", async () => {
    const signed = await Signed.start();
    await delegate(signed, "ana");
    const nonce = "1".padStart(32, "0");
    const revoke = { person: "ben", kind: "revoke-key", subject: about("key", fingerprint("ana")), terms: {} } as const;
    expect(await signed.say(revoke, { nonce })).toMatchObject({ accepted: true });
    const before = told(signed);
    expect(signed.world.authority).toMatchObject({ mode: "signed" });
    expect(signed.world.authority.nonces.has(nonce)).toBe(true);
    await signed.installation.start();
    expect(told(signed)).toEqual(before);
    const another = { ...revoke, person: "chi" };
    expect(await signed.say(another, { nonce })).toMatchObject({ refusal: { code: "nonce-used" } });
    expect(await signed.say(another)).toMatchObject({ accepted: true });
    expect(told(signed)).not.toEqual(before);
  });

  it("nonces of statements that have expired are forgotten: memory is bounded", async () => {
    const signed = await Signed.start();
    expect(signed.world.authority.nonces.size).toBe(3);
    await signed.pass(2 * hour);
    await delegate(signed, "ana");
    expect(signed.world.authority.nonces.size).toBe(1);
  });
});

describe("what is due by itself in people", () => {
  it("given a recovery, then its wait ends by time alone, over a restart, and nothing is appended in between", async () => {
    const signed = await Signed.start();
    for (const key of ["offline-1", "offline-3"]) {
      const said = { person: "recovery", kind: "recover", subject: about("person", "ana") } as const;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const result = await signed.say({ ...said, terms: { keys: [keyOf("ana-anew")] } }, { key });
      expect(result).toMatchObject({ accepted: true });
    }
    await signed.installation.start();
    const { store } = signed.installation;
    const before = store.entries.length;
    await signed.pass(day - 2 * hour);
    expect(store.entries).toHaveLength(before);
    await signed.pass(2 * hour);
    expect([...signed.world.authority.recoveries.values()]).toMatchObject([{ state: "done" }]);
    expect(signed.world.authority.keys.get(fingerprint("ana"))?.revokedAt).not.toBeNull();
    expect(store.entries.length - before).toBe(3);
  });
});

describe("erasure", () => {
  it("given a sealed reason, then it is gone once the entry is durable, every hash holds, and it is erased once", async () => {
    const signed = await Signed.start();
    await delegate(signed, "ana");
    const reason = sealedReasons(signed).at(-1) ?? asCommitment(asSha256("0".repeat(64)));
    expect(await openingOf(signed, reason)).toBeDefined();
    const erase = { person: "ben", kind: "erase", subject: about("attachment", reason), terms: {} } as const;
    expect(await signed.say(erase)).toMatchObject({ accepted: true });
    await settled();
    expect(await openingOf(signed, reason)).toBeUndefined();
    expect(await signed.say(erase)).toMatchObject({ refusal: { code: "no-such-attachment" } });
    await signed.installation.start();
    expect(signed.installation.controller.about().status).toBe("running");
  });

  it("given a crash between the entry and the erasure, then the next start erases", async () => {
    const signed = await Signed.start();
    await delegate(signed, "ana");
    const reason = sealedReasons(signed).at(-1) ?? asCommitment(asSha256("0".repeat(64)));
    const opening = await openingOf(signed, reason);
    await signed.say({ person: "ben", kind: "erase", subject: about("attachment", reason), terms: {} });
    await settled();
    if (opening !== undefined) signed.installation.store.openings.set(reason, opening);
    await signed.installation.start();
    await settled();
    expect(await openingOf(signed, reason)).toBeUndefined();
  });

  it("given the policy's document, then it stays", async () => {
    const signed = await Signed.start();
    const [first] = signed.installation.entries();
    const document = first?.attachments[0]?.commitment ?? "";
    const erase = { person: "ben", kind: "erase", subject: about("attachment", document), terms: {} } as const;
    expect(await signed.say(erase)).toMatchObject({ refusal: { code: "policy-not-erasable" } });
  });
});

describe("the automation's key", () => {
  it("a controller whose key was lost starts, says so, signs nothing as the automation, and takes people's acts", async () => {
    const installation = new Installation();
    installation.automation = automationSigner(generateKeyPairSync("ed25519").privateKey);
    await installation.start();
    expect(installation.logged).not.toContain("automation-key-differs");
    installation.automation = automationSigner(generateKeyPairSync("ed25519").privateKey);
    const controller = await installation.start();
    expect(controller.about().status).toBe("running");
    expect(installation.logged).toContain("automation-key-differs");
    const { automation } = controller.world().authority;
    expect(controller.facts("login")?.automationKey).not.toBe(automation?.fingerprint);
    expect(await installation.declare("by-hand")).toMatchObject({ accepted: true });
    expect(installation.entries().filter(({ data }) => Object.hasOwn(data, "automation"))).toEqual([]);
  });
});
