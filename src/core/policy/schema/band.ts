import { byId, date, duration, flag, identifier, list, members, oneOf, percent, whole } from "./members.ts";

// One of verdict, errorRate, latency and regionalLoss: rules/bands.ts looks at that.
const when = members({
  site: identifier.optional(),
  verdict: oneOf("down", "partly").optional().meta({ description: "What the vantages together say of the site." }),
  vantages: whole(1, 99).optional().meta({ description: "Independent domains that must say so. Left out: 2." }),
  for: duration.optional().meta({ description: "How long the signal must hold. Left out: 20s." }),
  errorRate: members({ over: percent, for: duration }).optional(),
  latency: members({ over: duration, for: duration }).optional(),
  regionalLoss: identifier.optional().meta({ description: "The region that is lost." }),
});

// Exactly one of them, as with `when`.
const move = members({
  replace: byId(identifier, "the sites that take their place")
    .optional()
    .meta({ description: "One pair: the site that goes, and the site that takes its place." }),
  drain: identifier.optional().meta({ description: "This site goes; the others stay." }),
  add: identifier.optional().meta({ description: "This site comes in addition." }),
  withdraw: byId(identifier, "records")
    .optional()
    .meta({ description: "One pair: a site, and the record of it that goes." }),
  isolate: identifier.optional().meta({ description: "This site goes from every record, and does not come back." }),
});

export const band = members({
  name: identifier,
  when,
  move,
  authority: oneOf("pre-authorised", "approve"),
  acceptedBy: list(identifier, "people")
    .default([])
    .meta({ description: "Who agreed to the band beforehand; they must fill the duty approve." }),
  budget: members({ moves: whole(1, 1000), per: duration }).optional(),
  expires: date.optional(),
  reassert: flag()
    .default(false)
    .meta({ description: "Once within the budget, put back what something else has reverted." }),
});
