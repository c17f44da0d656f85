import { z } from "zod";
import { byId, duration, identifier, list, members, oneOf, some, text, whole } from "./members.ts";

const person = members({
  roles: some(identifier, "role").meta({ description: "What the person may act as; the duties name roles." }),
  group: identifier.meta({ description: "People of one group count once where a duty asks for different groups." }),
  keys: some(text("an OpenSSH public key, such as the line of id_ed25519.pub"), "public key").meta({
    description: "OpenSSH public keys, as in the file that ssh-keygen writes with the ending .pub.",
  }),
  onCall: some(text('hours such as "mon-fri 06:00-18:00", in UTC'), "span of hours").optional().meta({
    description: "When the person can be reached, in UTC, such as mon-fri 06:00-18:00. Left out: always.",
  }),
});

export const people = byId(person, "people");

// One of `any`, `all`, or `n` with `groups`: rules/people.ts looks at that, so that it can say which to leave out.
const duty = members({
  any: some(identifier, "role").optional().meta({ description: "Anybody who has one of these roles." }),
  all: some(identifier, "role").optional().meta({ description: "One person of each of these roles." }),
  n: whole(1, 99).optional().meta({ description: "This many people." }),
  groups: whole(1, 99).optional().meta({ description: "Of this many different groups." }),
});

const dutyName = oneOf("declare", "validate", "approve", "execute", "reverse", "veto", "contain", "adopt", "waive");

const signOff = members({
  when: oneOf("changes-sign-in", "changes-jurisdiction", "changes-provider"),
  any: some(identifier, "role"),
});

const solo = members({
  person: identifier,
  service: identifier,
  targets: some(identifier, "site"),
});

export const authority = members({
  declare: duty.optional(),
  validate: duty.optional(),
  approve: duty,
  execute: duty,
  reverse: duty.optional(),
  veto: duty.optional(),
  contain: duty.optional(),
  adopt: duty.optional(),
  waive: duty
    .optional()
    .meta({ description: "Who may pass a judgement gate. Left out: two people of different groups." }),
  separate: list(z.tuple([dutyName, dutyName], { error: "a pair of duties" }), "pairs of duties")
    .default([])
    .meta({ description: "Pairs of duties that one person may not both fill in one failover." }),
  signOff: list(signOff, "sign-offs")
    .default([])
    .meta({ description: "Whose word a plan needs beside its duties, by what it changes." }),
  breakGlass: members({
    need: whole(2, 99).meta({ description: "This many of them sign, of whom the requester is one." }),
    of: some(identifier, "person"),
  })
    .optional()
    .meta({ description: "Emergency authority: it changes who decides, and never what is checked." }),
  solo: list(solo, "lone authorities").default([]).meta({
    description: "What one person may do alone: one move a day, after five minutes in which anyone may veto.",
  }),
  delegateTo: list(identifier, "roles")
    .default([])
    .meta({ description: "Roles to whose holders a duty may be delegated, for 8 hours at most." }),
  recovery: members({
    need: whole(2, 99).meta({ description: "This many of the keys sign." }),
    keys: some(text("an OpenSSH public key"), "public key"),
  })
    .optional()
    .meta({ description: "Keys kept offline: they replace people's keys where those are lost, and nothing else." }),
  wideningWait: duration.default("24h").meta({
    description: "How long a policy that widens what may happen waits before it is adopted; an hour at least.",
  }),
  afterFirstWrite: oneOf("finish", "go-back").default("finish").meta({
    description: "What becomes of a move that is half made when its authority ends: it is never left split.",
  }),
});
