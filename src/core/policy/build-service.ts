import type { NonEmpty } from "../../values/non-empty.ts";
import { second } from "../../values/time.ts";
import { addressOf, each, instantOf, mapOf, ms, nameOf, pairOf, sure } from "./build-values.ts";
import type { PolicyDocument } from "./document.ts";
import { canonicalRdata } from "./names.ts";
import type { Band, CheckDefinition, Move, Service, Signal, SteeredRecord } from "./policy.ts";
import { parseUrl } from "./url.ts";

type WrittenService = PolicyDocument["services"][string];
type WrittenBand = WrittenService["bands"][number];
type WrittenValues = WrittenService["sites"][string][string];

export function buildService(id: string, written: WrittenService): Service {
  const records = mapOf(written.records, recordOf);
  const cnameAddresses = cnameAddressesOf(written);
  return {
    id,
    owner: written.owner,
    objective: { detectMs: ms(written.objective.detect), recoverMs: ms(written.objective.recover) },
    provides: written.provides,
    records,
    sites: mapOf(written.sites, (_, values) => mapOf(values, (record, value) => rdataOf(records.get(record), value))),
    ...(cnameAddresses === undefined ? {} : { cnameAddresses }),
    home: written.home,
    minimumActive: written.minimumActive,
    demand: written.demand ?? null,
    checks: each(written.checks, checkOf),
    readiness: written.readiness.map(({ type, minValidity }) => ({ type, minValidityMs: ms(minValidity) })),
    bands: written.bands.map(bandOf),
    rollback:
      written.rollback === undefined
        ? null
        : { site: written.rollback.when?.site ?? null, withinMs: ms(written.rollback.within) },
    failback: written.failback === undefined ? null : { stableForMs: ms(written.failback.stableFor) },
    frozen: written.frozen.map(({ from, until, reason }) => ({
      from: instantOf(from),
      until: instantOf(until),
      reason,
    })),
    holdDownMs: ms(written.holdDown),
    flapping: { changes: written.flapping.changes, perMs: ms(written.flapping.per) },
  };
}

function recordOf(id: string, { view, zone, name, type, ttl }: WrittenService["records"][string]): SteeredRecord {
  return { id, view, zone: nameOf(zone), name: nameOf(name), type, ttl: ms(ttl) / second };
}

function rdataOf(record: SteeredRecord | undefined, values: WrittenValues): NonEmpty<string> | "none" {
  const { type } = sure(record, "every value at a site is of a record");
  if (values === "none") return "none";
  const texts: readonly string[] = "length" in values ? values : [nameOf(values.cname)];
  return each(texts, (text) => canonicalRdata(type, text));
}

function cnameAddressesOf(written: WrittenService): Service["cnameAddresses"] {
  const sites = Object.entries(written.sites).map(([site, records]) => {
    const cnames = Object.entries(records).flatMap(([record, values]) =>
      values === "none" || "length" in values ? [] : [[record, each(values.address, addressOf)] as const],
    );
    return [site, new Map(cnames)] as const;
  });
  return sites.some(([, cnames]) => cnames.size > 0) ? new Map(sites) : undefined;
}

function checkOf(written: WrittenService["checks"][number]): CheckDefinition {
  const { name, rise, fall } = written;
  const timing = { name, intervalMs: ms(written.interval), timeoutMs: ms(written.timeout), rise, fall };
  if (written.type === "tcp") return { ...timing, type: "tcp", port: written.port };
  const { status, contains, trust } = written;
  return {
    ...timing,
    type: "http",
    ...sure(parseUrl(written.url), "a URL was accepted by the rules"),
    status: typeof status === "number" ? [status] : status,
    contains: contains ?? null,
    trust: trust ?? null,
  };
}

function bandOf(written: WrittenBand): Band {
  const { name, authority, acceptedBy, budget, expires, reassert } = written;
  return {
    name,
    when: signalOf(written.when),
    move: moveOf(written.move),
    authority,
    acceptedBy,
    budget: budget === undefined ? null : { moves: budget.moves, perMs: ms(budget.per) },
    expiresAt: expires === undefined ? null : instantOf(expires),
    reassert,
  };
}

const heldByDefault = "20s";

function signalOf({ site = "", verdict, vantages, for: held = heldByDefault, ...when }: WrittenBand["when"]): Signal {
  if (verdict !== undefined) return { kind: "verdict", site, verdict, vantages: vantages ?? 2, forMs: ms(held) };
  if (when.errorRate !== undefined) {
    const { over, for: time } = when.errorRate;
    return { kind: "error-rate", site, overPercent: Number.parseInt(over, 10), forMs: ms(time) };
  }
  if (when.latency !== undefined)
    return { kind: "latency", site, overMs: ms(when.latency.over), forMs: ms(when.latency.for) };
  return { kind: "regional-loss", region: sure(when.regionalLoss, "a band has a signal"), forMs: ms(held) };
}

function moveOf(written: WrittenBand["move"]): Move {
  for (const kind of ["drain", "add", "isolate"] as const) {
    const site = written[kind];
    if (site !== undefined) return { kind, site };
  }
  if (written.withdraw !== undefined) {
    const [site, record] = pairOf(written.withdraw);
    return { kind: "withdraw", site, record };
  }
  const [from, to] = pairOf(sure(written.replace, "a band has a move"));
  return { kind: "replace", from, to };
}
