import { z } from "zod";
import { figures, instantText, sender } from "./common.ts";

/** Changes of a zone that people foretell, so that they are no alarm. */
export const announcementKinds = ["rollover", "delegation", "migration", "unsigning"] as const;
export const announcementKind = z.enum(announcementKinds);

const findingView = z.object({
  code: z.string(),
  /** Which alarm it is. The two never mix: lack of an answer is never integrity. `advice` is none. */
  bell: z.enum(["availability", "integrity", "advice"]),
  /** `ns1.example.net. (192.0.2.53:53)`, `parent`, `key 12345`, `zone` */
  about: z.string(),
  says: z.string(),
  figures,
  mend: z.string(),
});
export type FindingView = z.infer<typeof findingView>;

/** What one address of one nameserver said when it was last asked, from one vantage. */
const zoneServerView = z.object({
  vantage: z.string(),
  /** Null where no policy names a provider. */
  provider: z.string().nullable(),
  nameserver: z.string(),
  address: z.string(),
  /** One class, the first that fits in this order. */
  class: z.enum([
    "no-response",
    "lame",
    "bogus",
    "insecure-after-secure",
    "unauthorised",
    "clock-doubtful",
    "unverified",
    "divergent",
    "stale",
    "expiring",
    "ok",
  ]),
  /** Null: it gave no answer, which says nothing of authenticity. */
  authenticity: z
    .object({
      verdict: z.enum(["secure", "insecure", "bogus", "indeterminate", "unverifiable"]),
      code: z.string(),
      says: z.string(),
    })
    .nullable(),
  serial: z.int().nullable(),
  /** When the earliest signature seen there ends; null: none was seen. */
  signedUntil: instantText.nullable(),
  findings: z.array(findingView),
});
export type ZoneServerView = z.infer<typeof zoneServerView>;

const keyView = z.object({
  tag: z.int(),
  role: z.enum(["ksk", "zsk", "csk"]),
  /** Number of the registry. */
  algorithm: z.int(),
  bits: z.int().nullable(),
  /** SHA-256 of the key, whatever its flags; null: a DS alone tells of it. */
  fingerprint: z.string().nullable(),
  /** Providers whose nameservers publish it. */
  providers: z.array(z.string()),
  /** RFC 7583 §3, as far as it can be seen from outside. */
  stage: z.enum(["generated", "published", "ready", "active", "retired", "removed"]),
  /** The earliest next step that is safe; `notBefore` null: when nobody can say, or there is none. */
  next: z.object({
    step: z.enum(["publish", "sign", "submit-ds", "remove-ds", "remove", "wait-for-nameservers", "none"]),
    notBefore: instantText.nullable(),
    says: z.string(),
  }),
  firstSeen: instantText,
  lastSeen: instantText,
  /** It stood there when the zone was first seen: how long before, nobody knows. */
  fromTheStart: z.boolean(),
});
export type KeyView = z.infer<typeof keyView>;

/** A zone of the policy in one view. */
export const zoneView = z.object({
  zone: z.string(),
  view: z.string(),
  dnssec: z.enum(["required", "unsigned"]),
  /** By the journal: it was secure, so that insecure is an alarm. Null: it was never seen. */
  wasSecure: z.boolean().nullable(),
  /**
   * When each vantage last looked; empty: nobody has since the start, and nothing is known. What is not fresh says
   * nothing of now.
   */
  looks: z.array(z.object({ vantage: z.string(), at: instantText, fresh: z.boolean() })),
  servers: z.array(zoneServerView),
  /** Alarms that ring. A lack of answers rings once two rounds agree; until then it stands with its server alone. */
  availability: z.array(findingView),
  integrity: z.array(findingView),
  advice: z.array(findingView),
  /** Changes that were seen and foreseen, and so ring nothing. */
  expected: z.array(z.object({ what: z.string(), by: z.enum(["announced", "signer", "cds"]), says: z.string() })),
  keys: z.array(keyView),
  /** Not over yet. */
  announcements: z.array(
    z.object({
      id: z.string(),
      kind: announcementKind,
      from: instantText,
      until: instantText,
      by: sender,
      inForce: z.boolean(),
    }),
  ),
});
export type ZoneView = z.infer<typeof zoneView>;
