import { fromBase64 } from "../../values/octets.ts";
import { nameFromText, rootName, type Name } from "../wire/name.ts";

/** The algorithms that RFC 8945 §6 recommends. MD5 and SHA-1 are refused. */
export type TsigAlgorithm = "hmac-sha256" | "hmac-sha384" | "hmac-sha512";

export interface TsigKey {
  readonly name: Name;
  readonly algorithm: TsigAlgorithm;
  /** MUST NOT reach the journal, a log line or an error (N11). */
  readonly secret: Uint8Array;
}

/** Octets of a whole MAC. */
export const macOctets: { readonly [algorithm in TsigAlgorithm]: number } = {
  "hmac-sha256": 32,
  "hmac-sha384": 48,
  "hmac-sha512": 64,
};

/** What stands for the algorithm on the wire (RFC 8945 §6). */
export const algorithmNames: { readonly [algorithm in TsigAlgorithm]: Name } = {
  "hmac-sha256": nameFromText("hmac-sha256") ?? rootName,
  "hmac-sha384": nameFromText("hmac-sha384") ?? rootName,
  "hmac-sha512": nameFromText("hmac-sha512") ?? rootName,
};

export type TsigKeyParsed =
  | { readonly key: TsigKey }
  | {
      readonly code: "not-a-tsig-key" | "unknown-algorithm" | "bad-key-name" | "bad-secret";
      /** Never holds any of the text: a secret may stand in the wrong place. */
      readonly says: string;
    };

/**
 * Reads the one-line form that BIND's tools take, `hmac-sha256:name:base64`; white space around it is left out.
 * The secret of the key is hidden from printing and from JSON.
 */
export function parseTsigKey(text: string): TsigKeyParsed {
  const parts = text.trim().split(":");
  const [algorithmText = "", nameText = "", secretText = ""] = parts;
  if (parts.length !== 3) {
    return { code: "not-a-tsig-key", says: "A TSIG key is one line: algorithm:name:secret, the secret in base64." };
  }
  const algorithm = algorithmText.toLowerCase().replace(/\.$/, "");
  if (!isAlgorithm(algorithm)) {
    const known = Object.keys(macOctets).join(", ");
    return { code: "unknown-algorithm", says: `A TSIG key begins with its algorithm, one of ${known}.` };
  }
  const name = nameFromText(nameText);
  if (name === undefined) return { code: "bad-key-name", says: "The name of a TSIG key is a domain name." };
  const secret = fromBase64(secretText);
  if (secret === undefined || secret.length === 0) {
    return { code: "bad-secret", says: "The secret of a TSIG key is base64 with its padding, and not empty." };
  }
  return { key: Object.defineProperty({ name, algorithm, secret }, "secret", { enumerable: false }) };
}

function isAlgorithm(text: string): text is TsigAlgorithm {
  return Object.hasOwn(macOctets, text);
}
