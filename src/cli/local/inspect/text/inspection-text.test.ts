import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coloured, plain } from "../../../frame/terminal.ts";
import { answer, cases, inspection, server, survey, validation } from "../cases.fixture.ts";
import { findingsOf } from "../findings.ts";
import type { Inspection } from "../inspection.ts";
import { inspectionText } from "./inspection-text.ts";
import { ascii, strokesFor, unicode } from "./strokes.ts";

const named = Object.entries(cases).map(([name, of]) => ({ name, of }));

function text(of: Inspection, columns = 90): string {
  return inspectionText(of, { paint: plain, strokes: unicode, columns });
}

function caseOf(name: string): Inspection {
  const found = cases[name];
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

describe.each(named)("$name, in a terminal", ({ of }) => {
  it.each([40, 60, 80, 100, 200])("is never wider than %i columns", (columns) => {
    for (const strokes of [unicode, ascii]) {
      const lines = inspectionText(of, { paint: coloured, strokes, columns }).split("\n");
      const widest = Math.max(...lines.map((line) => stripVTControlCharacters(line).length));
      expect(widest).toBeLessThanOrEqual(columns);
    }
  });

  it("is ASCII where the terminal takes no more, and without colour where nobody looks", () => {
    expect(inspectionText(of, { paint: plain, strokes: ascii, columns: 90 })).toMatch(/^[\n -~]*$/);
    expect(text(of)).not.toContain("\u001B");
  });

  it("has every zone, key, DS and record, and each finding with its mend", () => {
    const words = text(of, 100).replaceAll(/[│\s]+/g, " ");
    for (const zone of of.validation.chain) {
      expect(words).toContain(zone.zone);
      for (const { tag } of [...zone.keys, ...zone.ds]) expect(words).toContain(` ${tag} `);
    }
    for (const { rdata } of of.validation.answer) for (const data of rdata) expect(words).toContain(data);
    for (const { says, mend } of findingsOf(of)) {
      expect(words).toContain(says);
      expect(words).toContain(mend);
    }
  });

  it("frames are closed: every line of a box is as long as its edge", () => {
    const framed = text(of, 80)
      .split("\n")
      .filter((line) => /^[╭│╰]/.test(line));
    expect(framed.filter((line) => line.length !== 80)).toEqual([]);
  });
});

describe("a chain that breaks", () => {
  it("at the delegation is shown broken between parent and child, and nowhere else", () => {
    const drawn = text(caseOf("ds matches no key"));
    const at = drawn.indexOf("the chain breaks here");
    expect(at).toBeGreaterThan(drawn.indexOf("─ com. ─"));
    expect(at).toBeLessThan(drawn.indexOf("─ example.com. ─"));
    expect(drawn.lastIndexOf("the chain breaks here")).toBe(at);
  });

  it("at the record is shown broken above the record", () => {
    const drawn = text(caseOf("signature expired"));
    const at = drawn.indexOf("the chain breaks here");
    expect(at).toBeGreaterThan(drawn.indexOf("─ example.com. ─"));
    expect(at).toBeLessThan(drawn.indexOf("─ www.example.com. A ─"));
    expect(drawn).toContain("✗ signed by 12345  ░░░░░░░░░░░░  expired 3 d ago");
  });

  it("is nowhere shown in what is secure, insecure or unknown", () => {
    for (const name of ["secure", "rollover", "insecure delegation", "nobody answers", "unverifiable"]) {
      expect(text(caseOf(name))).not.toContain("breaks");
    }
  });
});

it("the zones of an alias hang below the zone that both ways share, and none is drawn twice", () => {
  const drawn = text(caseOf("alias into another zone"));
  expect(drawn).toMatch(/leads on to www\.cdn\.example\.net\.[^]*from \. \(the root\) above[^]*─ net\. ─/);
  expect(drawn.split("─ . (the root) ─")).toHaveLength(2);
});

it("UTF-8 is used where the locale has it, by the order of POSIX", () => {
  expect(strokesFor({ LANG: "C.UTF-8" })).toBe(unicode);
  expect(strokesFor({ LANG: "en_GB.utf8", LC_ALL: "C" })).toBe(ascii);
  expect(strokesFor({})).toBe(ascii);
});

describe("what strangers wrote", () => {
  const hostile = fc.string({ unit: "binary", maxLength: 60 });
  it("is shown as escapes where it would steer the terminal", () => {
    const of = inspection(validation({ answer: [answer({ rdata: ["\u001B[2Jgone\u202E"] })] }));
    expect(text(of)).toContain(String.raw`\u{1b}[2Jgone\u{202e}`);
  });

  it("never steers the terminal, wherever it stands", () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const of = inspection(
          validation({
            verdict: "bogus",
            name: a,
            answer: [answer({ name: a, rdata: [b, `\u001B]0;${a}\u0007`] })],
            reasons: [{ code: "signature-invalid", says: b, zone: "example.com.", record: a }],
            extendedError: { code: 6, name: b },
          }),
          { survey: survey([server(1, { nameserver: a, address: b, outcome: "lame", code: a })]), asked: b },
        );
        // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
        expect(text(of)).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/);
      }),
    );
  });
});
