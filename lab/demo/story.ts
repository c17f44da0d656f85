import { randomBytes } from "node:crypto";
import { setTimeout as elapse } from "node:timers/promises";
import type { ServiceEvent } from "../../src/core/failover/event.ts";
import type { NameserverVerdict } from "../../src/core/failover/verification.ts";
import type { Placement } from "../../src/core/plan/plan.ts";
import type { Times } from "../../src/core/failover/state.ts";
import type { Operations } from "../../src/ports/operations.ts";
import { commandId } from "../../src/values/ids.ts";
import type { Lab } from "../world.ts";
import { answersOf } from "./answers.ts";
import { followService, type Happening, type Happenings, type Patience } from "./events.ts";
import type { DemoOptions } from "./options.ts";
import type { Screen } from "./screen.ts";
import { tell, tellPreview } from "./telling.ts";

/** What the demo saw, to be summed up. */
export interface Seen {
  /** When the home site's process was gone: milliseconds since 1970. */
  readonly killedAt: number;
  readonly away: Move;
  /** `undefined`: the person said no. */
  readonly home: Move | undefined;
}

interface Move {
  readonly placement: { readonly before: Placement; readonly after: Placement };
  readonly times: Times;
  /** As the controller verified them. */
  readonly nameservers: readonly NameserverVerdict[];
  /** What the demo itself then read at each of them, by `address:port`. */
  readonly answers: Answers;
}

type Answers = ReadonlyMap<string, string>;

export interface Stage {
  readonly lab: Lab;
  readonly operations: Operations;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** Kills the home site, watches the service move, restores the site, and brings the service home. @throws Error. */
export async function playStory(stage: Stage, consent: DemoOptions["consent"]): Promise<Seen> {
  const { lab, operations, screen, signal } = stage;
  const happenings = followService(operations, lab.service, (happening) => tell(happening, screen), signal);
  try {
    screen.heading("All is well");
    await untilReady(stage);
    await tellAnswers(stage);
    const previewed = operations.preview(lab.service, { kind: "to", site: lab.other.id }, localUser);
    if (previewed.ok) tellPreview(`a move to ${lab.other.id}`, previewed.preview.gates, screen);

    screen.heading(`The home site ${lab.home.id} dies: SIGKILL to its process ${lab.home.pid()}`);
    await lab.home.kill();
    const killedAt = Date.now();
    const proposed = await happenings.until(proposalOf("failover"), soon("a failover was proposed"));
    const answers = await watchRecovery(stage, happenings, proposed);

    screen.heading(`The site ${lab.home.id} comes back; nothing moves before it has been stable`);
    await lab.home.restore();
    const away = await watchClose(happenings, proposed, answers);
    const home = await goHome(stage, happenings, consent);
    return { killedAt, away, home };
  } finally {
    happenings.end();
  }
}

/** Who says yes: the user of this machine, as with `pointsman approve`. */
const localUser = { kind: "local-user", id: `uid:${process.getuid?.() ?? 0}`, method: "local-user" } as const;

/** How long each thing may take here; on an idle machine all together take a quarter of one of them. */
const patienceMs = 20_000;
const lookEveryMs = 50;

/** Until the baseline stands, both sites are up, and the other one is proven fit. */
async function untilReady({ lab, operations, signal }: Stage): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const sites = operations.facts(lab.service)?.health.sites ?? {};
    const up = [lab.home, lab.other].every(({ id }) => sites[id]?.verdict === "up");
    const placed = operations.world().services.get(lab.service)?.placement ?? null;
    if (up && placed !== null && sites[lab.other.id]?.ready.state === "passed") return;
    if (Date.now() > until) {
      const reasons = sites[lab.other.id]?.ready.reasons.join("; ") ?? "nothing was seen of it";
      throw new Error(`The lab was not well within ${patienceMs / 1000} s: ${reasons}.`);
    }
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await elapse(lookEveryMs, undefined, { signal });
  }
}

function soon(until: string): Patience {
  return { until, withinMs: patienceMs };
}

/** Until the service answers through its own name; then what each nameserver answers, as the demo itself reads it. */
async function watchRecovery(stage: Stage, happenings: Happenings, { failover }: Proposal): Promise<Answers> {
  await happenings.until(ofFailover(failover, "failover-recovered"), soon(`${failover} recovered`));
  return await tellAnswers(stage);
}

/** Until the resolvers' tail is over, and it is closed. */
async function watchClose(happenings: Happenings, { failover, plan }: Proposal, answers: Answers): Promise<Move> {
  const { nameservers } = await happenings.until(
    ofFailover(failover, "failover-switched"),
    soon(`${failover} switched`),
  );
  const { times, how, says } = await happenings.until(
    ofFailover(failover, "failover-ended"),
    soon(`${failover} closed`),
  );
  if (how !== "closed") throw new Error(`${failover} ended ${how}: ${says}`);
  return { placement: plan.placement, times, nameservers, answers };
}

async function goHome(
  stage: Stage,
  happenings: Happenings,
  consent: DemoOptions["consent"],
): Promise<Move | undefined> {
  const { lab, operations, screen, signal } = stage;
  const proposed = await happenings.until(proposalOf("failback"), soon("the way home was proposed"));
  const question = `May ${lab.service} go home to ${lab.home.id}?`;
  if (consent === "ask" && !(await screen.confirm(question, signal))) {
    signal.throwIfAborted();
    screen.line("no", `${proposed.failover} is not approved; the service stays at ${lab.other.id}`, "warn");
    return undefined;
  }
  const result = await operations.submit(
    {
      id: commandId(randomBytes(16).toString("hex")),
      service: lab.service,
      by: localUser,
      request: { kind: "approve", failover: proposed.failover, planHash: proposed.planHash },
    },
    "the demo: the old site has been stable",
  );
  if (!result.accepted) throw new Error(`${result.refusal.says} ${result.refusal.mend}`);
  const answers = await watchRecovery(stage, happenings, proposed);
  return await watchClose(happenings, proposed, answers);
}

/** What the nameservers answer, read as anybody could. */
async function tellAnswers({ lab, screen }: Stage): Promise<Answers> {
  const answers = await answersOf(lab);
  for (const [address, answer] of answers) screen.line("nameserver", `${address} answers ${lab.host} A ${answer}`);
  return answers;
}

type Proposal = Extract<ServiceEvent, { readonly type: "failover-proposed" }>;

function proposalOf(purpose: "failover" | "failback"): (happening: Happening) => Proposal | undefined {
  return ({ event }) => (event.type === "failover-proposed" && event.plan.purpose === purpose ? event : undefined);
}

type OfFailover<Type> = Extract<ServiceEvent, { readonly type: Type; readonly failover: string | null }>;

/** The failover's own event of this type; an end that is not the one waited for is an error. */
function ofFailover<Type extends ServiceEvent["type"]>(
  failover: string,
  type: Type,
): (happening: Happening) => OfFailover<Type> | undefined {
  const isIt = (event: ServiceEvent): event is OfFailover<Type> =>
    event.type === type && "failover" in event && event.failover === failover;
  return ({ event }) => (isIt(event) ? event : undefined);
}
