import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Where the page is, on the listener for statements. */
export const passkeyPagePath = "/passkeys";

/** For whom passkeys are made and asked: one page of one origin. */
export interface PasskeySettings {
  /** A name, such as `pointsman.example.net`. */
  readonly relyingParty: string;
  /** Such as `https://pointsman.example.net:9465`. */
  readonly origin: string;
}

export interface PasskeyPage {
  readonly html: string;
  readonly headers: { readonly [name: string]: string };
}

/**
 * The page on which a person makes a passkey and signs with it: one text, the same for everybody, that loads nothing and
 * speaks to its own origin alone. It knows nothing of the installation, since whoever connects may read it.
 */
export function passkeyPage({ relyingParty, origin }: PasskeySettings): PasskeyPage {
  const style = part("page.css");
  const script = part("page.js");
  const html = part("page.html")
    .replace('name="relying-party" content=""', () => `name="relying-party" content="${attribute(relyingParty)}"`)
    .replace('name="origin" content=""', () => `name="origin" content="${attribute(origin)}"`)
    .replace("<style></style>", () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
  return { html, headers: headersOf(style, script) };
}

/** What is not in the page as it was written does not run, loads nothing, and is in no other page's frame. */
function headersOf(style: string, script: string): PasskeyPage["headers"] {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}

function part(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function attribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
