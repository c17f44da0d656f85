import type { Json } from "../../values/json.ts";
import type { Refusal } from "../../values/refusal.ts";

/** Where in a document: members and places in lists, from the top. */
export type DocumentPath = readonly (string | number)[];

/** What is wrong with a document: a refusal with its place. An `error` refuses the document, a `warning` does not. */
export interface Finding extends Refusal {
  readonly severity: "error" | "warning";
  readonly path: DocumentPath;
  /** Whether the key at the path is meant, or the value. */
  readonly at: "key" | "value";
}

/** What a finding tells; never a secret, since it is printed and logged. */
export interface Telling {
  readonly code: string;
  readonly path: DocumentPath;
  readonly says: string;
  readonly mend: string;
  readonly at?: "key" | "value";
  readonly figures?: { readonly [name: string]: Json };
}

export function error(telling: Telling): Finding {
  return { at: "value", figures: {}, ...telling, severity: "error" };
}

export function warning(telling: Telling): Finding {
  return { at: "value", figures: {}, ...telling, severity: "warning" };
}

/** `services.login.bands[0].when`; `the document` for the top. */
export function pathText(path: DocumentPath): string {
  const text = path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${mayBeSecret(step) ? "…" : step}`))
    .join("");
  return text === "" ? "the document" : text.replace(/^\./, "");
}

/** Whether a text could be a key in the wrong place: 24 letters and digits in a row, with one digit. It is not shown. */
export function mayBeSecret(text: string): boolean {
  return /(?=[A-Za-z0-9+/]*[0-9])[A-Za-z0-9+/]{24,}/.test(text);
}
