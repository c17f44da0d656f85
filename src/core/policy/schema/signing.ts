import { signingAlgorithms } from "../algorithm.ts";
import { duration, identifier, members, oneOf, some, text, whole } from "./members.ts";

const rolledBy = oneOf("signer", "person").meta({
  description: "signer: the signer rolls by itself. person: each rollover is announced, else it is an alarm.",
});

const ages = {
  minAge: duration
    .default("0s")
    .meta({ description: "No new key of this role appears sooner than this after the one before." }),
  maxAge: duration.optional().meta({ description: "A key that is older is a finding. Left out: none is too old." }),
};

const entryPoint = members({
  rolledBy,
  method: oneOf("double-signature", "double-ds").meta({
    description: "Which comes first at a rollover (RFC 6781 §4.1.2): the new DNSKEY, or the new DS.",
  }),
  ...ages,
});

const zoneKey = members({
  rolledBy,
  method: oneOf("pre-publication", "double-signature").meta({
    description:
      "Whether the new key is published before it signs, or signs at once beside the old one (RFC 6781 §4.1.1).",
  }),
  ...ages,
});

/** Who signs a zone, with which keys, and how they are rolled: what the integrity monitor expects. */
export const signing = members({
  signers: some(identifier, "provider").meta({
    description: "Providers that sign with keys of their own. Two or more know each other's keys (RFC 8901).",
  }),
  algorithms: some(oneOf(...signingAlgorithms), "algorithm"),
  privateKeys: text("where the private keys lie, such as HSM fra-2").meta({
    description: "Where the private keys lie, as declared; nobody looks.",
  }),
  ksk: entryPoint.optional(),
  zsk: zoneKey.optional(),
  csk: entryPoint.optional().meta({ description: "One key for both, instead of ksk and zsk." }),
  standby: whole(0, 8)
    .default(0)
    .meta({ description: "Keys for the chain of trust that stand ready beside those in use." }),
  parent: oneOf("cds", "api", "by-hand").default("by-hand").meta({
    description:
      "How the parent learns of a new DS: from the zone's CDS (RFC 7344), by the signer's call, or by a person.",
  }),
  parentWithin: duration
    .default("2d")
    .meta({ description: "A CDS that the parent has not followed after this is stuck." }),
  propagation: duration.default("1h").meta({ description: "The longest that a change takes to every nameserver." }),
  largestTtl: duration.default("1d").meta({ description: "The largest TTL in the zone." }),
});
