import { z } from "zod";
import { authorityView, missingDutyView, wordView } from "./authority.ts";
import {
  attention,
  durationMs,
  hashText,
  idText,
  instantText,
  placement,
  refusal,
  rrsetView,
  sender,
  version,
} from "./common.ts";
import { resolverView } from "./resolver.ts";
import { zoneView } from "./zone.ts";

/** What the vantages together say. Unknown is neither up nor down. */
const verdict = z.enum(["up", "down", "partly", "disputed", "unknown"]);

/** Stands above every answer: what kind of installation this is, and whether it acts. */
export const header = z.object({
  installation: hashText,
  /** All vantages may share one machine: a trial on one machine. */
  lab: z.boolean(),
  /** A trial: acts are recorded under the user id that the client claimed. False: people sign, and nothing else counts. */
  unsigned: z.boolean(),
  /** `observe`: no change path is wired, and nothing is ever sent. */
  mode: z.enum(["act", "observe"]),
  /** Why the controller stopped acting; null while it acts. */
  halted: refusal.nullable(),
  /** Why the memory of zones began anew, or is not kept; null: nothing is wrong with it. */
  integrityMemory: refusal.nullable(),
  /** Everything is stopped by a person; null: it is not. */
  stopped: z.object({ by: sender, at: instantText }).nullable(),
  controller: z.object({
    status: z.enum(["starting", "running", "reopening", "stopping", "stopped", "halted"]),
    version: z.string(),
    epoch: z.int(),
    startedAt: instantText,
  }),
  journal: z.object({ entries: z.int().min(0) }),
  policy: z.object({ version: z.int(), hash: hashText }),
  /** The policy file of the controller's machine where it is not the policy in force; null: it is. */
  policyFile: z.object({ version: z.int(), hash: hashText }).nullable(),
  /** Whether the journal is whole; null: nothing is known yet. */
  log: z.object({ whole: z.boolean(), says: z.string() }).nullable(),
  clock: z.object({ trustworthy: z.boolean(), says: z.string() }).nullable(),
});
export type Header = z.infer<typeof header>;

const siteView = z.object({
  site: z.string(),
  active: z.boolean(),
  verdict,
  /** The verdict that a person forced, beside it; null: none. */
  forced: verdict.nullable(),
  reason: z.string(),
  says: z.string(),
  heldMs: durationMs,
  /** Independent domains, by what they say. */
  domains: z.object({ up: z.int(), down: z.int(), partly: z.int(), silent: z.int() }),
  failure: z.string().nullable(),
  records: z.array(z.object({ record: z.string(), verdict, reason: z.string() })),
  /** Whether it is proven fit as a target now. `could-not-run` is never success. */
  ready: z.object({ state: z.enum(["passed", "failed", "could-not-run"]), reasons: z.array(z.string()) }),
});
export type SiteView = z.infer<typeof siteView>;

/** Of the record's zone, as nameservers gave it lately: the worst of them, since an average hides the one that lies. */
const recordAuthenticity = z.object({
  /** `not checked`: nobody looked lately, or none answered. */
  verdict: z.enum(["secure", "insecure", "bogus", "indeterminate", "unverifiable", "not checked"]),
  /** Those that say so: `ns1.example.net. (192.0.2.53:53, signature-expired)`. */
  at: z.array(z.string()),
  /** Nameservers that answered lately. */
  heard: z.int().min(0),
});

const recordView = z.object({
  record: z.string(),
  view: idText,
  zone: z.string(),
  name: z.string(),
  type: z.string(),
  /** What the journal says should stand; null until it is established. */
  baseline: rrsetView.nullable(),
  drift: z
    .object({
      kind: z.enum(["reverted", "foreign"]),
      provider: z.string(),
      observed: rrsetView,
      since: instantText,
    })
    .nullable(),
  nameservers: z.array(
    z.object({
      provider: z.string(),
      nameserver: z.string(),
      address: z.string(),
      outcome: z.enum(["answer", "no-response", "lame", "malformed", "no-route", "unread"]),
      code: z.string().nullable(),
      /** Null unless it answered. */
      rrset: rrsetView.nullable(),
      at: instantText,
    }),
  ),
  authenticity: recordAuthenticity,
});
export type RecordView = z.infer<typeof recordView>;

/** One stage of a failover, and how long after the signal (or the proposal, when declared) it was reached. */
const stageView = z.object({
  stage: z.enum(["signal", "proposed", "authorised", "intended", "changed", "switched", "recovered", "settled"]),
  at: instantText.nullable(),
  afterMs: durationMs.nullable(),
});

export const failoverView = z.object({
  id: idText,
  status: z.enum(["proposed", "authorised", "changing", "changed", "switched", "recovered", "settled"]),
  purpose: z.string(),
  drill: z.boolean(),
  /** A band's name, `failback`, `rollback`; null: a person declared it. */
  initiative: z.string().nullable(),
  by: sender,
  needs: z.enum(["nothing", "approve", "reverse"]),
  approvals: z.array(z.object({ by: sender, at: instantText })),
  /** Duties that people filled by signing, in the journal's order. */
  words: z.array(wordView),
  /** What its authority still lacks, and who could fill it; empty in an unsigned trial. */
  missing: z.array(missingDutyView),
  /** Gates that people took upon themselves. */
  waivers: z.array(z.object({ person: z.string(), gate: z.string(), code: z.string() })),
  /** False: a trial, where approvals are of local users. */
  signed: z.boolean(),
  scope: z.enum(["partial", "regional", "full"]),
  planHash: hashText,
  expiresAt: instantText,
  placementBefore: placement,
  placementAfter: placement,
  stages: z.array(stageView),
  /** From the signal, or the proposal when declared, until recovered, or until now. */
  elapsedMs: durationMs,
  objective: z.object({ recoverMs: durationMs, met: z.boolean().nullable() }),
  heldBy: z.array(z.string()),
  attempts: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      zone: z.string(),
      path: z.string(),
      manual: z.boolean(),
      state: z.enum(["open", "unknown", "applied", "failed"]),
      code: z.string().nullable(),
    }),
  ),
  /** Nameservers that answer other data, those that are silent, and why the service does not answer; null before `changed`. */
  verification: z
    .object({
      wrong: z.array(z.string()),
      silent: z.array(z.string()),
      serviceFailure: z.string().nullable(),
      /** By name: those that do not stand in the way of `recovered` and are not verified either. */
      exceptions: z.array(
        z.object({
          provider: z.string(),
          address: z.string(),
          kind: z.enum(["silent", "not-seen-from-here", "udp-only"]),
        }),
      ),
      /** What `recovered` says of it: `corroborated` and `unauthenticated` are unsigned. Before: `not checked`. */
      authenticity: z.enum(["secure", "corroborated", "unauthenticated", "not checked"]),
      tries: z.int(),
    })
    .nullable(),
  diverged: z.object({ since: instantText, says: z.string() }).nullable(),
  settleAt: instantText.nullable(),
});
export type FailoverView = z.infer<typeof failoverView>;

const serviceView = z.object({
  service: idText,
  owner: z.string(),
  /** Null until the baseline is established. */
  placement: placement.nullable(),
  home: z.array(z.string()),
  atHome: z.boolean(),
  objective: z.object({ detectMs: durationMs, recoverMs: durationMs }),
  /** False until a full round of checks was seen: before that nothing is decided. */
  judged: z.boolean(),
  sites: z.array(siteView),
  records: z.array(recordView),
  failover: failoverView.nullable(),
  /** The last one that ended; null: none yet. */
  lastFailover: z.object({ id: idText, purpose: z.string(), how: z.string(), at: instantText }).nullable(),
  stopped: z.object({ by: sender, at: instantText }).nullable(),
  suspended: z.object({ reason: z.enum(["flapping", "budget-spent"]), at: instantText }).nullable(),
  vetoes: z.array(z.object({ id: z.string(), move: z.string(), by: sender, until: instantText })),
  /** Nameservers that still owe their first answer since a failover recovered, and those that gave an old one. */
  owed: z.array(
    z.object({ failover: idText, provider: z.string(), address: z.string(), state: z.enum(["silent", "diverged"]) }),
  ),
  /** Attempts of superseded failovers whose outcome is not known: they are read back before anything else is written. */
  outstanding: z.array(idText),
  /** Initiatives (bands, `failback`, `rollback`) and the gates that hold them. */
  initiatives: z.array(z.object({ initiative: z.string(), heldBy: z.array(z.string()), armed: z.boolean() })),
});
export type ServiceView = z.infer<typeof serviceView>;

/** Where signed statements are taken over TLS, and the pin of its key: clients trust that, and no certificate authority. */
const listenerView = z.object({ address: z.string(), pin: z.string() });
export type ListenerView = z.infer<typeof listenerView>;

export const statusResponse = z.object({
  v: z.literal(version),
  at: instantText,
  header,
  /** Null: off. */
  listener: listenerView.nullable(),
  /** No alarm in `attention`. */
  healthy: z.boolean(),
  attention: z.array(attention),
  authority: authorityView,
  services: z.array(serviceView),
  /** All zones of the policy. */
  zones: z.array(zoneView),
  /** All resolvers of the policy. */
  resolvers: z.array(resolverView),
});
export type StatusResponse = z.infer<typeof statusResponse>;
