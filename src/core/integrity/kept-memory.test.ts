import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, type Json } from "../../values/json.ts";
import { sha256, sha256OfJson } from "../../values/sha256.ts";
import { utf8 } from "../../values/octets.ts";
import { instant } from "../../values/time.ts";
import type { KeyMemory } from "./key-memory.ts";
import { readKeptMemory, writeKeptMemory, type KeptMemory } from "./kept-memory.ts";
import type { ZoneHistory } from "./memory.ts";

const at = fc.maxSafeInteger().map(instant);
const atOrNever = fc.option(at);
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const mark = fc.option(fc.record({ value: fc.maxSafeInteger(), since: at }));
const number = fc.nat();
const key: fc.Arbitrary<KeyMemory> = fc.record({
  fingerprint: text,
  tag: number,
  algorithm: number,
  bits: fc.option(number),
  flags: number,
  asDs: fc.array(text, { maxLength: 3 }),
  providers: fc.array(text, { maxLength: 3 }),
  firstSeen: at,
  lastSeen: at,
  fromTheStart: fc.boolean(),
  publishedSince: atOrNever,
  signsKeysSince: atOrNever,
  signsZoneSince: atOrNever,
  explained: fc.boolean(),
  signedLast: atOrNever,
  dsSince: atOrNever,
  dsLast: atOrNever,
});

function mapOf<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<ReadonlyMap<string, Value>> {
  return fc.array(fc.tuple(text, value), { maxLength: 4 }).map((entries) => new Map(entries));
}

const history: fc.Arbitrary<ZoneHistory> = fc.record({
  marks: mapOf(fc.record({ serialMark: mark, inceptionMark: mark })),
  keys: fc.array(key, { maxLength: 4 }).map((keys) => new Map(keys.map((one) => [one.fingerprint, one]))),
  ds: fc.option(mapOf(at)),
  cdsPending: fc.option(fc.record({ wanted: text, since: at })),
});
const kept: fc.Arbitrary<KeptMemory> = fc.record({
  installation: fc.string().map((one) => sha256(utf8(one))),
  history: mapOf(history),
});

/** A text with the digest that fits it. */
function sealed(content: { readonly [member: string]: Json }): string {
  return `${canonicalJson({ ...content, sha256: sha256OfJson(content) })}\n`;
}

const installation = sha256(utf8("an installation"));
const refusals: readonly unknown[] = ["integrity-memory-damaged", "integrity-memory-version"];

/** The code with which a text is refused; undefined: it was read. */
function codeOf(file: string): unknown {
  const read = readKeptMemory(file);
  return "code" in read ? read.code : undefined;
}

describe("what is remembered of zones", () => {
  it("reads back as it was written", () => {
    fc.assert(
      fc.property(kept, (memory) => {
        expect(readKeptMemory(writeKeptMemory(memory))).toEqual(memory);
      }),
    );
  });

  it("is refused with a code, and never believed in part, wherever it is cut off or altered", () => {
    fc.assert(
      fc.property(kept, fc.nat(), fc.string({ maxLength: 3 }), fc.nat(3), (memory, place, instead, count) => {
        const whole = writeKeptMemory(memory);
        const from = place % whole.length;
        const altered = `${whole.slice(0, from)}${instead}${whole.slice(from + count)}`;
        fc.pre(altered !== whole);
        expect(refusals).toContain(codeOf(altered));
        expect(refusals).toContain(codeOf(whole.slice(0, from)));
      }),
    );
  });

  it("is refused with a code, whatever else it is", () => {
    fc.assert(
      fc.property(fc.string(), (garbage) => {
        expect(refusals).toContain(codeOf(garbage));
      }),
    );
    const json = fc.dictionary(
      fc.constantFrom("version", "installation", "zones", "history"),
      fc.oneof(
        fc.constant<Json>(1),
        fc.constant<Json>(installation),
        fc.array(fc.integer(), { minLength: 1 }),
        fc.string(),
      ),
    );
    fc.assert(
      fc.property(json, (content) => {
        expect(refusals).toContain(codeOf(sealed(content)));
      }),
    );
  });

  it("of another version says which, since that is nobody's damage", () => {
    expect(readKeptMemory(sealed({ version: 2, installation, zones: [] }))).toMatchObject({
      code: "integrity-memory-version",
      figures: { version: 2, reads: 1 },
    });
  });
});
