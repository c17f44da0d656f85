import { signerStands } from "../stands.ts";
import { day, formatDuration, formatInstant, minute, since, type Instant } from "../../../values/time.ts";
import { accept, refuse, type FleetDecision } from "../../cycle/fleet-decision.ts";
import type { World } from "../../cycle/world.ts";
import { elapsedOf } from "../clock-steps.ts";
import type { PeopleEvent } from "../authority-event.ts";
import type { PeopleRequest } from "../request.ts";
import type { BreakGlass } from "../state.ts";
import type { Signer } from "../word.ts";
import type { About } from "./about.ts";
import { reviewOpened } from "./reviews.ts";

type Ask = Extract<PeopleRequest, { kind: "break-glass" }>;

/** From the request on. */
const breakGlassMsMax = 60 * minute;
/** Within this of a grant, the next needs one signer more. */
const anotherWithinMs = day;

/** The first who signs asks; the others sign the same terms, of which the id is the hash; the last one needed grants it, and a review opens. */
export function breakGlass(about: About, request: Ask): FleetDecision {
  const { world, speaker, now } = about;
  const { person } = speaker;
  const rule = world.policy.authority.breakGlass;
  if (rule === null)
    return refuse("no-break-glass", "The policy gives no emergency authority.", "Fill the duties: pointsman explain");
  if (!rule.of.includes(person.id))
    return refuse(
      "not-a-signer",
      `Emergency authority is given by ${rule.of.join(", ")}, and not by ${person.id}.`,
      "Ask one of them.",
      { person: person.id, of: rule.of },
    );
  const grant = world.authority.grants.get(request.grant);
  return grant === undefined ? ask(about, request, needNow(world, now)) : sign(about, grant);
}

/** By anybody who signed it. */
export function withdrawBreakGlass(
  { world, speaker, now }: About,
  { grant: id }: Extract<PeopleRequest, { kind: "withdraw-break-glass" }>,
): FleetDecision {
  const grant = world.authority.grants.get(id);
  const { signer } = speaker;
  if (grant === undefined || isOver(grant, now)) return over(id);
  if (!grant.signers.some(({ person }) => person === signer.person))
    return refuse(
      "not-yours",
      `${signer.person} did not sign ${id}.`,
      `Ask ${grant.signers.map(({ person }) => person).join(" or ")}.`,
      { grant: id },
    );
  return accept({ type: "break-glass-withdrawn", grant: id, by: signer });
}

/** A move is made under the grant: it counts against it from now on. */
export function breakGlassUsed(grant: string, failover: string): PeopleEvent {
  return { type: "break-glass-used", grant, failover };
}

function ask(about: About, request: Ask, need: number): FleetDecision {
  const refusal = whyNot(about, request);
  if (refusal !== undefined) return refusal;
  const { signer } = about.speaker;
  const { grant: id, service, plan, targets, moves, incident, until } = request;
  const grant: BreakGlass = {
    id,
    service,
    plan,
    targets,
    moves,
    incident,
    until,
    need,
    requester: signer.person,
    signers: [signer],
    grantedAt: null,
    used: [],
    withdrawnAt: null,
  };
  return accept({ type: "break-glass-asked", grant });
}

function whyNot({ world, speaker, now }: About, request: Ask): FleetDecision | undefined {
  const { service: id, targets, until } = request;
  const service = world.policy.services.get(id);
  if (service === undefined)
    return refuse("no-such-service", `The policy has no service ${id}.`, "See pointsman status.", { service: id });
  const unknown = targets.find((site) => !service.sites.has(site));
  if (unknown !== undefined)
    return refuse("no-such-site", `${id} has no site ${unknown}.`, "Name sites of the service.", { site: unknown });
  const lengthMs = since(now, until);
  if (lengthMs === 0 || lengthMs > breakGlassMsMax)
    return refuse(
      lengthMs === 0 ? "window-is-over" : "window-too-long",
      `The request ends on ${formatInstant(until)}; it may be open for ${formatDuration(breakGlassMsMax)} at most.`,
      "Give an end within that.",
      { until, lengthMs, mostMs: breakGlassMsMax },
    );
  const open = [...world.authority.grants.values()].find(
    (each) => each.requester === speaker.signer.person && each.grantedAt === null && !isOver(each, now),
  );
  if (open === undefined) return undefined;
  return refuse("break-glass-open", `${speaker.signer.person} asks already, in ${open.id}.`, "Withdraw that first.", {
    grant: open.id,
  });
}

function sign({ world, speaker, now }: About, grant: BreakGlass): FleetDecision {
  const { signer } = speaker;
  if (isOver(grant, now)) return over(grant.id);
  if (grant.grantedAt !== null)
    return refuse("granted-already", `${grant.id} is granted already.`, "Nothing needs to be done.", {
      grant: grant.id,
    });
  const before = countedSigners(world, grant);
  if (before.some(({ person }) => person === signer.person))
    return refuse("already-signed", `${signer.person} has signed ${grant.id} already.`, "Ask another person to sign.", {
      grant: grant.id,
      signed: before.length,
      need: grant.need,
    });
  const all = [...before, signer];
  const granted = all.length >= Math.max(grant.need, needNow(world, now));
  const signed = { type: "break-glass-signed", grant: grant.id, by: signer, granted } as const;
  if (!granted) return accept(signed);
  const tookPart = all.map(({ person }) => person);
  return accept(signed, reviewOpened({ kind: "break-glass", subject: grant.id, tookPart }, signer, now));
}

/** Who signed, still has the key, and is still named for it. */
function countedSigners(world: World, { signers }: BreakGlass): readonly Signer[] {
  const of: readonly string[] = world.policy.authority.breakGlass?.of ?? [];
  return signers.filter((each) => signerStands(world, each) && of.includes(each.person));
}

/** One alone is no emergency authority, whatever the policy says. */
function needNow(world: World, now: Instant): number {
  const { policy, authority } = world;
  const need = Math.max(2, policy.authority.breakGlass?.need ?? 2);
  const another = [...authority.grants.values()].some(
    ({ grantedAt }) => grantedAt !== null && elapsedOf(world, grantedAt, now) < anotherWithinMs,
  );
  return another ? need + 1 : need;
}

function isOver({ until, withdrawnAt }: BreakGlass, now: Instant): boolean {
  return withdrawnAt !== null || now >= until;
}

function over(grant: string): FleetDecision {
  return refuse("no-such-break-glass", `No request ${grant} is open.`, "Ask anew: pointsman break-glass", { grant });
}
