import type { PrintedResponse } from "./recorded.fixture.ts";

// RFC 5155 appendix A, as far as appendix B uses it: RSA/SHA-1 (algorithm 7) and NSEC3, signed from 2005 to 2015. Octets
// as printed.

const signature = (owner: string, type: string, labels: number, octets: string, tag = 40_430): string =>
  `${owner} 3600 RRSIG ${type} 7 ${labels} 3600 20150420235959 20051021000000 ${tag} example. ${octets}`;

/** A link of the chain, with its signature; all of them are opt-out, of 12 iterations with salt aabbccdd. */
const link = (hash: string, rest: string, octets: string): readonly string[] => [
  `${hash}.example. 3600 NSEC3 1 1 12 aabbccdd ${rest}`,
  signature(`${hash}.example.`, "NSEC3", 2, octets),
];

const keySigningKey =
  "example. 3600 DNSKEY 257 3 7 AwEAAcUlFV1vhmqx6NSOUOq2R/dsR7Xm3upJj7IommWSpJABVfW8Q0rOvXdM6kzt+TAu92L9AbsUdblMFin8CVF3n4s=";

/** The key-signing key, tag 12708, as a trust anchor. */
export const anchor5155 = keySigningKey.replace(" 3600 ", " IN ");

const dnskey = [
  "example. 3600 DNSKEY 256 3 7 AwEAAaetidLzsKWUt4swWR8yu0wPHPiUi8LUsAD0QPWU+wzt89epO6tHzkMBVDkC7qphQO2hTY4hHn9npWFRw5BYubE=",
  keySigningKey,
  signature(
    "example.",
    "DNSKEY",
    1,
    "AuU4juU9RaxescSmStrQks3Gh9FblGBlVU31uzMZ/U/FpsUb8aC6QZS+sTsJXnLnz7flGOsmMGQZf3bH+QsCtg==",
    12_708,
  ),
];

const soa = [
  "example. 3600 SOA ns1.example. bugs.x.w.example. 1 3600 300 3600000 3600",
  signature(
    "example.",
    "SOA",
    1,
    "Hu25UIyNPmvPIVBrldN+9Mlp9Zql39qaUd8iq4ZLlYWfUUbbAS41pG+68z81q1xhkYAcEyHdVI2LmKusbZsT0Q==",
  ),
];

const ns = [
  "example. 3600 NS ns1.example.",
  "example. 3600 NS ns2.example.",
  signature(
    "example.",
    "NS",
    1,
    "PVOgtMK1HHeSTau+HwDWC8Ts+6C8qtqd4pQJqOtdEVgg+MA+ai4fWDEhu3qHJyLcQ9tbD2vvCnMXjtz6SyObxA==",
  ),
];

const azwMx = [
  "a.z.w.example. 3600 MX 1 ai.example.",
  signature(
    "a.z.w.example.",
    "MX",
    2,
    "CikebjQwGQPwijVcxgcZcSJKtfynugtlBiKb9FcBTrmOoyQ4InoWVudhCWsh/URX3lc4WRUMivEBP6+4KS3ldA==",
  ),
];

const apex = link(
  "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom",
  "2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG",
  "OSgWSm26B+cS+dDL8b5QrWr/dEWhtCsKlwKLIBHYH6blRxK9rC0bMJPwQ4mLIuw85H2EY762BOCXJZMnpuwhpA==",
);
const ns1 = link(
  "2t7b4g4vsa5smi47k61mv5bv1a22bojr",
  "2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
  "OmBvJ1Vgg1hCKMXHFiNeIYHK9XVW0iLDLwJN4TFoNxZuP03gAXEI634YwOc4YBNITrj413iqNI6mRk/r1dOSUw==",
);
const a = link(
  "35mthgpgcu1qg68fab165klnsnk3dpvl",
  "b4um86eghhds6nea196smvmlo4ors995 NS DS RRSIG",
  "g6jPUUpduAJKRljUsN8gB4UagAX0NxY9shwQAynzo8EUWH+z6hEIBlUTPGj15eZll6VhQqgZXtAIR3chwgW+SA==",
);
const xw = link(
  "b4um86eghhds6nea196smvmlo4ors995",
  "gjeqe526plbf1g8mklp59enfd789njgi MX RRSIG",
  "ZkPG3M32lmoHM6pa3D6gZFGB/rhL//Bs3Omh5u4m/CUiwtblEVOaAKKZd7S959OeiX43aLX3pOv0TSTyiTxIZg==",
);
const yw = link(
  "ji6neoaepv8b5o6k4ev33abha8ht9fgc",
  "k8udemvp1j2f7eg6jebps17vp3n8i58h",
  "gPkFp1s2QDQ6wQzcg1uSebZ61W33rUBDcTj72F3kQ490fEdp7k1BUIfbcZtPbX3YCpE+sIt0MpzVSKfTwx4uYA==",
);
const w = link(
  "k8udemvp1j2f7eg6jebps17vp3n8i58h",
  "kohar7mbb8dc2ce8a9qvl8hon4k53uhi",
  "FtXGbvF0+wf8iWkyo73enAuVx03klN+pILBKS6qCcftVtfH4yVzsEZquJ27NHR7ruxJWDNMtOtx7w9WfcIg62A==",
);
const ns2 = link(
  "q04jkcevqvmu85r014c7dkba38o0ji5r",
  "r53bq7cc2uvmubfu5ocmm6pers9tk9en A RRSIG",
  "hV5I89b+4FHJDATp09g4bbN0R1F845CaXpL3ZxlMKimoPAyqletMlEWwLfFia7sdpSzn+ZlNNlkxWcLsIlMmUg==",
);
const wildcard = link(
  "r53bq7cc2uvmubfu5ocmm6pers9tk9en",
  "t644ebqk9bibcna874givr6joj62mlhv MX RRSIG",
  "aupviViruXs4bDg9rCbezzBMf9h1ZlDvbW/CZFKulIGXXLj8B/fsDJarXVDA9bnUoRhEbKp+HF1FWKW7RIJdtQ==",
);

const nxdomain = 3;

/** Appendix B by its sections; and what the same server answers for the keys, and for a DS on the way. */
export const printed5155 = {
  keys: { answer: dnskey },
  b1: { rcode: nxdomain, authority: [...soa, ...apex, ...xw, ...a] },
  b2: { authority: [...soa, ...ns1] },
  b21: { authority: [...soa, ...yw] },
  b3: {
    aa: null,
    authority: ["c.example. 3600 NS ns1.c.example.", "c.example. 3600 NS ns2.c.example.", ...a, ...apex],
  },
  dsOfB3: { authority: [...soa, ...a, ...apex] },
  b4: { answer: azwMx, authority: [...ns, ...ns2] },
  b5: { authority: [...soa, ...w, ...ns2, ...wildcard] },
  dsOfW: { authority: [...soa, ...w] },
  b6: { authority: [...soa, ...apex] },
} as const satisfies Readonly<Record<string, PrintedResponse>>;
