import type { Rule } from "./difference.ts";
import { bandAuthority, duty } from "./duties.ts";
import { amount, any, byId, byMember, choice, members, set } from "./rules.ts";

// Read as: what happens when it grows, or is added; and when it shrinks, or is removed.
const dependsOn = set("the dependency", "tightening", "widening");
const flagOff = choice({ "true>false": "widening", "false>true": "tightening" });
const flagOn = choice({ "false>true": "widening", "true>false": "tightening" });

const people = byId(
  "The person",
  "widening",
  "tightening",
  members({
    roles: set("the role", "widening", "tightening"),
    group: any("widening"),
    keys: set("the key", "widening", "tightening"),
    onCall: any("neutral"),
  }),
);

const authority = members({
  declare: duty,
  validate: duty,
  approve: duty,
  execute: duty,
  reverse: duty,
  veto: duty,
  waive: duty,
  contain: duty,
  adopt: duty,
  separate: set("the pair", "tightening", "widening"),
  signOff: set("the sign-off", "tightening", "widening"),
  breakGlass: members({ need: amount("tightening", "widening"), of: set("the person", "widening", "tightening") }),
  solo: set("the lone authority", "widening", "tightening"),
  delegateTo: set("the role", "widening", "tightening"),
  recovery: members({ need: amount("tightening", "widening"), keys: any("widening") }),
  wideningWait: amount("tightening", "widening"),
  afterFirstWrite: any("neutral"),
});

const when = members({
  site: any("widening"),
  verdict: choice({ "partly>down": "tightening" }),
  vantages: amount("tightening", "widening"),
  for: amount("tightening", "widening"),
  errorRate: members({ over: amount("tightening", "widening"), for: amount("tightening", "widening") }),
  latency: members({ over: amount("tightening", "widening"), for: amount("tightening", "widening") }),
  regionalLoss: any("widening"),
});

const band = members({
  name: any("neutral"),
  when,
  move: any("widening"),
  authority: bandAuthority,
  acceptedBy: any("neutral"),
  budget: members({ moves: amount("widening", "tightening"), per: amount("tightening", "widening") }),
  expires: amount("widening", "tightening", "most"),
  reassert: flagOn,
});

const service = members({
  owner: any("neutral"),
  objective: any("neutral"),
  provides: set("the dependency", "tightening", "widening"),
  records: byId(
    "The record",
    "widening",
    "widening",
    members({
      view: any("widening"),
      zone: any("widening"),
      name: any("widening"),
      type: any("widening"),
      ttl: any("neutral"),
    }),
  ),
  sites: byId(
    "The site",
    "widening",
    "tightening",
    byId("The values of record", "widening", "widening", any("values-only")),
  ),
  home: any("widening"),
  minimumActive: amount("tightening", "widening"),
  demand: amount("tightening", "widening", "least"),
  checks: any("widening"),
  readiness: set("the proof", "tightening", "widening"),
  bands: byMember("name", "The band", { added: "widening", removed: "tightening", ordered: "widening" }, band),
  rollback: any("widening"),
  failback: members({ authority: any("widening"), stableFor: amount("tightening", "widening") }),
  frozen: set("the window", "tightening", "widening"),
  holdDown: amount("tightening", "widening"),
  flapping: members({ changes: amount("widening", "tightening"), per: amount("tightening", "widening") }),
});

const path = members({
  name: any("neutral"),
  type: any("widening"),
  server: any("widening"),
  credential: any("widening"),
  dependsOn,
  instructions: any("neutral"),
});

const provider = members({
  nameservers: any("widening"),
  paths: byMember("name", "The change path", { added: "widening", removed: "widening", ordered: "neutral" }, path),
  notify: any("neutral"),
  fence: flagOff,
});

const zone = members({
  providers: any("widening"),
  views: any("widening"),
  dnssec: choice({ "unsigned>required": "tightening" }),
  signing: any("widening"),
  expires: any("neutral"),
});

/** Every field of the policy, each with what its change means. A field that is missing here is widening. */
export const policyRule: Rule = members({
  format: any("widening"),
  version: any("neutral"),
  follows: any("neutral"),
  lab: any("widening"),
  people,
  authority,
  dependencies: byId(
    "The dependency",
    "tightening",
    "widening",
    members({ kind: any("widening"), owner: any("neutral") }),
  ),
  sites: byId(
    "The site",
    "neutral",
    "tightening",
    members({
      region: any("widening"),
      jurisdiction: any("widening"),
      capacity: amount("widening", "tightening", "most"),
      dependsOn,
    }),
  ),
  vantages: byId("The vantage", "widening", "widening", any("widening")),
  controls: any("widening"),
  providers: byId("The provider", "widening", "widening", provider),
  zones: byId("The zone", "widening", "widening", zone),
  resolvers: any("neutral"),
  brokenName: any("neutral"),
  services: byId("The service", "widening", "widening", service),
  blastRadius: members({ services: amount("widening", "tightening"), per: amount("tightening", "widening") }),
});
