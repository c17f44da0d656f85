import { canonicalNameText } from "./names.ts";

export interface HttpUrl {
  readonly scheme: "http" | "https";
  /** Absolute, lower case, without its final dot. */
  readonly host: string;
  readonly port: number;
  /** Path and query, from the slash on. */
  readonly path: string;
}

/** Reads an http or https URL of a host by name (RFC 3986), printable ASCII; no user, no fragment, no white space. */
export function parseUrl(text: string): HttpUrl | undefined {
  const match = /^(https?):\/\/([A-Za-z0-9_.-]+)(?::([1-9][0-9]{0,4}))?(\/[!-"$-~]*)?$/.exec(text);
  if (match === null) return undefined;
  const [, scheme, name = "", digits, path = "/"] = match;
  const host = canonicalNameText(name)?.slice(0, -1);
  const port = digits === undefined ? (scheme === "https" ? 443 : 80) : Number(digits);
  if (host === undefined || host === "" || port > 65_535) return undefined;
  return { scheme: scheme === "https" ? "https" : "http", host, port, path };
}
