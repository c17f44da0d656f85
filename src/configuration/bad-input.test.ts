import { describe, expect, it } from "vitest";
import { builtText } from "../../test/fixtures/design-policy.ts";
import { formatFindings } from "./format.ts";
import type { LocatedFinding } from "./located.ts";
import { readPolicy } from "./policy-file.ts";

/** A mistake: what is written in place of what, its code, what the caret stands under, and a word of the mend. */
interface Mistake {
  readonly what: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly code: string;
  readonly marks: string;
  readonly mend: RegExp;
}

const secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0MTIz";

const mistakes: readonly Mistake[] = [
  mistake("an unknown key", "    owner: ana", "    ownr: ana", "unknown-key", "ownr", /Did you mean "owner"\?/),
  mistake("a missing key", /^ {4}home:\n.*\n/m, "", "missing", "login", /Add home: a list/),
  mistake("a wrong type", "version: 4", "version: four", "wrong-form", "four", /a whole number/),
  mistake("a wrong duration", "ttl: 60s", "ttl: 60", "wrong-form", "60", /a duration such as 45s/),
  mistake(
    "a role of nobody",
    "- incident-commander",
    "- incident-comander",
    "dangling-reference",
    "incident-commander",
    /Did you mean "incident-comander"\?/,
  ),
  mistake("an unknown person", "owner: ben", "owner: bem", "dangling-reference", "bem", /Did you mean "ben"\?/),
  mistake(
    "an unknown site in home",
    "home:\n      - fra",
    "home:\n      - fran",
    "dangling-reference",
    "fran",
    /Did you mean "fra"\?/,
  ),
  mistake("an unknown site in a move", "fra: iad", "fra: ida", "dangling-reference", "ida", /Did you mean "iad"\?/),
  mistake(
    "an unknown zone",
    "zone: example.com",
    "zone: example.org",
    "dangling-reference",
    "example.org",
    /Did you mean "example.com"\?/,
  ),
  mistake("an unknown provider", "- primary", "- primry", "dangling-reference", "primry", /Did you mean "primary"\?/),
  mistake("an unknown record", /v6: none/, "v5: none", "dangling-reference", "v5", /Did you mean "v4"\?/),
  mistake(
    "a site that forgets a record",
    / {8}v6: none\n/,
    "",
    "missing",
    "iad",
    /Add v6: with its values, or the word none/,
  ),
  mistake(
    "an unknown dependency",
    "provides:\n      - idp",
    "provides:\n      - ipd",
    "dangling-reference",
    "ipd",
    /Did you mean "idp"\?/,
  ),
  mistake(
    "a literal secret",
    "credential: tsig-primary",
    `credential: ${secret}`,
    "literal-secret",
    "*".repeat(secret.length),
    /env:NAME or file:/,
  ),
  mistake(
    "a secret under a name of its own",
    "    owner: ana",
    "    owner: ana\n    token: tooth",
    "literal-secret",
    "*****",
    /treat what was written here as leaked/,
  ),
  mistake(
    "a TTL that the objective cannot bear",
    "ttl: 60s",
    "ttl: 5m",
    "ttl-against-objective",
    "5m",
    /TTL of at most 4 min 15 s/,
  ),
  mistake(
    "a name outside its zone",
    "name: login.example.com",
    "name: login.example.org",
    "name-outside-zone",
    "login.example.org",
    /ends with \.example\.com/,
  ),
  mistake(
    "a name that only looks like it is in the zone",
    "name: login.example.com",
    "name: loginexample.com",
    "name-outside-zone",
    "loginexample.com",
    /ends with \.example\.com/,
  ),
  mistake(
    "a CNAME at the apex",
    "name: login.example.com\n        type: A\n",
    "name: example.com\n        type: CNAME\n",
    "cname-at-apex",
    "CNAME",
    /a name below it/,
  ),
  mistake(
    "a name in place of an address",
    "server: 192.0.2.53",
    "server: ns1.example.com",
    "reached-by-name",
    "ns1.example.com",
    /its IP address/,
  ),
  mistake(
    "an IPv4 address in an AAAA record",
    "2001:db8:1::10",
    "192.0.2.10",
    "wrong-form",
    "192.0.2.10",
    /an IPv6 address/,
  ),
  mistake(
    "no public key",
    /ssh-ed25519 \S+ ana/,
    "ssh-ed25519 AAAA ana",
    "wrong-form",
    "ssh-ed25519 AAAA ana",
    /an OpenSSH public key/,
  ),
  mistake(
    "a check of another name",
    "https://login.example.com/healthz",
    "https://www.example.com/healthz",
    "check-of-another-name",
    "https://www.example.com/healthz",
    /own name/,
  ),
  mistake("a check of a kind that is not built", "type: http", "type: grpc", "kind-not-built", "grpc", /http, tcp/),
  mistake(
    "a readiness that is not built",
    "type: tls",
    "type: synthetic-login",
    "kind-not-built",
    "synthetic-login",
    /Known: tls/,
  ),
  mistake(
    "a date that is none",
    "dnssec: required",
    "dnssec: required\n    expires: next year",
    "wrong-form",
    "next year",
    /a date such as 2027-06-30/,
  ),
  mistake(
    "a resolver by its name",
    "zones:",
    "resolvers: { office: { address: dns.example.com } }\nzones:",
    "reached-by-name",
    "dns.example.com",
    /its IP address/,
  ),
  mistake(
    "a resolver over no transport",
    "zones:",
    "resolvers: { office: { address: 192.0.2.53, via: dott } }\nzones:",
    "wrong-form",
    "dott",
    /Did you mean "dot"\?/,
  ),
  mistake("a broken name that is none", "zones:", "brokenName: a..b\nzones:", "wrong-form", "a..b", /a domain name/),
  mistake("more vantages than there are", "vantages: 2", "vantages: 4", "too-few-vantages", "4", /more domains/),
  mistake(
    "an impossible minimum",
    "    owner: ana",
    "    owner: ana\n    minimumActive: 2",
    "minimum-active-impossible",
    "2",
    /smaller minimumActive/,
  ),
  mistake(
    "a band that nobody may accept",
    "- ana\n          - chi\n          - eve",
    "- eve",
    "band-not-accepted",
    "- eve",
    /authority: approve/,
  ),
  mistake("a band without budget", /^ {8}budget:\n.*\n.*\n/m, "", "band-without-budget", "pre-authorised", /moves: 2/),
  mistake(
    "a lab in the world",
    "version: 4",
    "version: 4\nlab: true\ncontrols: [8.8.8.8]",
    "lab-is-routable",
    "8.8.8.8",
    /127\.0\.0\.1/,
  ),
  mistake("a YAML anchor", "version: 4", "version: &v 4", "yaml-anchor", "&v", /Write out/),
  mistake("a YAML tag", "version: 4", "version: !!int 4", "yaml-tag", "!", /Write out/),
  mistake("a YAML merge", "    owner: ana", "    owner: ana\n    <<: {}", "yaml-merge", "<<", /Write out/),
  mistake(
    "a duplicate key",
    "    owner: ana",
    "    owner: ana\n    owner: ben",
    "yaml-duplicate-key",
    "owner",
    /Leave one/,
  ),
  mistake("YAML that is none", "version: 4", "version: 4\n\tlab: true", "yaml-syntax", "\t", /Indent with spaces/),
];

describe("bad input in a policy", () => {
  it.each(mistakes)("$what: file, line, caret and mend are shown", (wrong) => {
    const text = applied(builtText, wrong);
    const { policy, findings } = readPolicy(text, "policy.yaml");
    const found = findings.find((finding) => finding.code === wrong.code && marked(finding) === wrong.marks);
    expect(formatFindings(findings)).toContain(`error ${wrong.code}`);
    expect(found).toBeDefined();
    expect(found?.mend).toMatch(wrong.mend);
    const line = text.split("\n")[(found?.line ?? 0) - 1] ?? "";
    expect(line.slice((found?.column ?? 0) - 1).slice(0, wrong.marks.length)).toBe(shownAs(wrong));
    expect(policy).toBeUndefined();
  });

  it.each(mistakes.filter(({ code }) => !code.startsWith("yaml-")))("$what: leads to no second finding", (wrong) => {
    const { findings } = readPolicy(applied(builtText, wrong), "policy.yaml");
    expect(new Set(findings.map(({ line }) => line)).size).toBe(expectedPlaces(wrong));
  });

  it("is reported all together, in the order of the file", () => {
    const together = [
      "version: four",
      "authority: { approve: { any: [lead] }, execute: { any: [ops, automation] }, veto: { any: [led] } }",
      'people: { ana: { roles: [lead, ops], group: product, keys: ["ssh-ed25519 AAAA ana"] } }',
      "sites: { fra: { region: eu, jurisdiction: DE }, iad: { region: us, jurisdiction: US } }",
      "vantages: { office: { domain: isp-a } }",
      "providers:",
      "  primary:",
      "    nameservers: { ns1.example.net: [192.0.2.53] }",
      `    paths: [{ name: update, type: rfc2136, server: 192.0.2.53, credential: "${secret}=" }]`,
      "zones: { example.com: { providers: [primry] } }",
      "services:",
      "  login: &anchor",
      "    ownr: ana",
      "    owner: ana",
      "    objective: { detect: 4m, recover: 5m }",
      "    records:",
      "      v4: { zone: example.com, name: login.example.org, type: A, ttl: 5m }",
      "      www: { zone: example.com, name: www.example.com, type: CNAME, ttl: 30 }",
      "    sites:",
      "      fra: { v4: [192.0.2.10], www: { cname: fra.example.net, address: [192.0.2.10] } }",
      "      iad: { v4: [198.51.100.10], www: { cname: iad.example.net, address: [198.51.100.10] } }",
      "    home: [fra, iad]",
      "    checks: [{ name: port, type: tcp, port: 443, fall: many }]",
      "  mail:",
      "    owner: ana",
      "    objective: { detect: 1m, recover: 5m }",
      "    records: { v4: { zone: example.com, name: LOGIN.example.org., type: A, ttl: 60s } }",
      "    sites: { fra: { v4: [192.0.2.10] } }",
      "    home: [fra]",
      "    home: [iad]",
      "    checks: [{ name: port, type: tcp, port: 25 }]",
    ].join("\n");
    const { findings } = readPolicy(together, "policy.yaml");
    expect(findings.map((finding) => `${finding.line} ${finding.code}: ${marked(finding)}`)).toEqual([
      "1 wrong-form: four",
      "2 policy-unchangeable: { approve: { any: [lead] }, execute: { any: [ops, automation] }, veto: { any: [led] } }",
      "2 duty-rests-on-one: { any: [lead] }",
      "2 dangling-reference: led",
      '3 wrong-form: "ssh-ed25519 AAAA ana"',
      `9 literal-secret: ${"*".repeat(secret.length + 3)}`,
      "10 dangling-reference: primry",
      "12 yaml-anchor: &anchor",
      "13 unknown-key: ownr",
      "17 name-outside-zone: login.example.org",
      "17 ttl-against-objective: 5m",
      "18 wrong-form: 30",
      "22 cname-with-two-sites: [fra, iad]",
      "23 wrong-form: many",
      "27 name-outside-zone: LOGIN.example.org.",
      "27 overlapping-records: LOGIN.example.org.",
      "30 yaml-duplicate-key: home",
      "30 dangling-reference: iad",
    ]);
    expect(formatFindings(findings)).not.toContain(secret.slice(0, 8));
  });

  it("shows the line with a caret under what is meant", () => {
    const { findings } = readPolicy(builtText.replace("ttl: 60s", "ttl: 5m"), "etc/policy.yaml");
    const { line } = findings[0] ?? { line: 0 };
    expect(formatFindings(findings)).toBe(
      [
        `etc/policy.yaml:${line}:14: error ttl-against-objective`,
        "  The objective cannot be met: 45 s to detect and a TTL of 5 min make 5 min 45 s, and users are to be back in 5 min.",
        `  ${line} |         ttl: 5m`,
        `  ${" ".repeat(String(line).length)} |              ^^`,
        "  Write a TTL of at most 4 min 15 s, or a longer recover.",
        "",
      ].join("\n"),
    );
  });

  it("never prints a secret, wherever it was put, and even where the YAML cannot be read", () => {
    for (const broken of [
      `credential: ${secret}`,
      `credential: "${secret}" # {`,
      `credential: ${secret}: x`,
      `credential: [${secret}`,
      `server: ${secret}`,
      `${secret}: x`,
      `credential: |\n          -----BEGIN PRIVATE KEY-----\n          ${secret}\n          -----END PRIVATE KEY-----`,
      `credential: https://ana:${secret}@example.com/`,
      `credential: tsig-primary\n        password: ${secret}`,
      `credential: tsig-primary\n        password: "${secret}" "`,
    ]) {
      const { policy, findings } = readPolicy(builtText.replace("credential: tsig-primary", broken), "policy.yaml");
      expect(policy).toBeUndefined();
      const told = findings.map(({ says, mend, figures, excerpt }) => [says, mend, figures, excerpt]);
      expect(`${formatFindings(findings)}${JSON.stringify(told)}`).not.toContain(secret.slice(4, 16));
    }
  });

  it("hides what stands after the name of a secret, however short, while the YAML cannot be read", () => {
    for (const broken of [
      "password: tooth: brush",
      "password: |tooth",
      'password: "tooth',
      "token: [tooth",
      "secret: tooth\n\tx: y",
    ]) {
      const { findings } = readPolicy(builtText.replace("credential: tsig-primary", broken), "policy.yaml");
      expect(findings.length).toBeGreaterThan(0);
      expect(formatFindings(findings)).not.toContain("tooth");
    }
  });

  it("cannot steer the terminal that shows it", () => {
    const { findings } = readPolicy(builtText.replace("version: 4", 'version: "\u001b[2J\u202e"'), "policy.yaml");
    expect(formatFindings(findings)).toContain("\\u{1b}[2J\\u{202e}");
    for (const character of ["\u001b", "\u202e"]) expect(formatFindings(findings)).not.toContain(character);
  });

  it("of a size or depth that would exhaust the reader is refused", () => {
    for (const text of ["[".repeat(50_000), `${"[".repeat(500)}${"]".repeat(500)}`, "a: ".repeat(5000), "", "\0"]) {
      const { policy, findings } = readPolicy(text, "policy.yaml");
      expect(policy).toBeUndefined();
      expect(findings.length).toBeGreaterThan(0);
    }
    const laughs = [
      "a0: &a0 [x, x]",
      ...Array.from({ length: 60 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
    ];
    expect(readPolicy(laughs.join("\n"), "policy.yaml").findings.some(({ code }) => code === "yaml-alias")).toBe(true);
  });
});

function mistake(what: string, from: string | RegExp, to: string, code: string, marks: string, mend: RegExp): Mistake {
  return { what, from, to, code, marks, mend };
}

function applied(text: string, { from, to }: Mistake): string {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  return changed;
}

function marked({ excerpt, column }: LocatedFinding): string {
  return excerpt.text.slice(column - 1, column - 1 + excerpt.length);
}

function shownAs({ code, to, marks }: Mistake): string {
  return code === "literal-secret" ? (to.split(": ").at(-1) ?? "") : marks;
}

/** Mistakes that are wrong in two places. */
function expectedPlaces({ what }: Mistake): number {
  return what === "a CNAME at the apex" ? 3 : what === "an unknown record" || what === "a role of nobody" ? 2 : 1;
}
