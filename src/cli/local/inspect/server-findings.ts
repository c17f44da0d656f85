import type { ServerSurvey, ZoneSurvey } from "../../../core/integrity/survey.ts";
import { serialCompare } from "../../../dns/wire/serial.ts";
import type { Finding } from "./finding.ts";
import { contradicts, type Inspection } from "./inspection.ts";

/** What is wrong at the nameservers of the zone and at its delegation. */
export function serverFindings({ survey, expect }: Inspection): readonly Finding[] {
  if (survey === null) return [];
  const newest = newestSerial(survey.servers);
  return [
    ...survey.servers.flatMap((server) => [...oneServer(server, expect), ...stale(server, newest)]),
    ...divergent(survey.servers),
    ...delegation(survey),
  ];
}

const silences: { readonly [Outcome in Exclude<ServerSurvey["outcome"], "answer">]: readonly [string, string] } = {
  "no-response": [
    "does not answer",
    "See that it runs and that port 53 can be reached over UDP and TCP, or take it out of the delegation.",
  ],
  lame: [
    "answers without authority for the zone",
    "Configure the zone there, let it transfer again, or take it out of the delegation.",
  ],
  malformed: [
    "sends octets that are no answer",
    "Look at what stands between: a firewall, or a nameserver that is broken.",
  ],
  "no-route": [
    "cannot be reached from this machine at all",
    "Ask from a machine that has a route to it, such as one with IPv6.",
  ],
};

function oneServer(server: ServerSurvey, expect: Inspection["expect"]): Finding[] {
  const where = serverName(server);
  if (server.outcome !== "answer") {
    const [does, mend] =
      server.code === "no-address"
        ? (["has no address", "Give it an A or AAAA record, or take it out of the delegation."] as const)
        : silences[server.outcome];
    const code = server.code === null || server.code === "no-address" ? "" : ` (${server.code})`;
    return [
      {
        level: server.outcome === "no-route" ? "note" : "warning",
        code: `server-${server.outcome}`,
        where,
        says: `It ${does}${code}.`,
        mend,
      },
    ];
  }
  const found: Finding[] = [];
  const { finding } = server;
  if (contradicts(finding.authenticity, expect)) {
    found.push({
      level: "wrong",
      code: `server-${finding.authenticity}`,
      where,
      says: `What it gives is ${finding.authenticity}: ${finding.says}`,
      mend: "Transfer the zone to it afresh. Until it is well, take it out of the delegation: some resolvers ask no other.",
    });
  }
  for (const [transport, answers] of [
    ["UDP", server.udp],
    ["TCP", server.tcp],
  ] as const) {
    if (answers === false) {
      found.push({
        level: "warning",
        code: `server-without-${transport.toLowerCase()}`,
        where,
        says: `It does not answer over ${transport}.`,
        mend: `Open port 53 for ${transport}: both are required of a nameserver (RFC 9210).`,
      });
    }
  }
  return found;
}

function newestSerial(servers: readonly ServerSurvey[]): number | undefined {
  return servers.reduce<number | undefined>((newest, { soa }) => {
    if (soa === null) return newest;
    return newest === undefined || (serialCompare(soa.serial, newest) ?? 0) > 0 ? soa.serial : newest;
  }, undefined);
}

function stale(server: ServerSurvey, newest: number | undefined): Finding[] {
  if (server.soa === null || newest === undefined || server.soa.serial === newest) return [];
  return [
    {
      level: "warning",
      code: "server-behind",
      where: serverName(server),
      says: `It has serial ${server.soa.serial}; the newest seen is ${newest}.`,
      mend: "Wait a moment and look again. If it stays: see whether NOTIFY reaches it and it may transfer the zone.",
    },
  ];
}

/** Nameservers with other data than most at the same serial: a copy that was altered, or two primaries. */
function divergent(servers: readonly ServerSurvey[]): Finding[] {
  const groups = new Map<string, Map<string, ServerSurvey[]>>();
  for (const server of servers) {
    for (const { name, type, rrset } of server.watched) {
      const data = rrset === "absent" ? "absent" : rrset.rdata.join(" ");
      const of = groups.get(`${name} ${type}`) ?? new Map<string, ServerSurvey[]>();
      groups.set(`${name} ${type}`, of.set(data, [...(of.get(data) ?? []), server]));
    }
  }
  return [...groups].flatMap(([record, answers]): Finding[] => {
    if (answers.size < 2) return [];
    const [most, ...others] = [...answers.values()].toSorted((a, b) => b.length - a.length);
    return [
      {
        level: "warning",
        code: "servers-differ",
        where: record,
        says: `${others.flat().map(serverName).join(", ")} ${others.flat().length === 1 ? "gives" : "give"} other data than ${(most ?? []).map(serverName).join(", ")}.`,
        mend: "Have them all serve one version of the zone, unless they are meant to differ by place.",
      },
    ];
  });
}

function delegation({ delegation: parent, servers, zone }: ZoneSurvey): Finding[] {
  const own = servers.find(({ ns }) => ns !== null)?.ns;
  if (parent?.ns === null || parent === null || own === undefined || own === null) return [];
  const there = new Set(parent.ns);
  const here = new Set(own);
  const missing = [...here].filter((name) => !there.has(name));
  const extra = [...there].filter((name) => !here.has(name));
  if (missing.length + extra.length === 0) return [];
  const says = [
    ...(extra.length === 0 ? [] : [`${parent.parent} delegates to ${extra.join(", ")}, which the zone does not name`]),
    ...(missing.length === 0
      ? []
      : [`the zone names ${missing.join(", ")}, to which ${parent.parent} does not delegate`]),
  ].join("; ");
  return [
    {
      level: "warning",
      code: "delegation-differs",
      where: zone,
      says: `${says[0]?.toUpperCase() ?? ""}${says.slice(1)}.`,
      mend: "Have the registrar set the same NS records as the zone has, or mend the zone's.",
    },
  ];
}

function serverName({ nameserver, address }: ServerSurvey): string {
  return `${nameserver} (${address})`;
}
