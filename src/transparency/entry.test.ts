import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asCommitment } from "../values/commitment.ts";
import { commandId, epochOf, sequenceOf } from "../values/ids.ts";
import { canonicalJson, type Json, type JsonObject } from "../values/json.ts";
import { utf8 } from "../values/octets.ts";
import { sha256 } from "../values/sha256.ts";
import { duration, instant } from "../values/time.ts";
import { commit, opens } from "./commitment.ts";
import { decodeEntry, encodeEntry, entryOctetsMax, type Entry } from "./entry.ts";

const digest = sha256(utf8("something"));

const entry: Entry = {
  v: 1,
  log: "pointsman.example/1f",
  sequence: sequenceOf(7),
  at: instant(1_790_000_000_000),
  clock: { boot: "b1", monoMs: duration(1234), errorMs: null },
  controller: "c1",
  epoch: epochOf(2),
  rules: 1,
  stream: "service/login",
  streamSeq: 1,
  streamPrev: digest,
  type: "proposed",
  by: { kind: "local-user", id: "1000", method: "local-user" },
  basis: { policy: digest, settings: null, observations: [digest], heads: { policy: digest } },
  causes: { command: commandId("cmd-1"), entries: [sequenceOf(3)] },
  data: { plan: digest, shares: [1, null, true, { "": "é" }] },
  sealed: { reason: asCommitment(digest) },
  attachments: [{ commitment: asCommitment(digest), octets: 10, class: "observations", keepUntil: instant(5) }],
};
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an entry is JSON
const plain = entry as unknown as JsonObject;

const decodeJson = (value: Json): Entry | undefined => decodeEntry(utf8(canonicalJson(value)));

// Not by canonicalJson, which would refuse a fraction itself.
const decodesWith = (path: readonly string[], value: Json): boolean =>
  decodeEntry(utf8(JSON.stringify(sorted(replaced(plain, path, value))))) !== undefined;

function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .map(([member, held]) => [member, sorted(held)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Every path to a member, so that each can be taken away or spoiled. */
function pathsOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([member, held]) => pathsOf(held, [...path, member]))];
}

function replaced(value: Json, path: readonly string[], by: Json | undefined): Json {
  const [member, ...rest] = path;
  if (member === undefined) return by ?? null;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.map((held: Json, at) => (String(at) === member ? replaced(held, rest, by) : held));
  const members = Object.entries(value).flatMap(([name, held]) => {
    if (name !== member) return [[name, held] as const];
    if (rest.length === 0 && by === undefined) return [];
    return [[name, replaced(held, rest, by)] as const];
  });
  return Object.fromEntries(members);
}

/** Paths whose shape the format fixes: not inside `data`, nor the members that a map names. */
const fixedPaths = pathsOf(plain).filter(([first]) => first !== undefined && first !== "data");

describe("an entry (design §7)", () => {
  it("reads back as it was written, in canonical JSON", () => {
    const octets = encodeEntry(entry);
    expect(decodeEntry(octets)).toEqual(entry);
    expect(octets).toEqual(utf8(canonicalJson(plain)));
  });

  it("has every member from the first entry on: none may be missing", () => {
    const members = fixedPaths.filter((path) => !/^\d+$/.test(path.at(-1) ?? "") && !isMapMember(path));
    expect(members.length).toBeGreaterThan(30);
    expect(members.filter((path) => decodeJson(replaced(plain, path, undefined)) !== undefined)).toEqual([]);
  });

  it("refuses a member of the wrong kind, wherever it stands", () => {
    const accepted = fixedPaths.filter((path) =>
      [true, 0.5, ["x", 1], { unknown: 1 }].some((wrong) => decodesWith(path, wrong)),
    );
    expect(accepted).toEqual([]);
  });

  it("refuses members that the format does not name", () => {
    for (const path of [[], ["clock"], ["by"], ["basis"], ["causes"], ["attachments", "0"]]) {
      const inside = path.reduce<Json>((value, member) => memberOf(value, member), plain);
      const extended = Object.fromEntries([...Object.entries(inside ?? {}), ["extra", 1]]);
      expect(decodeJson(path.length === 0 ? extended : replaced(plain, path, extended))).toBeUndefined();
    }
  });

  it("refuses octets that are not canonical, so that no two texts read alike", () => {
    const text = canonicalJson(plain);
    for (const loose of [
      ` ${text}`,
      `${text}\n`,
      text.replace('"v":1', '"v":1.0'),
      JSON.stringify(entry),
      "",
      "null",
    ]) {
      expect(decodeEntry(utf8(loose))).toBeUndefined();
    }
    expect(decodeEntry(Uint8Array.of(0xff))).toBeUndefined();
  });

  it("ties a stream's first entry to having none before, and causes to earlier entries", () => {
    expect(decodeJson({ ...plain, streamSeq: 0 })).toBeUndefined();
    expect(decodeJson({ ...plain, streamPrev: null })).toBeUndefined();
    expect(decodeJson({ ...plain, streamSeq: 0, streamPrev: null })).toBeDefined();
    expect(decodeJson({ ...plain, causes: { command: null, entries: [7] } })).toBeUndefined();
  });

  it("holds 65 535 octets and not one more", () => {
    const room = entryOctetsMax - encodeEntry({ ...entry, data: { filler: "" } }).length;
    const full = encodeEntry({ ...entry, data: { filler: "x".repeat(room) } });
    expect(full.length).toBe(65_535);
    expect(decodeEntry(full)).toBeDefined();
    expect(() => encodeEntry({ ...entry, data: { filler: "x".repeat(room + 1) } })).toThrow("65535 octets");
    expect(decodeJson({ ...plain, data: { filler: "x".repeat(room + 1) } })).toBeUndefined();
  });

  it("never throws, whatever octets it is given", () => {
    const octets = encodeEntry(entry);
    fc.assert(
      fc.property(fc.nat(octets.length - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const changed = octets.with(at, value);
        const read = decodeEntry(changed);
        expect(read === undefined ? changed : encodeEntry(read)).toEqual(changed);
      }),
      { numRuns: 500 },
    );
  });
});

function isMapMember(path: readonly string[]): boolean {
  return path[0] === "sealed" ? path.length > 1 : path[1] === "heads" && path.length > 2;
}

function memberOf(value: Json, member: string): Json {
  if (typeof value !== "object" || value === null) return null;
  return new Map(Object.entries(value)).get(member) ?? null;
}

describe("a commitment (design §7)", () => {
  it("is SHA-256 of 0x02, salt and value, and opens by these alone", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (value, salt) => {
        const commitment = commit(value, salt);
        expect(commitment).toBe(sha256(Uint8Array.of(2, ...salt, ...value)));
        expect(opens({ commitment, salt, value })).toBe(true);
        expect(opens({ commitment, salt, value: Uint8Array.of(...value, 0) })).toBe(false);
        expect(opens({ commitment, salt: salt.map((octet) => octet ^ 1), value })).toBe(false);
      }),
    );
    expect(opens({ commitment: asCommitment(digest), salt: new Uint8Array(31), value: new Uint8Array() })).toBe(false);
    expect(() => commit(new Uint8Array(), new Uint8Array(31))).toThrow("32 octets");
  });
});
