import type { Range } from "./yaml.ts";

/** The text with stars in place of a range's characters; lines and columns stay. */
export function mask(text: string, { start, end }: Range): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, "*") + text.slice(end);
}

/**
 * For a file that could not be read, so that nobody knows which of its texts are secrets: stars in place of private
 * keys, of long texts of base64 or hexadecimal, and of what stands after the name of a secret.
 */
export function hideSecrets(text: string): string {
  const forms = [
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g,
    /[A-Za-z0-9+/_-]{24,}={0,2}/g,
    /(?<=\b(?:credential|password|passphrase|secret|token)["']?[ \t]*:[ \t]*)\S[^\r\n]*/gi,
  ];
  return forms.reduce((shown, form) => shown.replace(form, stars), text);
}

function stars(found: string): string {
  return found.replace(/[^\r\n]/g, "*");
}
