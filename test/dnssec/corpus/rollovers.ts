import { knotSign } from "./knot-signer.ts";
import {
  bindZone,
  isSignature,
  pair,
  specialLines,
  specialQuestions,
  using,
  type SpecialZone,
} from "./special-zone.ts";

/** Every state in which a rollover rests for a while (RFC 6781 §4.1, RFC 7583, RFC 8901): all are secure throughout. */
export const rolloverZones: readonly SpecialZone[] = [
  bindZone("zsk-published", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const next = await shop.key("zone-signing");
    const lines = await shop.sign({ published: [ksk, zsk, next], keySigning: [ksk], zoneSigning: [zsk] });
    return { lines, ds: [await shop.ds(ksk)] };
  }),
  bindZone("zsk-doubled", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const next = await shop.key("zone-signing");
    return { lines: await shop.sign(using([ksk], [zsk, next])), ds: [await shop.ds(ksk)] };
  }),
  bindZone("ksk-doubled-old-ds", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const next = await shop.key("key-signing");
    return { lines: await shop.sign(using([ksk, next], [zsk])), ds: [await shop.ds(ksk)] };
  }),
  bindZone("ksk-doubled-new-ds", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const next = await shop.key("key-signing");
    return { lines: await shop.sign(using([ksk, next], [zsk])), ds: [await shop.ds(next)] };
  }),
  bindZone("ksk-standby-ds", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const standby = await shop.key("key-signing");
    return { lines: await shop.sign(using([ksk], [zsk])), ds: [await shop.ds(standby), await shop.ds(ksk)] };
  }),
  bindZone("ksk-swapped-under-two-ds", "secure", async (shop) => {
    const [old, zsk] = await pair(shop);
    const ksk = await shop.key("key-signing");
    return { lines: await shop.sign(using([ksk], [zsk])), ds: [await shop.ds(old), await shop.ds(ksk)] };
  }),
  bindZone("ksk-published-unused", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const next = await shop.key("key-signing");
    const lines = await shop.sign({ published: [ksk, zsk, next], keySigning: [ksk], zoneSigning: [zsk] });
    return { lines, ds: [await shop.ds(ksk), await shop.ds(next)] };
  }),
  bindZone("ksk-revoked-beside-new", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const revoked = await shop.key("key-signing", 13, "revoked");
    return { lines: await shop.sign(using([ksk, revoked], [zsk])), ds: [await shop.ds(ksk)] };
  }),
  // RFC 6781 §4.1.4, figure 13: new signatures, then new keys, then the DS.
  bindZone("algorithm-signatures", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop, 15);
    const [nextKsk, nextZsk] = await pair(shop);
    const signed = await shop.sign(using([ksk], [zsk]));
    const signedByNext = await shop.sign({ ...using([nextKsk], [nextZsk]), published: [ksk, zsk] });
    const added = signedByNext.filter((line) => isSignature(line) && !isSignature(line, "DNSKEY"));
    return { lines: [...signed, ...added], ds: [await shop.ds(ksk)] };
  }),
  bindZone("algorithm-keys", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop, 8);
    const [nextKsk, nextZsk] = await pair(shop);
    return { lines: await shop.sign(using([ksk, nextKsk], [zsk, nextZsk])), ds: [await shop.ds(ksk)] };
  }),
  bindZone("algorithm-new-ds", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop, 15);
    const [nextKsk, nextZsk] = await pair(shop);
    return { lines: await shop.sign(using([ksk, nextKsk], [zsk, nextZsk])), ds: [await shop.ds(nextKsk)] };
  }),
  bindZone("algorithm-both-ds", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop, 16);
    const [nextKsk, nextZsk] = await pair(shop);
    const ds = [await shop.ds(ksk), await shop.ds(nextKsk)];
    return { lines: await shop.sign(using([ksk, nextKsk], [zsk, nextZsk])), ds };
  }),
  // RFC 6840 §5.11: the liberal way, in which the data are signed by one of the two only, is accepted as well.
  bindZone("algorithm-liberal", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop, 14);
    const [nextKsk, nextZsk] = await pair(shop);
    const lines = await shop.sign({ ...using([ksk, nextKsk], [zsk]), published: [ksk, zsk, nextKsk, nextZsk] });
    return { lines, ds: [await shop.ds(ksk), await shop.ds(nextKsk)] };
  }),
  // RFC 8901 §2.1.2: two providers, each with keys of its own, each publishing the other's ZSK; this is the first one.
  bindZone("multi-signer", "secure", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const [otherKsk, otherZsk] = await pair(shop);
    const lines = await shop.sign({ published: [ksk, zsk, otherZsk], keySigning: [ksk], zoneSigning: [zsk] });
    return { lines, ds: [await shop.ds(otherKsk), await shop.ds(ksk)] };
  }),
  knotZone("knot-zsk-published", [
    ["ksk=yes", "zsk=no", "publish=-2d", "ready=-2d", "active=-1d"],
    ["ksk=no", "zsk=yes", "publish=-2d", "active=-2d"],
    ["ksk=no", "zsk=yes", "publish=-1d", "ready=+1d", "active=+2d"],
  ]),
  knotZone("knot-ksk-doubled", [
    ["ksk=yes", "zsk=no", "publish=-9d", "ready=-8d", "active=-8d", "retire=+8d"],
    ["ksk=yes", "zsk=no", "publish=-2d", "ready=-1d"],
    ["ksk=no", "zsk=yes", "publish=-2d", "active=-2d"],
  ]),
];

function knotZone(label: string, keys: readonly (readonly string[])[]): SpecialZone {
  const name = `${label}.alpha.`;
  return {
    name,
    questions: specialQuestions(name, "secure"),
    make: (folder) =>
      knotSign(
        {
          name,
          lines: specialLines,
          algorithm: 13,
          denial: "nsec3",
          keys: keys.map((key) => ["algorithm=ECDSAP256SHA256", ...key]),
        },
        folder,
      ),
  };
}
