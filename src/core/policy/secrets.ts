import { identifierPattern } from "../../values/ids.ts";
import { jsonDepthMax } from "../../values/json.ts";
import { error, pathText, type DocumentPath, type Finding } from "./finding.ts";

/**
 * Findings of what no document may hold, whatever its schema: literal secrets, texts and depths that canonical JSON
 * cannot write. They never repeat the value, and whoever reads on leaves these places out.
 */
export function screen(document: unknown): readonly Finding[] {
  return [...screenValue(document, [])];
}

function* screenValue(value: unknown, path: DocumentPath): Iterable<Finding> {
  if (typeof value === "string") {
    const found = screenText(value, path);
    if (found !== undefined) yield found;
  } else if (typeof value === "object" && value !== null) {
    if (path.length >= jsonDepthMax - 1) yield tooDeep(path);
    else if (Array.isArray(value))
      for (const [index, item] of value.entries()) yield* screenValue(item, [...path, index]);
    else for (const [key, member] of Object.entries(value)) yield* screenMember(key, member, [...path, key]);
  } else if (typeof value !== "number" && typeof value !== "boolean" && value !== null) yield unwritable(path, "value");
}

function* screenMember(key: string, value: unknown, path: DocumentPath): Iterable<Finding> {
  if (key === "__proto__" || !key.isWellFormed()) yield unwritable(path, "key");
  else yield* screenValue(value, path);
}

function screenText(value: string, path: DocumentPath): Finding | undefined {
  if (!value.isWellFormed()) return unwritable(path, "value");
  const key = path.findLast((step) => typeof step === "string") ?? "";
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(value)) return literalSecret(path, "a private key");
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*:[^/?#@\s]*@/i.test(value)) return literalSecret(path, "a URL with a password");
  if (key === "credential" && !isCredentialName(value)) return literalSecret(path, "what looks like a key itself");
  if (secretNames.test(key)) return literalSecret(path, `a value under the name ${key}`);
  return undefined;
}

const secretNames =
  /^(?:password|passwd|passphrase|secret|token|bearer|(?:api|access|private|secret|tsig|hmac|shared)[-_]?(?:key|secret|token))$/i;

/** A reference is an id that a person would give; 24 letters and digits in a row, or a padded base64, are a key. */
export function isCredentialName(text: string): boolean {
  return identifierPattern.test(text) && !/(?=[a-z0-9]*[0-9])(?=[a-z0-9]*[a-z])[a-z0-9]{24,}/.test(text);
}

export function literalSecret(path: DocumentPath, what: string): Finding {
  return error({
    code: "literal-secret",
    path,
    says: `${pathText(path)} holds ${what}. No file may hold a secret.`,
    mend:
      "Keep the secret in an environment variable or a file, name it under credentials in the settings " +
      "(env:NAME or file:/path), write that name here, and treat what was written here as leaked.",
  });
}

function tooDeep(path: DocumentPath): Finding {
  return error({
    code: "too-deep",
    path,
    says: `The document is nested deeper than ${jsonDepthMax} levels.`,
    mend: "Write it flatter: nothing in a policy or in settings goes deeper than ten levels.",
    figures: { levelsMax: jsonDepthMax },
  });
}

function unwritable(path: DocumentPath, at: "key" | "value"): Finding {
  return error({
    code: "not-text",
    path,
    at,
    says: `This ${at} cannot be written as JSON and hashed: it holds half a character, a reserved word, or nothing at all.`,
    mend: "Write a text of whole Unicode characters, a number, true or false; no key may be __proto__.",
  });
}
