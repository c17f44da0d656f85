import { z } from "zod";
import {
  address,
  byId,
  duration,
  endpoint,
  identifier,
  list,
  members,
  oneOf,
  some,
  text,
} from "../core/policy/schema/members.ts";

const path = text("the path of a file or folder");

const trust = {
  anchors: list(path, "paths of files").default([]).meta({
    description:
      "Files of trust anchors: DS or DNSKEY records, or IANA's root-anchors.xml. None: the root's, built in.",
  }),
  servers: list(endpoint, "endpoints").default([]).meta({
    description: "Nameservers at which every chain of trust begins, by address. None: those of the root.",
  }),
};

/** The settings of one installation, as they are written in `pointsman.yaml` (design §6). */
export const settingsDocument = members({
  mode: oneOf("observe", "act").default("observe").meta({
    description: "observe: all of the cycle but the writes. act: change DNS within the policy.",
  }),
  policy: path.default("policy.yaml").meta({ description: "The policy file. Paths are relative to this file." }),
  data: path.default("data").meta({ description: "The folder of the journal. One controller at a time may use it." }),
  head: path.default("pointsman.head").meta({
    description: "Keeps the journal's newest head outside of the data folder, so that a rolled-back journal is found.",
  }),
  socket: path.default("pointsman.sock").meta({
    description: "The Unix socket of the local API. Who may open the file may act.",
  }),
  metrics: z
    .union([z.literal("off"), endpoint], { error: "off, or a loopback address with a port such as 127.0.0.1:9464" })
    .default("127.0.0.1:9464")
    .meta({ description: "Where /metrics, /healthz and /readyz listen, on this machine alone." }),
  credentials: byId(text("env:NAME or file:/path"), "references")
    .default({})
    .meta({ description: "Where each credential that the policy names is kept. Never the credential itself." }),
  vantages: some(identifier, "vantage")
    .optional()
    .meta({ description: "The policy's vantages that run in this process. Left out: the only one, or all in a lab." }),
  sources: byId(address, "addresses").default({}).meta({
    description:
      "The address of this machine that a vantage asks nameservers from: it says whose audience it is. Left out: as the system routes.",
  }),
  dependsOn: list(identifier, "dependencies")
    .default([])
    .meta({ description: "The policy's dependencies without which this controller itself does not work." }),
  integrity: members({
    ...trust,
    views: byId(members(trust), "the trust of each view").default({}).meta({
      description: "Where a view other than public has anchors or a root of its own. What is left out is as above.",
    }),
    every: duration.default("60s").meta({ description: "How often each zone is looked at whole." }),
  })
    .prefault({})
    .meta({ description: "How the authenticity of the zones is checked (DNSSEC)." }),
  statements: members({
    listen: z
      .union([z.literal("off"), endpoint], { error: "off, or an address with a port such as 192.0.2.1:9465" })
      .default("off")
      .meta({ description: "Where signed statements are taken over TLS, by address." }),
    key: path.optional().meta({
      description: "The listener's private key in PEM. Left out, with certificate: one of its own, which clients pin.",
    }),
    certificate: path.optional().meta({ description: "The certificate of that key, in PEM." }),
    origin: text("an origin such as https://pointsman.example.net:9465").optional().meta({
      description: "Where browsers reach the listener: it then has a page on which passkeys sign. Left out: none.",
    }),
    relyingParty: text("a name such as pointsman.example.net").optional().meta({
      description: "The name that passkeys are made for, outside of every zone of the policy. Left out: the origin's.",
    }),
    folder: path.optional().meta({
      description: "A drop folder: statements that are put there are taken. Left out: none.",
    }),
  })
    .prefault({})
    .meta({ description: "Ways by which signed statements come in, beside the socket." }),
  notices: members({
    command: some(text("a program, and its arguments"), "words").optional().meta({
      description: "A program that is given each emergency as JSON on its standard input. No shell.",
    }),
  })
    .prefault({})
    .meta({ description: "Who is told at once of break-glass and of a recovery, beside the event stream." }),
  logLevel: oneOf("error", "warn", "info", "debug").default("info"),
});

export type SettingsDocument = z.output<typeof settingsDocument>;
