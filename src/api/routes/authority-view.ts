import { sshKeyHolders } from "../../core/authority/listed.ts";
import type { Review } from "../../core/authority/state.ts";
import { breakGlassWords } from "../../core/authority/telephone-words.ts";
import type { World } from "../../core/cycle/world.ts";
import { formatInstant, type Instant } from "../../values/time.ts";
import type { AuthorityView, ReviewView } from "../contract/authority.ts";
import type { Attention } from "../contract/common.ts";
import { instantView } from "./views.ts";

/** Authority beside the policy's own, as it stands now. What is over is left out. */
export function authorityView({ authority, policy }: Pick<World, "authority" | "policy">, now: Instant): AuthorityView {
  const { dispute } = authority;
  return {
    mode: authority.mode,
    notEnrolled: notEnrolled(authority, policy),
    delegations: [...authority.delegations.values()]
      .filter(({ until, withdrawnAt }) => withdrawnAt === null && now < until)
      .map(({ id, from, to, duties, services, since, until }) => ({
        id,
        from: from.person,
        to,
        duties: [...duties],
        services: services === "all" ? services : [...services],
        since: formatInstant(since),
        until: formatInstant(until),
      })),
    breakGlass: emergencies(authority, now),
    reviews: [...authority.reviews.values()]
      .filter(({ closed }) => closed === null)
      .map((review) => reviewView(review, now)),
    dispute:
      dispute === null
        ? null
        : {
            statement: dispute.statement,
            by: dispute.by,
            at: formatInstant(dispute.at),
            resumedBy: dispute.resumedBy.map(({ person }) => person),
          },
    recoveries: [...authority.recoveries.values()]
      .filter(({ state }) => state === "open")
      .map(({ id, person, signers, objections, askedAt }) => ({
        id,
        person,
        signers: signers.length,
        objections: objections.map((one) => one.person),
        askedAt: formatInstant(askedAt),
      })),
    proposals: [...authority.proposals.values()].map((proposal) => ({
      policy: proposal.policy,
      version: proposal.version,
      class: proposal.class,
      notBefore: formatInstant(proposal.notBefore),
      signers: proposal.words.map(({ person }) => person),
      objections: proposal.objections.map(({ person }) => person),
    })),
  };
}

export function reviewView({ id, kind, subject, openedAt, dueAt }: Review, now: Instant): ReviewView {
  return { id, kind, subject, openedAt: formatInstant(openedAt), dueAt: formatInstant(dueAt), overdue: now >= dueAt };
}

function notEnrolled(authority: World["authority"], { people }: World["policy"]): string[] {
  const enrolled = sshKeyHolders(authority);
  return [...people.keys()].filter((person) => !enrolled.has(person));
}

function emergencies({ grants }: World["authority"], now: Instant): AuthorityView["breakGlass"] {
  return [...grants.values()]
    .filter(({ until, withdrawnAt }) => withdrawnAt === null && now < until)
    .map(({ id, service, plan, targets, moves, used, incident, requester, signers, need, grantedAt, until }) => ({
      id,
      words: [...breakGlassWords(id)],
      service,
      plan,
      targets: [...targets],
      moves,
      used: [...used],
      incident,
      requester,
      signers: signers.map(({ person }) => person),
      need,
      grantedAt: instantView(grantedAt),
      until: formatInstant(until),
    }));
}

/** What people should know of it. An emergency, a dispute and a review that is late are alarms. */
export function ofAuthority(view: AuthorityView): Attention[] {
  const found: Attention[] = [];
  const tell = (level: Attention["level"], code: string, says: string, command: string | null = null): void => {
    found.push({ level, service: null, code, says, command });
  };
  if (view.dispute !== null)
    tell(
      "alarm",
      "log-disputed",
      `A statement of ${view.dispute.by} names a head of the log that this journal does not contain: nothing is written until two other people say that it is whole.`,
      "pointsman resume --dispute",
    );
  for (const {
    id,
    words,
    service,
    incident,
    requester,
    signers,
    need,
    grantedAt,
    until,
    used,
    moves,
  } of view.breakGlass)
    if (grantedAt === null)
      tell(
        "alarm",
        "break-glass-asked",
        `${requester} asks for emergency authority over ${service} (${incident}): ${signers.length} of ${need} signed. Words: ${words.join(" ")}.`,
        `pointsman break-glass --sign ${id}`,
      );
    else
      tell(
        "alarm",
        "break-glass-open",
        `Emergency authority over ${service} (${incident}) until ${until}, by ${signers.join(", ")}: ${used.length} of ${moves} moves used. Words: ${words.join(" ")}.`,
        `pointsman withdraw --break-glass ${id}`,
      );
  for (const { id, person } of view.recoveries)
    tell("alarm", "recovery-asked", `The keys of ${person} are to be replaced.`, `pointsman object --recovery ${id}`);
  for (const { id, kind, subject, dueAt, overdue } of view.reviews)
    tell(
      overdue ? "alarm" : "notice",
      overdue ? "review-late" : "review-open",
      `The ${kind} of ${subject} is to be reviewed by somebody who took no part, ${overdue ? "since" : "until"} ${dueAt}.`,
      `pointsman close-review ${id}`,
    );
  for (const { id, from, to, duties, services, until } of view.delegations)
    tell(
      "notice",
      "delegation",
      `${from} lent ${to} ${duties.join(", ")} for ${services === "all" ? "every service" : services.join(", ")} until ${until}.`,
      `pointsman withdraw --delegation ${id}`,
    );
  if (view.mode === "signed" && view.notEnrolled.length > 0)
    tell("notice", "not-enrolled", `Without a key: ${view.notEnrolled.join(", ")}.`, "pointsman enrol");
  return found;
}
