import type { KeyView, ZoneServerView, ZoneView } from "../../api/contract/zone.ts";
import { inView } from "../../api/contract/in-view.ts";
import { formatDuration, parseInstant, since } from "../../values/time.ts";
import type { Paint } from "../frame/terminal.ts";
import { table } from "./table.ts";

/**
 * A line a zone, and under it what is not at rest: nameservers that are not ok, keys on their way, what was announced.
 * The sentences of alarms stand at the top of the status.
 */
export function zoneLines(zones: readonly ZoneView[], at: string, paint: Paint): string[] {
  const rows = zones.map((zone) => [
    paint.bold(inView(zone.zone, zone.view)),
    summary(zone, paint),
    seen(zone, at, paint),
  ]);
  const lines = table(rows, "  ").split("\n");
  return [paint.bold("zones"), ...zones.flatMap((zone, index) => [lines[index] ?? "", ...details(zone, paint)])];
}

function summary(zone: ZoneView, paint: Paint): string {
  if (zone.looks.length === 0) return paint.warn("not looked at since the start: nothing is known of it");
  const states = Map.groupBy(zone.servers, stateOf);
  const all = addressesOf(zone.servers);
  const parts = [...states].map(([state, servers]) => {
    const some = addressesOf(servers);
    const at = some === all ? (all === 1 ? "its nameserver" : `all ${all} nameservers`) : some;
    return painted(state, `${state} at ${at}`, paint);
  });
  const ends = zone.servers.flatMap(({ signedUntil }) => signedUntil ?? []).toSorted();
  return [parts.join(", "), ...(ends[0] === undefined ? [] : [`signed until ${ends[0]}`])].join("; ");
}

/** Several vantages may have asked one. */
function addressesOf(servers: readonly ZoneServerView[]): number {
  return new Set(servers.map(({ address }) => address)).size;
}

/** What is right is told by its verdict, what is wrong by its class. */
function stateOf({ class: is, authenticity }: ZoneServerView): string {
  return is === "ok" ? (authenticity?.verdict ?? "unknown") : is;
}

function painted(state: string, words: string, paint: Paint): string {
  if (state === "secure") return paint.good(words);
  if (state === "insecure") return words;
  return isAlarm(state) ? paint.bad(words) : paint.warn(words);
}

const alarming: ReadonlySet<string> = new Set([
  "bogus",
  "insecure-after-secure",
  "unauthorised",
  "divergent",
  "no-response",
  "lame",
]);

function isAlarm(state: string): boolean {
  return alarming.has(state);
}

function seen({ looks }: ZoneView, at: string, paint: Paint): string {
  const now = parseInstant(at);
  return looks
    .map(({ vantage, at: looked, fresh }) => {
      const then = parseInstant(looked);
      const ago = now === undefined || then === undefined ? looked : `${formatDuration(since(then, now))} ago`;
      const words = `looked at ${ago}${looks.length > 1 ? ` from ${vantage}` : ""}`;
      return fresh ? words : paint.bad(`${words}: not known since`);
    })
    .join(", ");
}

function details(zone: ZoneView, paint: Paint): string[] {
  const servers = zone.servers
    .filter(({ class: is }) => is !== "ok")
    .map((server) => [
      server.nameserver,
      zone.looks.length > 1 ? `${server.address} from ${server.vantage}` : server.address,
      painted(server.class, server.class, paint),
      server.serial === null ? "" : `serial ${server.serial}`,
      server.authenticity === null || server.authenticity.verdict === "secure" ? "" : server.authenticity.code,
    ]);
  const keys = zone.keys.filter(isMoving).map((key) => [`key ${key.tag}`, key.role, key.stage, nextWords(key)]);
  return [
    ...(servers.length === 0 ? [] : [table(servers, "    ")]),
    ...(keys.length === 0 ? [] : [table(keys, "    ")]),
    ...zone.expected.map(({ says, by }) => `    expected (${by}): ${says}`),
    ...zone.announcements.map(
      ({ id, kind, from, until, by, inForce }) =>
        `    announced by ${by.id}: ${kind} ${inForce ? "" : `from ${from} `}until ${until} (${id})`,
    ),
    ...(zone.advice.length === 0
      ? []
      : [paint.dim(`    for a review: ${zone.advice.map(({ code, about }) => `${code} (${about})`).join(", ")}`)]),
  ];
}

/** Not at rest: there is something left to do with it. */
function isMoving({ next }: KeyView): boolean {
  return next.step !== "none";
}

function nextWords({ next }: KeyView): string {
  if (next.notBefore === null) return next.says;
  return `${next.step} not before ${next.notBefore}`;
}
