import { governedZone } from "../core/policy/governed-zone.ts";
import { error, type Finding } from "../core/policy/finding.ts";
import { malformed } from "../core/policy/rules/walk.ts";
import type { Policy } from "../core/policy/policy.ts";

/** For whom passkeys are made and asked (WebAuthn Level 3 §5.1.2): one page of one origin. */
export interface PasskeySettings {
  readonly relyingParty: string;
  readonly origin: string;
}

interface Written {
  readonly listen?: string | undefined;
  readonly origin?: string | undefined;
  readonly relyingParty?: string | undefined;
}

/** Null: passkeys have no page here. */
export function passkeySettingsOf({ origin, relyingParty }: Written): PasskeySettings | null {
  const host = origin === undefined ? undefined : hostOf(origin);
  return origin === undefined || host === undefined ? null : { origin, relyingParty: relyingParty ?? host };
}

export function* passkeyRules({ listen, origin, relyingParty }: Written): Iterable<Finding> {
  const host = origin === undefined ? undefined : hostOf(origin);
  if (origin !== undefined && host === undefined)
    yield malformed(
      ["statements", "origin"],
      origin,
      "https:// and a name, as browsers write it, such as https://pointsman.example.net:9465",
    );
  if (origin !== undefined && (listen ?? "off") === "off")
    yield malformed(["statements", "origin"], origin, "given beside listen, which serves its page");
  if (relyingParty === undefined || (origin !== undefined && host === undefined)) return;
  if (host === undefined || !isOf(host, relyingParty))
    yield malformed(["statements", "relyingParty"], relyingParty, "the origin's name, or a domain that it lies in");
}

/** A passkey whose name goes down with the service could not be used just then. */
export function* passkeysAgainstPolicy(written: Written, policy: Policy): Iterable<Finding> {
  const host = written.origin === undefined ? undefined : hostOf(written.origin);
  for (const [member, name] of Object.entries({ origin: host, relyingParty: written.relyingParty })) {
    const zone = name === undefined ? undefined : governedZone(policy, name);
    if (name === undefined || zone === undefined) continue;
    yield error({
      code: "relying-party-in-governed-zone",
      path: ["statements", member],
      says: `${name} lies in ${zone}, which this controller steers: passkeys could not be used when that fails.`,
      mend: "Use a name outside of every zone of the policy.",
      figures: { relyingParty: name, zone },
    });
  }
}

/** The host of an origin exactly as a browser serializes it; passkeys are for names, and never for addresses. */
function hostOf(origin: string): string | undefined {
  if (!URL.canParse(origin)) return undefined;
  const { protocol, hostname, origin: serialized } = new URL(origin);
  const isAddress = hostname.startsWith("[") || /^[0-9.]+$/.test(hostname);
  return protocol === "https:" && serialized === origin && !isAddress ? hostname : undefined;
}

/** A domain above the name, and no top-level domain. */
function isOf(host: string, relyingParty: string): boolean {
  return relyingParty === host || (relyingParty.includes(".") && host.endsWith(`.${relyingParty}`));
}
