import { bindZone, pair, specialQuestions, using, type SpecialZone } from "./special-zone.ts";
import type { CorpusQuestion } from "./questions.ts";

const strange = { algorithm: `4711 200 2 ${"ab".repeat(32)}`, digest: `4711 13 200 ${"cd".repeat(20)}` };

/** What is rare and yet not wrong: secure, or insecure by the letter of an RFC. */
export const unusualZones: readonly SpecialZone[] = [
  bindZone("ds-partly-strange", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const ds = [strange.algorithm, strange.digest, await shop.ds(ksk)];
    return { lines: await shop.sign(using([ksk], [zsk])), ds };
  }),
  bindZone("ds-two-digests", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    return { lines: await shop.sign(using([ksk], [zsk])), ds: [await shop.ds(ksk, 2), await shop.ds(ksk, 4)] };
  }),
  // RFC 4509 §3: a SHA-1 DS beside a better one is not looked at.
  bindZone("ds-sha1-beside", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    return { lines: await shop.sign(using([ksk], [zsk])), ds: [await shop.ds(ksk, 1), await shop.ds(ksk, 2)] };
  }),
  // RFC 9905: SHA-1 in a DS, or in signatures, is no longer support for the zone.
  bindZone("ds-sha1-alone", "insecure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    return { lines: await shop.sign(using([ksk], [zsk])), ds: [await shop.ds(ksk, 1)] };
  }),
  bindZone(
    "rsasha1",
    "insecure",
    async (shop) => {
      const ksk = await shop.key("key-signing", "NSEC3RSASHA1");
      return { lines: await shop.sign(using([ksk], [ksk])), ds: [await shop.ds(ksk, 2)] };
    },
    "nsec3",
  ),
  // RFC 9276 §3.2: up to our limit such a denial counts, above it makes insecure what rests on it.
  bindZone(
    "nsec3-few-iterations",
    "secure",
    async (shop) => {
      const [ksk, zsk] = await pair(shop);
      return {
        lines: await shop.sign({ ...using([ksk], [zsk]), iterations: 10, salt: "C0FFEE" }),
        ds: [await shop.ds(ksk)],
      };
    },
    "nsec3",
  ),
  bindZone(
    "nsec3-many-iterations",
    { positive: "secure", negative: "insecure", wildcard: "insecure" },
    async (shop) => {
      const [ksk, zsk] = await pair(shop);
      return { lines: await shop.sign({ ...using([ksk], [zsk]), iterations: 100 }), ds: [await shop.ds(ksk)] };
    },
    "nsec3",
  ),
  // An island: signed whole, below a delegation without DS.
  bindZone("island", "insecure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    return { lines: await shop.sign(using([ksk], [zsk])), ds: [] };
  }),
];

/** Of zones that nobody signs: below the root, and below a span with opt-out. */
export const plainQuestions: readonly CorpusQuestion[] = ["plain.", "unsigned.gamma."].flatMap((name) =>
  specialQuestions(name, "insecure"),
);
