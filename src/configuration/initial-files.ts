/** A file that `pointsman init` writes. */
export interface InitialFile {
  readonly path: string;
  readonly text: string;
}

/** The commented files that people begin with: valid as they stand, in observe mode, and the same as in `examples/`. */
export function initialFiles(): readonly InitialFile[] {
  return [
    { path: "policy.yaml", text: policy },
    { path: "pointsman.yaml", text: settings },
  ];
}

const policy = `# The policy: who may move which service where, and on what signal. It is governed: keep it in git, review every change,
# and raise the version each time. Nothing here is secret, and nothing secret may stand here.
# Check it with: pointsman validate
version: 1

# Who acts. Roles are yours to choose; the duties below name them. Keys are OpenSSH public keys, as in ~/.ssh/id_ed25519.pub.
# chi stands in for either, so that no duty rests on one person. The keys are examples, and nobody holds their other halves:
# put your own in their place.
people:
  ana:
    roles: [service-owner]
    group: product
    keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIfsHa/Li2zKG6Nf01GZw6dYW2K3Cpqv7wO3ziz8vIC6 ana"]
  ben:
    roles: [dns-operator]
    group: network
    keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICVr/ojgUcOH36O8LrmXiC+i5M00P7oEVQhu9kP2bkar ben"]
  chi:
    roles: [service-owner, dns-operator]
    group: platform
    keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGiggd4XK6TRSvSXOoWTNipjXzPdGRaDqqp6TgZtKud4 chi"]

# Which roles fill which duty. any: one person with one of the roles. all: one person of each role.
authority:
  declare: { any: [service-owner, dns-operator] } # say that a site is lost, though no band has said so
  approve: { any: [service-owner] } # say yes to one exact plan
  execute: { any: [dns-operator, automation] } # automation: the controller may carry out what has been approved
  reverse: { any: [dns-operator] } # say yes to the way home
  veto: { any: [service-owner, dns-operator] } # stop a move
  adopt: { any: [service-owner, dns-operator] } # change this policy, once it is signed: two people in any case
  separate: [[declare, approve], [approve, execute]] # nobody fills both of these in one failover

# What sites and change paths cannot work without. Things with one dependency in common can fail together.
dependencies:
  dc-fra: { kind: facility, owner: ben }
  dc-iad: { kind: facility, owner: ben }

# The places that can serve.
sites:
  fra: { region: eu, jurisdiction: DE, dependsOn: [dc-fra] }
  iad: { region: us, jurisdiction: US, dependsOn: [dc-iad] }

# The places that look. Vantages that can fail together are of one domain, and have one voice. In this version they run in
# the controller's process, so on one machine there is one voice: name one vantage, and let a person say yes.
vantages:
  office: { domain: isp-a }

# The DNS servers that publish your zones, by address: in an outage no name can be relied on. Name all of them: a change
# counts as switched once every one of them answers rightly.
providers:
  primary:
    nameservers:
      ns1.example.net: [192.0.2.53]
      ns2.example.net: [198.51.100.53]
    # Ways to change a record, tried in this order. The second works when the first is down with its site.
    paths:
      - { name: update, type: rfc2136, server: 192.0.2.53, credential: tsig-primary, dependsOn: [dc-fra] }
      - { name: by-hand, type: manual, instructions: "Call the network operators and read the plan to them." }

zones:
  example.com: { providers: [primary] }

services:
  login:
    owner: ana
    # From the outage until it is known, and until users are back. Detection and a TTL must fit into recover.
    objective: { detect: 45s, recover: 5m }
    # What is steered: each record under an id of its own.
    records:
      v4: { zone: example.com, name: login.example.com, type: A, ttl: 60s }
      v6: { zone: example.com, name: login.example.com, type: AAAA, ttl: 60s }
    # The values of every record at every site. A site without IPv6 says none, so that nothing is taken out by accident.
    sites:
      fra: { v4: [192.0.2.10], v6: ["2001:db8:1::10"] }
      iad: { v4: [198.51.100.10], v6: none }
    # Where it stands when all is well.
    home: [fra]
    # What is asked of each address of each site, with the service's own name and a certificate that must be good.
    checks:
      - name: health
        type: http
        url: https://login.example.com/healthz
        interval: 5s
        timeout: 2s
        rise: 3 # passes in a row until up
        fall: 3 # failures in a row until down
    # What a target must prove before anything moves to it.
    readiness:
      - { type: tls, minValidity: 7d }
    # A band is agreed beforehand: on this signal, this move. Begin with authority: approve, so that a person says yes each
    # time. With pre-authorised, acceptedBy and a budget it moves by itself. A band asks for two voices unless it says
    # otherwise, so that one broken uplink moves nothing.
    bands:
      - name: site-lost
        when: { site: fra, verdict: down, vantages: 1, for: 20s }
        move: { replace: { fra: iad } }
        authority: approve
    # Undo a failover whose target turns down this soon.
    rollback: { within: 15m }
    # The way home, proposed once the old site has been up this long; those with the duty reverse say yes.
    failback: { authority: reverse, stableFor: 15m }
`;

const settings = `# The settings of this installation: where it keeps things, and where its credentials are. No secret may stand here.
# Check them with: pointsman validate

# observe: all of the cycle but the writes. The journal tells what would have been done, and how long it would have taken.
# No credential is needed. Once you trust what it tells, write act.
mode: observe

# Paths are relative to this file.
policy: policy.yaml
# The journal. One controller at a time may use the folder.
data: data
# The journal's newest head, kept apart from it, best on another disk: so a journal that was cut or rolled back is found.
head: pointsman.head
# The local API. Who may open this file may act, so its permissions say who.
socket: pointsman.sock
# /metrics, /healthz and /readyz, on this machine alone; off for none.
metrics: 127.0.0.1:9464

# Where each credential that the policy names is kept: env:NAME, or file:/path. Needed for mode: act.
credentials:
  tsig-primary: env:POINTSMAN_TSIG_PRIMARY

# The policy's vantages that run in this process. All that run on one machine are one voice.
vantages: [office]

logLevel: info
`;
