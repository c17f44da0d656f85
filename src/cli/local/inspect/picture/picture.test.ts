import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answer, cases, inspection, server, survey, validation, zone } from "../cases.fixture.ts";
import { findingsOf } from "../findings.ts";
import type { Inspection } from "../inspection.ts";
import { escaped } from "./escape.ts";
import { layOut } from "./layout.ts";
import { pageFile } from "./page.ts";
import type { Place } from "./scene.ts";
import { colours } from "./style.ts";
import { svgFile } from "./svg.ts";

const named = Object.entries(cases).map(([name, of]) => ({ name, of }));

/** Start and end tags with their attributes; throws where they do not nest, or anything looks like markup and is none. */
function tagsOf(markup: string): readonly { readonly name: string; readonly attributes: readonly string[] }[] {
  const open: string[] = [];
  const tags: { name: string; attributes: string[] }[] = [];
  const body = markup.replace(/^<!doctype html>/, "").replaceAll(/<style>[^<]*<\/style>/g, "");
  const rest = body.replaceAll(
    /<(\/?)([a-z][a-z0-9]*)((?: [A-Za-z][A-Za-z0-9-]*="[^"<>]*")*)(\/?)>/g,
    (_, end: string, name: string, attributes: string, alone: string) => {
      const closes = end === "" ? name : open.pop();
      expect(closes).toBe(name);
      if (end !== "") return "";
      if (alone === "" && name !== "meta") open.push(name);
      tags.push({
        name,
        attributes: [...attributes.matchAll(/ ([A-Za-z][A-Za-z0-9-]*)=/g)].map(([, one = ""]) => one),
      });
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(rest.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
  return tags;
}

describe.each(named)("$name, as a picture", ({ of }) => {
  it.each([
    ["a page", pageFile],
    ["a file of its own", svgFile],
  ])("is, as %s, well formed and needs nothing from elsewhere", (_, draw) => {
    const markup = draw(of);
    const tags = tagsOf(markup);
    const names = new Set(tags.map(({ name }) => name));
    for (const forbidden of ["script", "link", "img", "image", "iframe", "use", "a", "foreignObject"]) {
      expect(names.has(forbidden)).toBe(false);
    }
    const loads = tags.flatMap(({ attributes }) => attributes).filter((name) => /^(?:on|src|href|xlink)/.test(name));
    expect(loads).toEqual([]);
    expect(markup).not.toMatch(/url\(|@import/);
  });

  it("has boxes that do not lie on each other, inside of the picture", () => {
    const { zones, panels, anchors, width, height } = layOut(of);
    const boxes: readonly Place[] = [...zones, ...panels, ...anchors];
    for (const [index, a] of boxes.entries()) {
      expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true);
      for (const b of boxes.slice(index + 1)) expect(overlap(a, b)).toBe(false);
    }
    for (const { keys, lanes, ...box } of zones) {
      for (const chip of [...keys, ...lanes.flatMap(({ chips }) => chips)]) expect(within(chip, box)).toBe(true);
    }
  });

  it("has arrows that begin and end at something", () => {
    const { zones, panels, anchors, arrows } = layOut(of);
    const chips = [
      ...anchors,
      ...zones.flatMap(({ keys, lanes }) => [...keys, ...lanes.flatMap((lane) => lane.chips)]),
    ];
    for (const { from, to, way } of arrows.filter((arrow) => arrow.way === "down")) {
      expect(way).toBe("down");
      expect([...chips, ...zones].some((place) => touches(from, place, place.y + place.height))).toBe(true);
      expect([...chips, ...zones, ...panels].some((place) => touches(to, place, place.y))).toBe(true);
    }
  });

  it("says in text all that it shows: verdicts, findings and their mends, and the picture's own description", () => {
    const page = pageFile(of);
    expect(page).toMatch(/<svg [^>]*role="img" aria-labelledby="chain-title chain-desc"/);
    for (const { zone: name, verdict } of of.validation.chain) {
      expect(page).toMatch(
        new RegExp(`<strong>${name.replaceAll(".", "\\.")}[^<]*</strong> <span class="\\w+">. ${verdict}`),
      );
    }
    for (const { says, mend } of findingsOf(of))
      expect(page).toContain(
        `<p>${escaped(says)}</p>\n<p class="mend"><span aria-hidden="true">→</span> ${escaped(mend)}</p>`,
      );
  });
});

function broken(name: string): number {
  return layOut(cases[name] ?? inspection(validation())).arrows.filter(({ kind }) => kind === "broken").length;
}

function unsigned(verdict: "bogus" | "insecure"): Inspection {
  const reasons = [
    { code: "no-signature", says: "It has none.", zone: "example.com.", record: "www.example.com. A" },
  ] as const;
  return inspection(validation({ verdict, answer: [answer({ verdict, signatures: [] })], reasons }));
}

describe("where it breaks", () => {
  it("one arrow is broken, from the DS to the zone without its key, or from the key to the record", () => {
    expect(broken("ds matches no key")).toBe(1);
    expect(broken("signature expired")).toBe(1);
  });

  it("no arrow is broken in what is secure, insecure or unknown", () => {
    const whole = Object.keys(cases).filter((name) => cases[name]?.validation.verdict !== "bogus");
    expect(whole.filter((name) => broken(name) > 0)).toEqual([]);
  });

  it("an answer that no key signed hangs on a broken arrow, and on a dashed one where it is proven insecure", () => {
    expect(layOut(unsigned("bogus")).arrows.at(-1)).toMatchObject({ kind: "broken", tone: "bad" });
    expect(layOut(unsigned("insecure")).arrows.at(-1)).toMatchObject({ kind: "dashed", tone: "warn" });
  });
});

describe("what strangers wrote", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 50 }),
    fc.constantFrom("</text><script>x()</script>", `" onload="x()`, "]]>", "<!--", "&amp;", "\u202Ereversed", "\uD800"),
  );

  it("is text in the page and in the picture, never markup", () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const of = inspection(
          validation({
            verdict: "bogus",
            name: a,
            chain: [zone("example.com.", [1, 2], { zone: b })],
            answer: [answer({ name: a, rdata: [b, a], wildcard: b, zone: b })],
            reasons: [{ code: "signature-invalid", says: a, zone: b, record: a }],
            extendedError: { code: 6, name: b },
          }),
          { survey: survey([server(1, { nameserver: a, address: b, outcome: "lame", code: a })]), asked: b },
        );
        for (const markup of [pageFile(of), svgFile(of)]) {
          const names = new Set(tagsOf(markup).map(({ name }) => name));
          expect(names.has("script")).toBe(false);
          // XML 1.0 §2.2: what no document may hold.
          // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
          expect(markup).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u);
        }
      }),
    );
  });
});

describe("colours", () => {
  const themes = [...colours.matchAll(/:root \{([^}]*)\}/g)].map(([, theme = ""]) =>
    Object.fromEntries(
      [...theme.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name = "", value = ""]) => [name, value]),
    ),
  );

  it("are there for light, dark and paper", () => expect(themes).toHaveLength(3));

  it.each([0, 1, 2])("have the contrast that people with weak eyes need (theme %i)", (index) => {
    const theme = themes[index] ?? {};
    const pairs = ["ink", "soft", "good", "bad", "warn"].flatMap((ink) =>
      ["paper", "card", `${ink === "soft" || ink === "ink" ? "good" : ink}-tint`].map(
        (ground) => [ink, ground] as const,
      ),
    );
    const ratios = pairs.map(
      ([ink, ground]) => [ink, ground, contrast(theme[ink] ?? "", theme[ground] ?? "")] as const,
    );
    expect(ratios.filter(([, , ratio]) => !(ratio >= 4.5))).toEqual([]);
  });
});

/** WCAG 2.2: the ratio of relative luminances. */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function within(a: Place, b: Place): boolean {
  return a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
}

function touches([x, y]: readonly [number, number], place: Place, edge: number): boolean {
  return y === edge && x >= place.x && x <= place.x + place.width;
}
