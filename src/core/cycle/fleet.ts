import { day, formatDuration, formatInstant, since, type Instant } from "../../values/time.ts";
import type { PeopleRequest, PolicyRequest } from "../authority/request.ts";
import { decidePeople } from "../authority/decide-people.ts";
import { decidePolicy } from "../authority/decide-policy.ts";
import { speakerOf } from "../authority/speaker.ts";
import type { FleetCommand, FleetRequest } from "./service-command.ts";
import { refuse, type FleetDecision } from "./fleet-decision.ts";
import { announcementsMax } from "../integrity/zone-state.ts";
import { zoneIn, zoneKey } from "../policy/zone-key.ts";
import type { World } from "./world.ts";

/** Events of the installation, or a refusal; pure as `decide` is. */
export function decideFleet(world: World, command: FleetCommand, now: Instant): FleetDecision {
  const { request } = command;
  const spoken = speakerOf(world, command, now);
  if (!spoken.ok) return { accepted: false, refusal: spoken.refusal };
  if (isOfInstallation(request)) return decideInstallation(world, { ...command, request }, now);
  if (isOfPolicy(request)) return decidePolicy(world, request, spoken.speaker, now);
  return decidePeople(world, request, spoken.speaker, now);
}

function isOfInstallation(request: FleetRequest): request is InstallationRequest {
  const { kind } = request;
  return kind === "stop-all" || kind === "resume-all" || kind === "announce" || kind === "withdraw-announcement";
}

function isOfPolicy(request: FleetRequest): request is PolicyRequest {
  return request.kind.endsWith("-policy");
}

export type InstallationRequest = Exclude<FleetRequest, PeopleRequest | PolicyRequest>;

/** Stops and resumes the whole installation, and foretells changes of zones. */
export function decideInstallation(
  world: InstallationWorld,
  command: FleetCommand & { readonly request: InstallationRequest },
  now: Instant,
): FleetDecision {
  const { request, by } = command;
  switch (request.kind) {
    case "stop-all":
      if (world.stopped !== null)
        return refuse("already-stopped", "Everything is stopped already.", "Resume: pointsman resume --all");
      return { accepted: true, events: [{ type: "all-stopped", by }] };
    case "resume-all":
      if (world.stopped === null)
        return refuse(
          "nothing-to-resume",
          "Not everything is stopped.",
          "To resume one service: pointsman resume SERVICE",
        );
      return { accepted: true, events: [{ type: "all-resumed", by }] };
    case "announce":
      return announce(world, command, request, now);
    case "withdraw-announcement":
      return withdraw(world, command, request);
  }
}

type InstallationWorld = Pick<World, "stopped" | "zones"> & { readonly policy: Pick<World["policy"], "zones"> };
type Announce = Extract<FleetRequest, { kind: "announce" }>;
type Withdraw = Extract<FleetRequest, { kind: "withdraw-announcement" }>;

/** Longer, and an alarm would be switched off rather than a change foretold. */
const announcementMsMax = 90 * day;

function announce(world: InstallationWorld, { id, by }: FleetCommand, request: Announce, now: Instant): FleetDecision {
  const { zone, view, change: kind, from, until } = request;
  if (zoneIn(world.policy, { view, zone }) === undefined)
    return refuse("no-such-zone", `The policy has no zone ${zone} in view ${view}.`, "Name a zone of the policy.", {
      zone,
      view,
    });
  if (until <= from || until <= now)
    return refuse(
      "window-is-over",
      `The window ends on ${formatInstant(until)}, before it begins or in the past.`,
      "Give a later end.",
      { from, until },
    );
  const lengthMs = since(from > now ? from : now, until);
  if (lengthMs > announcementMsMax)
    return refuse(
      "window-too-long",
      `The window would be open for ${formatDuration(lengthMs)}; ${formatDuration(announcementMsMax)} is the most.`,
      "Announce a shorter one, and again when it is over.",
      { lengthMs, mostMs: announcementMsMax },
    );
  const open = (world.zones.get(zoneKey(view, zone))?.announcements ?? []).filter((one) => one.until > now);
  if (open.length >= announcementsMax)
    return refuse(
      "too-many-announcements",
      `${zone} has ${open.length} announcements already.`,
      "Withdraw one first.",
      { open: open.length },
    );
  return {
    accepted: true,
    events: [{ type: "change-announced", announcement: id, zone, view, kind, from, until, by }],
  };
}

function withdraw({ zones }: InstallationWorld, { by }: FleetCommand, { announcement }: Withdraw): FleetDecision {
  for (const { zone, view, announcements } of zones.values())
    if (announcements.some(({ id }) => id === announcement))
      return { accepted: true, events: [{ type: "announcement-withdrawn", announcement, zone, view, by }] };
  return refuse("no-such-announcement", `Nobody announced ${announcement}, or it is over.`, "See pointsman status.", {
    announcement,
  });
}
