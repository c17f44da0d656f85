import type { Instant } from "../../values/time.ts";
import type { NameserverVerdict } from "../failover/verification.ts";
import type { ChangeKind } from "../integrity/zone-state.ts";
import type { RRset } from "../plan/rrset.ts";
import type { CommandId } from "../../values/ids.ts";
import type { NonEmpty } from "../../values/non-empty.ts";
import type { Sha256 } from "../../values/sha256.ts";
import type { PeopleRequest, PolicyRequest } from "../authority/request.ts";
import type { WaivedGate } from "../authority/word.ts";
import type { Action, Sender, Spoken } from "./command.ts";

/** What can be asked of a service's state. */
export type ServiceRequest =
  /** Due by itself: the automation takes one step. Sent by the loop alone, as often as `nextActions` asks. */
  | { readonly kind: "advance" }
  // What came of effects.
  | { readonly kind: "attempt-result"; readonly attempt: string; readonly outcome: AttemptResult }
  | { readonly kind: "read-back"; readonly attempt: string; readonly found: ReadBack | null; readonly code: string }
  | { readonly kind: "verified"; readonly failover: string; readonly nameservers: readonly NameserverVerdict[] }
  | { readonly kind: "service-answered"; readonly failover: string; readonly failure: string | null }
  // What people ask.
  | { readonly kind: "declare"; readonly move: DeclaredMove }
  | { readonly kind: "approve"; readonly failover: string; readonly planHash: string }
  | { readonly kind: "withdraw"; readonly failover: string }
  | { readonly kind: "veto"; readonly failover: string }
  | { readonly kind: "lift-veto"; readonly veto: string }
  | { readonly kind: "rollback" }
  | { readonly kind: "stop" }
  | { readonly kind: "resume" }
  | { readonly kind: "adopt"; readonly record: string }
  // What people sign, and nobody else may ask.
  | { readonly kind: "give-word"; readonly failover: string; readonly planHash: Sha256; readonly duty: WordDuty }
  | {
      readonly kind: "waive";
      readonly failover: string;
      readonly planHash: Sha256;
      readonly gates: NonEmpty<WaivedGate>;
    }
  | { readonly kind: "contain"; readonly site: string; readonly to: string | null }
  | { readonly kind: "clear-site"; readonly site: string }
  | {
      readonly kind: "force-verdict";
      readonly site: string;
      readonly verdict: "up" | "down" | "unknown";
      readonly until: Instant;
    }
  | { readonly kind: "lift-forced-verdict"; readonly site: string }
  | { readonly kind: "handover" }
  | { readonly kind: "take-back" }
  | { readonly kind: "path-done"; readonly attempt: string };

type WordDuty = "validate" | "approve" | "execute" | "reverse";

export type DeclaredMove =
  | { readonly kind: "to"; readonly site: string }
  | { readonly kind: "drain"; readonly site: string }
  | { readonly kind: "add"; readonly site: string };

export type AttemptResult =
  | { readonly outcome: "applied"; readonly receipt: string }
  | { readonly outcome: "conflict" | "refused" | "not-sent"; readonly code: string }
  /** `lateUntil` null: it is never known when the write can no longer land. */
  | { readonly outcome: "unknown"; readonly code: string; readonly lateUntil: Instant | null };

/** What stands at the path's own server, for every RRset and fence of the attempt. */
export interface ReadBack {
  readonly rrsets: readonly { readonly name: string; readonly type: string; readonly rrset: RRset | "absent" }[];
  readonly fences: readonly { readonly name: string; readonly value: string | null }[];
}

/** A request with its sender; `stream` is `service/ID`. */
export interface ServiceCommand {
  readonly id: CommandId;
  readonly service: string;
  readonly by: Sender;
  readonly request: ServiceRequest;
  /** The statement that asks this; left out: nobody signed. */
  readonly spoken?: Spoken;
}

/** What can be asked of the whole installation; its stream is `fleet`. */
export interface FleetCommand {
  readonly id: CommandId;
  readonly by: Sender;
  readonly request: FleetRequest;
  /** The statement that asks this; left out: nobody signed. */
  readonly spoken?: Spoken;
}

export type FleetRequest =
  | { readonly kind: "stop-all" | "resume-all" }
  /** A change of a zone that others will make: it is no alarm while its window is open. The reason is sealed. */
  | {
      readonly kind: "announce";
      readonly zone: string;
      readonly view: string;
      readonly change: ChangeKind;
      readonly from: Instant;
      readonly until: Instant;
    }
  | { readonly kind: "withdraw-announcement"; readonly announcement: string }
  | PeopleRequest
  | PolicyRequest;

/** What is due at the edge. Each comes back as a request, but for `read-records` and `notify`, which leave facts or nothing. */
export type EffectAction =
  /** Reads every record and name of the service at every nameserver and path server, into the facts. */
  | Action<"read-records", { readonly service: string }>
  /** Carries out an attempt, once. Only for attempts of the running epoch. Comes back as `attempt-result`. */
  | Action<"write", { readonly service: string; readonly attempt: string }>
  /** Reads what an attempt left at its path's server. Comes back as `read-back`. */
  | Action<"read-back", { readonly service: string; readonly attempt: string }>
  /**
   * Asks every address of every nameserver until all are right over UDP and TCP, or `patienceMs` has passed. Comes back
   * as `verified`. Sends NOTIFY to those that are wrong when it starts, where policy allows.
   */
  | Action<"verify", { readonly service: string; readonly failover: string; readonly patienceMs: number }>
  /** Runs the service's checks through its own name, resolved afresh from the nameservers. Comes back as `service-answered`. */
  | Action<"check-service", { readonly service: string; readonly failover: string }>
  /** Sends NOTIFY for the service's zones to one nameserver that is behind. */
  | Action<"notify", { readonly service: string; readonly provider: string; readonly address: string }>;
