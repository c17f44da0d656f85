import { z } from "zod";
import { byId, identifier, list, members, oneOf, some, text, whole } from "./members.ts";

const person = members({
  roles: some(identifier, "role").meta({ description: "What the person may act as; the duties name roles." }),
  group: identifier.meta({ description: "People of one group count once where a duty asks for different groups." }),
  keys: some(text("an OpenSSH public key, such as the line of id_ed25519.pub"), "public key").meta({
    description: "OpenSSH public keys, as in the file that ssh-keygen writes with the ending .pub.",
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

const dutyName = oneOf("declare", "validate", "approve", "execute", "reverse", "veto", "contain", "adopt");

export const authority = members({
  declare: duty.optional(),
  validate: duty.optional(),
  approve: duty,
  execute: duty,
  reverse: duty.optional(),
  veto: duty.optional(),
  contain: duty.optional(),
  adopt: duty.optional(),
  separate: list(z.tuple([dutyName, dutyName], { error: "a pair of duties" }), "pairs of duties")
    .default([])
    .meta({ description: "Pairs of duties that one person may not both fill in one failover." }),
});
