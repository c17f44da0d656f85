import type { ServiceState } from "../../core/failover/state.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { AnswerAuthenticator } from "../../ports/answer-authenticator.ts";
import type { ChangePath } from "../../ports/change-path.ts";
import type { Clock } from "../../ports/clock.ts";
import type { NameReader } from "../../ports/names.ts";
import type { RecordReader } from "../../ports/records.ts";
import type { ServiceCaller } from "../../ports/service-caller.ts";
import type { FactsBook } from "../facts-book.ts";
import type { Fold } from "../fold.ts";
import type { Sequencer } from "../sequencer.ts";
import type { Notices } from "./notices.ts";

/** What effects work with. What reads cannot write: only the write effect is given orders. */
export interface EffectContext {
  readonly sequencer: Pick<Sequencer, "head" | "durable" | "orderFor">;
  readonly book: FactsBook;
  readonly clock: Clock;
  readonly reader: RecordReader;
  readonly names: NameReader;
  /** `undefined`: nobody validates, and verification says `not checked`. */
  readonly authenticator: AnswerAuthenticator | undefined;
  readonly notices: Notices;
  readonly paths: readonly ChangePath[];
  readonly caller: ServiceCaller;
  readonly touch: (service: string) => void;
}

/** A failover runs under the policy of its proposal; where that is not known any more, under the one in force. */
export function policyOf(fold: Fold, state: ServiceState): Policy {
  const proposed = state.failover?.plan.policy;
  return (proposed === undefined ? undefined : fold.policies.get(proposed)) ?? fold.policy;
}
