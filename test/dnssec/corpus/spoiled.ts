import { bindZone, isSignature, pair, using, type SpecialZone } from "./special-zone.ts";

/** Zones that something is wrong with, each in one way. */
export const spoiledZones: readonly SpecialZone[] = [
  bindZone("expired", "bogus", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const lines = await shop.sign({ ...using([ksk], [zsk]), validity: ["now-10d", "now-5d"] });
    return { lines, ds: [await shop.ds(ksk)] };
  }),
  bindZone("not-yet-valid", "bogus", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const lines = await shop.sign({ ...using([ksk], [zsk]), validity: ["now+5d", "now+10d"] });
    return { lines, ds: [await shop.ds(ksk)] };
  }),
  bindZone("ds-of-another-key", "bogus", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const other = await shop.key("key-signing");
    return { lines: await shop.sign(using([ksk], [zsk])), ds: [await shop.ds(other)] };
  }),
  bindZone("ds-with-wrong-digest", "bogus", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const ds = await shop.ds(ksk);
    const last = ds.endsWith("0") ? "1" : "0";
    return { lines: await shop.sign(using([ksk], [zsk])), ds: [`${ds.slice(0, -1)}${last}`] };
  }),
  bindZone("unsigned-under-ds", "bogus", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const lines = await shop.sign(using([ksk], [zsk]));
    return { lines: lines.filter((line) => !/\s(?:RRSIG|NSEC|DNSKEY)\s/.test(line)), ds: [await shop.ds(ksk)] };
  }),
  bindZone("keys-signed-by-another", "bogus", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const other = await shop.key("key-signing");
    const lines = await shop.sign({ published: [ksk, zsk], keySigning: [other], zoneSigning: [zsk] });
    return { lines, ds: [await shop.ds(ksk)] };
  }),
  bindZone("data-signed-by-another", "bogus", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const other = await shop.key("zone-signing");
    const lines = await shop.sign({ published: [ksk, zsk], keySigning: [ksk], zoneSigning: [other] });
    return { lines, ds: [await shop.ds(ksk)] };
  }),
  // RFC 5011 §2.1: once revoked, a key signs nothing but its own revocation.
  bindZone("ksk-revoked-alone", "bogus", async (shop) => {
    const revoked = await shop.key("key-signing", 13, "revoked");
    const zsk = await shop.key("zone-signing");
    return { lines: await shop.sign(using([revoked], [zsk])), ds: [await shop.ds(revoked)] };
  }),
  bindZone("signatures-stripped", "bogus", async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const lines = await shop.sign(using([ksk], [zsk]));
    return {
      lines: lines.filter((line) => !isSignature(line) || isSignature(line, "DNSKEY")),
      ds: [await shop.ds(ksk)],
    };
  }),
  bindZone("denials-stripped", { positive: "secure", negative: "bogus", wildcard: "bogus" }, async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const lines = await shop.sign(using([ksk], [zsk]));
    return {
      lines: lines.filter((line) => !/\sNSEC\s/.test(line) || isSignature(line, "DNSKEY")),
      ds: [await shop.ds(ksk)],
    };
  }),
  // Its SOA as well; yet what does not exist is proven by NSEC alone (RFC 4035 §5.4).
  bindZone("data-altered", { positive: "bogus", negative: "secure", wildcard: "bogus" }, async (shop) => {
    const [ksk, zsk] = await pair(shop);
    const lines = await shop.sign(using([ksk], [zsk]));
    return {
      lines: lines.map((line) => line.replace(/\b192\.0\.2\.2(\d)$/, "198.51.100.2$1").replace(/ 1 3600 /, " 2 3600 ")),
      ds: [await shop.ds(ksk)],
    };
  }),
];
