import type { Range } from "./yaml.ts";

/** The text with stars in place of a range's characters; lines and columns stay. */
export function mask(text: string, { start, end }: Range): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, "*") + text.slice(end);
}

/**
 * Stars in place of private keys and of long texts that may be keys, wherever they stand; public keys and fingerprints
 * stay. For excerpts.
 */
export function hideKeys(text: string): string {
  return [privateKeys, longTexts].reduce((shown, form) => shown.replace(form, stars), text);
}

/** For a file that could not be read, so that nobody knows its texts: also what stands after the name of a secret. */
export function hideNamed(text: string): string {
  return text.replace(/(?<=\b(?:credential|password|passphrase|secret|token)["']?[ \t]*:[ \t]*)\S[^\r\n]*/gi, stars);
}

const privateKeys = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;
const longTexts =
  /(?<!(?:ssh-[\w@.-]+|ecdsa-[\w@.-]+) +|ed25519:|sha256:|[A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[0-9])[A-Za-z0-9+/]{24,}={0,2}/g;

function stars(found: string): string {
  return found.replace(/[^\r\n]/g, "*");
}
