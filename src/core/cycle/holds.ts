import { formatInstant } from "../../values/time.ts";
import { automationKeyRefusal } from "../authority/automation.ts";
import { isForced } from "../gates/not-forced.ts";
import { liveVetoes } from "../gates/not-vetoed.ts";
import type { Explanation } from "./explanation.ts";
import type { Moment } from "./moment.ts";

type Hold = Explanation["holds"][number];

/** What stands in the way of a service, each with the command that deals with it. */
export function holdsOf({ state, world, service, facts, now }: Moment): Explanation["holds"] {
  const holds: Hold[] = [];
  const keyRefusal = automationKeyRefusal(world, facts.automationKey);
  if (keyRefusal !== undefined)
    holds.push({ code: keyRefusal.code, says: `${keyRefusal.says} ${keyRefusal.mend}`, command: null });
  if (world.stopped !== null)
    holds.push({
      code: "stopped-all",
      says: `Everything is stopped by ${world.stopped.by.id} since ${formatInstant(world.stopped.at)}.`,
      command: "pointsman resume --all",
    });
  if (state.stopped !== null)
    holds.push({
      code: "stopped",
      says: `Stopped by ${state.stopped.by.id} since ${formatInstant(state.stopped.at)}.`,
      command: `pointsman resume ${state.service}`,
    });
  if (state.suspended !== null)
    holds.push({
      code: "suspended",
      says: `Automation is suspended (${state.suspended.reason}) since ${formatInstant(state.suspended.at)}.`,
      command: `pointsman resume ${state.service}`,
    });
  for (const [record, drift] of state.drift)
    holds.push({
      code: `drift-${drift.kind}`,
      says: `${service.records.get(record)?.name ?? record} at provider ${drift.provider} was changed by something else (${drift.kind}).`,
      command: `pointsman adopt ${state.service}/${record} --reason "..."`,
    });
  for (const veto of liveVetoes(world, state, now))
    holds.push({
      code: "vetoed",
      says: `${veto.by.id} vetoed a move until ${formatInstant(veto.until)}${veto.ground === null ? "" : ` (${veto.ground})`}.`,
      command: `pointsman lift-veto ${state.service} ${veto.id}`,
    });
  for (const owed of state.owed)
    holds.push({
      code: `nameserver-${owed.state}`,
      says: `${owed.address} of provider ${owed.provider} was silent when ${owed.failover} recovered${owed.state === "diverged" ? ", and came back with an old answer" : ""}.`,
      command: null,
    });
  for (const attempt of state.outstanding)
    holds.push({
      code: "attempt-outstanding",
      says: `It is not known whether ${attempt.id} was applied; it is read back.`,
      command: null,
    });
  holds.push(...peoplesHolds({ state, world, now }));
  if (state.placement === null)
    holds.push({
      code: "baseline-unknown",
      says: "It is not yet known what stands: the nameservers are read.",
      command: null,
    });
  return holds;
}

/** What people signed that holds something. */
function peoplesHolds({ state, world, now }: Pick<Moment, "state" | "world" | "now">): readonly Hold[] {
  const { handedOver } = state;
  const { dispute } = world.authority;
  const forced = [...state.forced].filter(([, one]) => isForced(world, one, now));
  return [
    ...(handedOver === null
      ? []
      : [
          {
            code: "handed-over",
            says: `${handedOver.by.person} took it over on ${formatInstant(handedOver.by.at)}.`,
            command: `pointsman take-back ${state.service}`,
          },
        ]),
    ...(dispute === null
      ? []
      : [
          {
            code: "log-disputed",
            says: `A statement of ${dispute.by} names a head of the log that this journal does not contain: nothing is written.`,
            command: "pointsman resume --dispute",
          },
        ]),
    ...[...state.barred].map(([site, by]) => ({
      code: "site-barred",
      says: `${by.person} barred ${site}: nothing moves there.`,
      command: `pointsman withdraw --bar ${site} --service ${state.service}`,
    })),
    ...forced.map(([site, { verdict, by, until }]) => ({
      code: "forced",
      says: `${by.person} says ${site} is ${verdict}, until ${formatInstant(until)}: the automation holds.`,
      command: `pointsman withdraw --forced-verdict ${site} --service ${state.service}`,
    })),
  ];
}
