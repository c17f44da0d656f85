import type { Redactor } from "../ports/redactor.ts";
import { fromUtf8, toBase64, toHex } from "../values/octets.ts";

const redacted = "[redacted]";
/** Shorter than this it is no secret, and to take it out would garble everything. */
const octetsMin = 4;

/** Remembers secrets in the forms that they could be written in; one a process is enough. */
export function createRedactor(): Redactor {
  /** The longest first, so that no part of one is left when a shorter one is inside of it. */
  let forms: readonly string[] = [];
  return {
    hold(secret) {
      if (secret.length < octetsMin) return;
      forms = [...new Set([...forms, ...formsOf(secret)])].toSorted((a, b) => b.length - a.length);
    },
    clean(text) {
      let cleaned = text;
      for (const form of forms) cleaned = cleaned.replaceAll(form, redacted);
      return cleaned;
    },
  };
}

function formsOf(secret: Uint8Array): string[] {
  const hex = toHex(secret);
  const base64 = toBase64(secret);
  const unpadded = base64.replace(/=+$/, "");
  const text = fromUtf8(secret)?.trim();
  const written = text === undefined || text.length < octetsMin ? [] : [text, ...inner(text)];
  const url = unpadded.replaceAll("+", "-").replaceAll("/", "_");
  return [hex, hex.toUpperCase(), base64, unpadded, url, ...written];
}

/** As it stands inside of JSON, and the secret part of `name:secret` or `algorithm:name:secret`, as TSIG keys are kept. */
function inner(text: string): string[] {
  const last = text.split(/[:\s]/).at(-1) ?? "";
  return [JSON.stringify(text).slice(1, -1), ...(last.length >= 2 * octetsMin ? [last] : [])];
}
