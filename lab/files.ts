import { generateKeyPairSync } from "node:crypto";

/** What the lab's files name. Addresses and ports differ from run to run. */
export interface LabNames {
  readonly zone: string;
  readonly host: string;
  /** `address:port` by absolute name; the first is the primary. */
  readonly nameservers: readonly { readonly name: string; readonly endpoint: string }[];
  readonly home: { readonly id: string; readonly address: string };
  readonly other: { readonly id: string; readonly address: string };
  readonly sitePort: number;
  /** PEM of the authority that issued the sites' certificates. */
  readonly trust: string;
  /** Path of the TSIG key's file. */
  readonly keyFile: string;
  /** Of the zone above: the file of its key, and the `address:port` of its nameserver. */
  readonly parent: { readonly anchorFile: string; readonly endpoint: string };
}

/** How long the old site must have been up before the way home is proposed. */
const stableFor = "3s";

/** A complete policy, commented for who opens it: the shape is that of `pointsman init`, the times those of a demo. */
export function labPolicy({ zone, host, nameservers, home, other, sitePort, trust }: LabNames): string {
  const [primary] = nameservers;
  const named = nameservers.map(({ name, endpoint }) => `      ${name}: ["${endpoint}"]`).join("\n");
  return `# The policy of the demo: who may move which service where, and on what signal.
# All of it is on this one machine, so its times are seconds where yours would be minutes; they are marked "demo".
version: 1

# All on one machine: its vantages count as independent. Refused where an address can be reached from elsewhere.
lab: true

# Who acts. The keys were made for this run, and nobody keeps their other halves.
people:
  ana: { roles: [service-owner], group: product, keys: ["${publicKey("ana")}"] }
  ben: { roles: [dns-operator], group: network, keys: ["${publicKey("ben")}"] }
  chi: { roles: [service-owner, dns-operator], group: platform, keys: ["${publicKey("chi")}"] }

# Which roles fill which duty.
authority:
  declare: { any: [service-owner, dns-operator] } # say that a site is lost, though no band has said so
  approve: { any: [service-owner] } # say yes to one exact plan
  execute: { any: [dns-operator, automation] } # automation: the controller may carry out what has been approved
  reverse: { any: [dns-operator] } # say yes to the way home
  veto: { any: [service-owner, dns-operator] } # stop a move
  adopt: { any: [service-owner, dns-operator] } # change this policy, once it is signed: two people in any case
  separate: [[declare, approve], [approve, execute]] # nobody fills both of these in one failover

# What sites cannot work without. Things with one dependency in common can fail together.
dependencies:
  dc-${home.id}: { kind: facility, owner: ben }
  dc-${other.id}: { kind: facility, owner: ben }

# The places that can serve. Here each is a web server in a process of its own.
sites:
  ${home.id}: { region: eu, jurisdiction: DE, dependsOn: [dc-${home.id}] }
  ${other.id}: { region: us, jurisdiction: US, dependsOn: [dc-${other.id}] }

# The places that look, in three domains: two of them must agree before anything moves.
vantages:
  office: { domain: isp-a }
  cloud-1: { domain: cloud-x }
  cloud-2: { domain: cloud-y }

# The nameservers that publish the zone, by address: in an outage no name can be relied on.
providers:
  primary:
    nameservers:
${named}
    # Ways to change a record, tried in this order.
    paths:
      - { name: update, type: rfc2136, server: "${primary?.endpoint ?? ""}", credential: tsig-primary }
      - { name: by-hand, type: manual, instructions: "Send the update that the plan prints, with nsupdate." }

# required: what the zone answers must be signed, and a chain of trust must lead to it.
zones:
  ${zone}: { providers: [primary], dnssec: required }

services:
  login:
    owner: ana
    # From the outage until it is known, and until users reach the service again.
    objective: { detect: 5s, recover: 10s } # demo: yours may be 45s and 5m
    # What is steered. Only IPv4, since not every machine has IPv6.
    records:
      v4: { zone: ${zone}, name: ${host}, type: A, ttl: 2s } # demo: yours may be 60s
    # The value of every record at every site.
    sites:
      ${home.id}: { v4: [${home.address}] }
      ${other.id}: { v4: [${other.address}] }
    # Where it stands when all is well.
    home: [${home.id}]
    # What each vantage asks each address of each site, under the service's own name, with a certificate that must be good.
    checks:
      - name: health
        type: http
        url: https://${host}:${sitePort}/healthz
        contains: ok
        interval: 500ms # demo: yours may be 5s
        timeout: 500ms
        rise: 2 # passes in a row until up
        fall: 3 # failures in a row until down
        # The authority that issued the certificates of this run. Left out, it is those that the system trusts.
        trust: |
${indented(trust, 10)}
    # What a target must prove before anything moves to it.
    readiness:
      - { type: tls, minValidity: 7d }
    # Agreed beforehand: when two vantages say that the home site is down, the other takes its place, twice a day at most,
    # and nobody is woken for it.
    bands:
      - name: site-lost
        when: { site: ${home.id}, verdict: down, vantages: 2, for: 0s } # demo: yours may be 20s
        move: { replace: { ${home.id}: ${other.id} } }
        authority: pre-authorised
        acceptedBy: [ana]
        budget: { moves: 2, per: 24h }
        expires: ${inMonths(6)}
    # Undo a failover whose target turns down this soon.
    rollback: { within: 15m }
    # The way home: proposed once the old site has been up this long; a person with the duty reverse says yes.
    failback: { authority: reverse, stableFor: ${stableFor} } # demo: yours may be 15m
    # Least time between the end of one automatic move and the next.
    holdDown: 1s # demo: yours may be 10m
`;
}

/** The settings of the demo's installation. */
export function labSettings({ keyFile, parent }: Pick<LabNames, "keyFile" | "parent">): string {
  return `# The settings of this installation: where it keeps things, and where its credentials are. No secret may stand here.

# act: change DNS within the policy. People begin with observe: all of the cycle but the writes.
mode: act

# Paths are relative to this file.
policy: policy.yaml
# The journal. One controller at a time may use the folder.
data: data
# The journal's newest head, kept apart from it: so a journal that was cut or rolled back is found.
head: pointsman.head
# The local API. Who may open this file may act, so its permissions say who.
socket: pointsman.sock
# /metrics, /healthz and /readyz; the demo goes without.
metrics: "off"

# Where each credential that the policy names is kept.
credentials:
  tsig-primary: file:${keyFile}

# From which keys on, and from which nameservers down, answers are validated. Left out, it is those of the root.
integrity:
  anchors: [${parent.anchorFile}]
  servers: ["${parent.endpoint}"]

# The policy's vantages that run in this process: in a lab it may be all of them.
vantages: [office, cloud-1, cloud-2]

logLevel: warn
`;
}

/** An OpenSSH public key line (RFC 8709 §4) of a fresh key. */
function publicKey(comment: string): string {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const parts = [Buffer.from("ssh-ed25519"), Buffer.from(x, "base64url")];
  const blob = Buffer.concat(parts.flatMap((part) => [Buffer.of(0, 0, 0, part.length), part]));
  return `ssh-ed25519 ${blob.toString("base64")} ${comment}`;
}

function indented(text: string, columns: number): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `${" ".repeat(columns)}${line}`)
    .join("\n");
}

function inMonths(months: number): string {
  const day = new Date();
  day.setUTCMonth(day.getUTCMonth() + months);
  return day.toISOString().slice(0, 10);
}
