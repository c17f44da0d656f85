import { z } from "zod";
import { band } from "./band.ts";
import { check, readiness } from "./check.ts";
import {
  address,
  byId,
  date,
  domainName,
  duration,
  identifier,
  list,
  members,
  oneOf,
  ownerName,
  some,
  text,
  whole,
} from "./members.ts";

const record = members({
  view: identifier.default("public").meta({ description: "The audience that it is for, a view that its zone has." }),
  zone: domainName,
  name: ownerName,
  type: oneOf("A", "AAAA", "CNAME"),
  ttl: duration,
});

const values = z.union(
  [
    z.literal("none"),
    some(address, "address"),
    members({
      cname: domainName,
      address: some(address, "address").meta({ description: "Where the checks of this site connect to." }),
    }),
  ],
  { error: "a list of addresses, the word none, or for a CNAME a mapping with cname and address" },
);

const frozen = members({ from: date, until: date, reason: text("why nothing is to move") });

const service = members({
  owner: identifier.meta({ description: "The person who answers for it." }),
  objective: members({
    detect: duration.meta({ description: "From the outage until it is known." }),
    recover: duration.meta({ description: "From the outage until users reach the service again." }),
  }),
  provides: list(identifier, "dependencies")
    .default([])
    .meta({ description: "Dependencies that this service is itself, such as the identity provider." }),
  records: byId(record, "records"),
  sites: byId(byId(values, "values"), "the values of each record"),
  home: some(identifier, "site").meta({ description: "Where it stands when all is well." }),
  minimumActive: whole(1, 100).default(1).meta({ description: "Fewer active sites than this are never planned." }),
  demand: whole(1, 1_000_000_000)
    .optional()
    .meta({ description: "What it needs of a site, in the unit of the sites' capacity." }),
  checks: some(check, "check"),
  readiness: list(readiness, "readiness proofs").default([]),
  bands: list(band, "bands").default([]),
  rollback: members({
    when: members({ site: identifier, verdict: oneOf("down") }).optional(),
    within: duration,
  })
    .optional()
    .meta({ description: "Undo a failover whose target turns down within this time." }),
  failback: members({ authority: oneOf("reverse"), stableFor: duration })
    .optional()
    .meta({ description: "The way home: proposed once the old site has been up this long." }),
  frozen: list(frozen, "windows").default([]).meta({ description: "Times in which nothing moves this service." }),
  holdDown: duration
    .default("10m")
    .meta({ description: "Least time between the end of one automatic move and the next." }),
  flapping: members({ changes: whole(2, 1000), per: duration })
    .default({ changes: 4, per: "15m" })
    .meta({ description: "More changes of a site's verdict than this in the time suspend automation." }),
});

export const services = byId(service, "services");
