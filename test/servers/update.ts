import { rrset, type RRset } from "../../src/core/plan/rrset.ts";
import type { RRsetChange, ZoneChange } from "../../src/core/plan/plan.ts";
import { rdataFromText } from "../../src/dns/wire/rdata.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { systemEntropy } from "../../src/platform/entropy.ts";
import type { ChangePath } from "../../src/ports/change-path.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { updatePath } from "../../src/providers/rfc2136/update-path.ts";
import { invariant } from "../../src/values/invariant.ts";
import { isNonEmpty } from "../../src/values/non-empty.ts";
import { utf8 } from "../../src/values/octets.ts";
import { duration } from "../../src/values/time.ts";
import { updateKey, type ServerAddress, type TestKey } from "./zone.ts";

/** The RFC 2136 path to a test server, with the key that may update unless another is given. */
export function pathTo(
  server: ServerAddress,
  other: { readonly key?: TestKey; readonly clock?: Clock; readonly timeoutMs?: number } = {},
): ChangePath {
  const { name, algorithm, secret } = other.key ?? updateKey;
  return updatePath({
    provider: "primary",
    path: "update",
    server,
    credential: "tsig",
    credentials: { open: () => Promise.resolve({ secret: utf8(`${algorithm}:${name}:${secret}`) }) },
    clock: other.clock ?? systemClock(),
    entropy: systemEntropy(),
    timeoutMs: duration(other.timeoutMs ?? 5000),
  });
}

/** An RRset of master-file texts; none of them: absent. */
export function data(type: string, texts: readonly string[]): RRset | "absent" {
  if (texts.length === 0) return "absent";
  return rrset(
    60,
    texts.map((text) => {
      const hex = rdataFromText(type, text);
      invariant(hex !== undefined, `${text} is ${type} data`);
      return hex;
    }),
  );
}

/** `login.example.com.` A from one list of texts to another. */
export function rrsetChange(
  name: string,
  type: string,
  before: readonly string[],
  after: readonly string[],
): RRsetChange {
  return { record: type === "AAAA" ? "v6" : "v4", name, type, before: data(type, before), after: data(type, after) };
}

export function zoneChange(zone: string, ...rrsets: readonly RRsetChange[]): ZoneChange {
  invariant(isNonEmpty(rrsets), "a change changes something");
  return { provider: "primary", view: "public", zone, rrsets };
}
