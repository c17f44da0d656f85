import type { Refusal } from "../../values/refusal.ts";
import { unreachable } from "../../values/invariant.ts";
import type { Instant } from "../../values/time.ts";
import type { Facts } from "../cycle/facts.ts";
import type { World } from "../cycle/world.ts";
import type { Failover } from "../failover/state.ts";
import type { Duty, DutyRule, Policy } from "../policy/policy.ts";
import { capacityFor } from "./capacity.ts";
import { grantBinds, grantOf } from "./emergency.ts";
import { fillsAlone } from "./fills.ts";
import { wordStands } from "./live.ts";
import { refusal } from "./refusals.ts";
import { askedOf, type AskedDuty } from "./rules.ts";
import { conflictOf, separated, type Conflict } from "./separation.ts";
import { soloStanding } from "./solo.ts";
import type { Speaker } from "./admitted.ts";
import { whoCouldFill } from "./who-could-fill.ts";
import type { Word } from "./word.ts";

/** A part of a failover's authority that is not there yet. */
export interface MissingDuty {
  readonly duty: Duty;
  /** Role that is still asked for; null: any of several, or a number of people. */
  readonly role: string | null;
  /** `changes-sign-in` and the like, where a sign-off asks; null: the duty itself. */
  readonly because: string | null;
  /** People who could fill it now, separation and what they signed already taken into account. */
  readonly people: readonly string[];
  readonly says: string;
}

/** What a failover's authority is judged by. Policy is that of its proposal. */
export interface AuthorityGround {
  readonly world: World;
  readonly policy: Policy;
  readonly failover: Failover;
  readonly now: Instant;
  /** What is known of its sites; left out: nobody may act alone (`solo`). */
  readonly facts?: Pick<Facts, "health">;
}

/** Whether a person may fill a duty for a failover, in the capacity that the statement names; the word that this gives. */
export function wordFor(
  about: AuthorityGround,
  duty: Duty,
  speaker: Speaker,
): { readonly ok: true; readonly word: Word } | { readonly ok: false; readonly refusal: Refusal } {
  const { policy, failover } = about;
  const asked = askedOf(policy, failover);
  if (plansWords.has(duty) && !asked.some((one) => one.duty === duty))
    return { ok: false, refusal: notAsked(about, duty, asked) };
  const capacity = capacityFor({ ...about, service: failover.plan.service, asked }, duty, speaker);
  if (!capacity.ok) return capacity;
  const unbound = outsideGrant(about, capacity.word);
  if (unbound !== undefined) return { ok: false, refusal: unbound };
  const { words, holdings } = separated(policy, failover);
  const { person } = capacity.word;
  const conflict = conflictOf(policy, holdings.get(person), capacity.word);
  if (conflict !== undefined) return { ok: false, refusal: apart(failover, person, conflict) };
  const again =
    duty !== "waive" && words.some((one) => one.person === person && one.duty === duty && isLive(about, one));
  return again ? { ok: false, refusal: signedAlready(failover, person, duty) } : capacity;
}

/** Words that count now: not expired, their key not revoked, their delegation or grant not withdrawn. */
export function liveWords(world: World, failover: Pick<Failover, "words">, now: Instant): readonly Word[] {
  return failover.words.filter((word) => wordStands(world, word, now));
}

/**
 * What an open failover's authority still lacks; empty: it is complete (N8, N13). Distinct people in their own roles and in
 * duties that are kept apart fill all that is asked; or a granted emergency that one of its signers used, or one person
 * alone where the policy lets them, stands in for it.
 */
export function missingDuties(about: AuthorityGround): readonly MissingDuty[] {
  const { world, policy, failover, now } = about;
  const asked = askedOf(policy, failover);
  if (asked.length === 0 || standsIn(about)) return [];
  const counted = separated(policy, failover).words.filter(
    (word) => (word.under === null || word.under.kind === "delegation") && wordStands(world, word, now),
  );
  return asked.flatMap((one) => missingOf(about, one, counted));
}

/** Contain and what is asked of signers of a waiver are decided apart: they are no part of what a plan asks by itself. */
const plansWords: ReadonlySet<Duty> = new Set(["validate", "approve", "execute", "reverse", "contain"]);

/** An emergency, or one person alone; never for what security contains, which has a duty of its own. */
function standsIn(about: AuthorityGround): boolean {
  const { world, failover, now } = about;
  if (failover.plan.purpose === "contain") return false;
  return grantOf(world, failover, now) !== undefined || soloStanding(about).state === "stands";
}

function isLive({ world, now }: AuthorityGround, word: Word): boolean {
  return wordStands(world, word, now);
}

function missingOf(about: AuthorityGround, asked: AskedDuty, counted: readonly Word[]): readonly MissingDuty[] {
  const { duty, rule } = asked;
  const words = counted.filter((word) => word.duty === duty && stillHolds(about.policy, about.world, word));
  if (rule === null) return [missing(about, asked, null, words, "The policy gives it to nobody.")];
  if (fillsAlone(rule, words)) return [];
  switch (rule.kind) {
    case "any":
      return [missing(about, asked, rule, words, `Somebody who is ${rule.roles.join(" or ")} must sign.`)];
    case "all":
      return rule.roles
        .filter((role) => !words.some((word) => word.role === role))
        .map((role) =>
          missing(about, asked, { kind: "any", roles: [role] }, words, `Somebody who is ${role} must sign.`),
        );
    case "number": {
      const people = new Set(words.map(({ person }) => person)).size;
      const says = `${rule.people} people of ${rule.groups} groups must sign, and ${people} did.`;
      return [missing(about, asked, rule, words, says)];
    }
    default:
      return unreachable(rule, "rule of a duty");
  }
}

/** By the plan's own policy too: the role is the signer's, or that of whoever lent it. */
function stillHolds({ people }: Policy, { authority }: World, { person, role, under }: Word): boolean {
  const holder = under?.kind === "delegation" ? authority.delegations.get(under.id)?.from.person : person;
  return people.get(holder ?? "")?.roles.includes(role) === true && people.has(person);
}

function missing(
  about: AuthorityGround,
  { duty, because }: AskedDuty,
  rule: DutyRule | null,
  words: readonly Word[],
  why: string,
): MissingDuty {
  const people = rule === null ? [] : whoCouldFill(about, duty, rule, words);
  const role = rule?.kind === "any" && rule.roles.length === 1 ? rule.roles[0] : null;
  const sign = because === null ? "" : `, since the plan ${because.replace("-", " ").replaceAll("-", " ")}`;
  const who = people.length === 0 ? "Nobody can now." : `${people.join(", ")} can.`;
  return { duty, role, because, people, says: `${duty}${sign}: ${why} ${who}` };
}

function notAsked({ failover }: AuthorityGround, duty: Duty, asked: readonly AskedDuty[]): Refusal {
  const duties = [...new Set(asked.map((one) => one.duty))];
  return refusal(
    "duty-not-asked",
    `${failover.id} does not ask for the duty ${duty}${duties.length === 0 ? "" : `: it asks for ${duties.join(", ")}`}.`,
    { failover: failover.id, duty, asked: duties },
    "See what it waits for: pointsman why",
  );
}

/** A word under an emergency is for a plan that the emergency binds. */
function outsideGrant({ world, failover }: AuthorityGround, { under }: Word): Refusal | undefined {
  const grant = under?.kind === "break-glass" ? world.authority.grants.get(under.id) : undefined;
  if (grant === undefined || grantBinds(grant, failover)) return undefined;
  const { id, service, plan, targets, moves, used } = grant;
  return refusal(
    "outside-grant",
    `Emergency ${id} is for ${moves} moves of ${service} to ${targets.join(" or ")}${plan === null ? "" : `, by plan ${plan} alone`}, of which ${used.length} were made; ${failover.id} is none of them.`,
    { grant: id, service, plan, targets: [...targets], moves, used: [...used], failover: failover.id },
    "Fill the duties as the policy says, or ask for another: pointsman break-glass",
  );
}

function apart({ id }: Failover, person: string, conflict: Conflict): Refusal {
  if (conflict.kind === "role")
    return refusal(
      "another-role",
      `${person} signs ${id} as ${conflict.holds} already, and a person signs in one role per failover.`,
      { failover: id, person, holds: conflict.holds, role: conflict.role },
      `Sign as ${conflict.holds}, or ask somebody else who is ${conflict.role}.`,
    );
  return refusal(
    "separate-duties",
    `${person} fills ${conflict.holds} of ${id}, which the policy keeps apart from ${conflict.duty}.`,
    { failover: id, person, holds: conflict.holds, duty: conflict.duty },
    `Ask somebody else to fill ${conflict.duty}: pointsman why names them.`,
  );
}

function signedAlready({ id }: Failover, person: string, duty: Duty): Refusal {
  return refusal(
    "already-signed",
    `${person} fills ${duty} of ${id} already.`,
    { failover: id, person, duty },
    "Nothing needs to be done.",
  );
}
