import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { builtText } from "../../../../test/fixtures/design-policy.ts";
import { pathText } from "../finding.ts";
import { resolvePolicy } from "../resolve.ts";

const owner = "    owner: ana\n";
const band = (when: string, move: string) =>
  `    bands: [{ name: b, when: ${when}, move: ${move}, authority: approve }]\n    rollback:`;
const bandsAndRollback = / {4}bands:\n[^]*? {4}rollback:/;
const down = "{ site: fra, verdict: down }";
const cname = (home: string) =>
  [
    "    records: { www: { zone: example.com, name: login.example.com, type: CNAME, ttl: 60s } }",
    "    sites:",
    "      fra: { www: { cname: a.example.net, address: [192.0.2.1] } }",
    "      iad: { www: { cname: b.example.net, address: [192.0.2.2] } }",
    `    home: ${home}`,
    "    checks:",
  ].join("\n");
const recordsToChecks = / {4}records:\n[^]*? {4}checks:/;

describe("a rule of the policy refuses", () => {
  it.each([
    [
      "a key that two people share",
      /(keys:\n {6}- )(ssh-ed25519 \S+) ana([^]*?)ssh-ed25519 \S+ ben/,
      "$1$2 ana$3$2 ben",
      "shared-key people.ben.keys[0]",
    ],
    [
      "a duty with two rules",
      "any:\n      - identity-owner",
      "any: [identity-owner]\n    all: [identity-owner]\n    #",
      "wrong-form authority.validate",
    ],
    [
      "a duty that asks for more people than there are",
      / {2}contain:\n.*\n.*\n/,
      "  contain: { n: 9, groups: 2 }\n",
      "duty-cannot-be-filled authority.contain",
    ],
    [
      "a duty that asks for more groups than people",
      / {2}contain:\n.*\n.*\n/,
      "  contain: { n: 2, groups: 3 }\n",
      "duty-cannot-be-filled authority.contain",
    ],
    [
      "a duty to be separate from itself",
      "- - validate\n      - execute",
      "- - validate\n      - validate",
      "duplicate authority.separate[1][1]",
    ],
    [
      "two vantages with one key",
      /(key: )(\S+)(\n {2}cloud-1:\n.*\n {4}key: )\S+/,
      "$1$2$3$2",
      "duplicate vantages.cloud-1.key",
    ],
    ["a vantage's key that is none", /key: ed25519:\S+/, "key: ed25519:AAAA", "wrong-form vantages.office.key"],
    [
      "one nameserver in two spellings",
      "ns2.example.net",
      "NS1.example.net.",
      "duplicate providers.primary.nameservers.NS1.example.net.",
    ],
    ["two change paths of one name", "name: by-hand", "name: update", "duplicate providers.primary.paths[1].name"],
    [
      "a label that is too long",
      "name: login.example.com",
      `name: ${"l".repeat(64)}.example.com`,
      "wrong-form services.login.records.v4.name",
    ],
    [
      "a name below a zone cut",
      "zones:\n",
      "zones:\n  login.example.com: { providers: [primary] }\n",
      "name-below-zone-cut services.login.records.v4.zone",
    ],
    ["one record twice in a service", "type: AAAA", "type: A", "overlapping-records services.login.records.v6.name"],
    ["a CNAME beside others", "type: AAAA", "type: CNAME", "cname-beside-others services.login.records.v6.name"],
    ["a CNAME at two home sites", recordsToChecks, cname("[fra, iad]"), "cname-with-two-sites services.login.home"],
    ["a TTL of half a second", "ttl: 60s", "ttl: 500ms", "wrong-form services.login.records.v4.ttl"],
    [
      "a site with none of the records",
      /v4:\n {10}- 198.51.100.10/,
      "v4: none",
      "site-without-values services.login.sites.iad",
    ],
    [
      "one address twice",
      "- 2001:db8:1::10",
      "- 2001:db8:1::10\n          - 2001:DB8:1:0::10",
      "duplicate services.login.sites.fra.v6[1]",
    ],
    [
      "a timeout longer than the interval",
      "timeout: 2s",
      "timeout: 6s",
      "timeout-over-interval services.login.checks[0]",
    ],
    [
      "readiness that no check can prove",
      "url: https://",
      "url: http://",
      "readiness-without-check services.login.readiness[0]",
    ],
    [
      "authorities that are no certificates",
      /( {8}url:)/,
      "        trust: nobody\n$1",
      "wrong-form services.login.checks[0].trust",
    ],
    [
      "a failback that nobody may allow",
      / {2}reverse:\n.*\n.*\n.*\n/,
      "",
      "dangling-reference services.login.failback.authority",
    ],
    [
      "a window that ends before it begins",
      owner,
      `${owner}    frozen: [{ from: 2027-01-02, until: 2027-01-01, reason: r }]\n`,
      "wrong-form services.login.frozen[0].until",
    ],
    [
      "a band without a signal",
      bandsAndRollback,
      band("{ site: fra }", "{ drain: fra }"),
      "wrong-form services.login.bands[0].when",
    ],
    [
      "a band with two signals",
      bandsAndRollback,
      band("{ site: fra, verdict: down, regionalLoss: eu }", "{ replace: { fra: iad } }"),
      "wrong-form services.login.bands[0].when",
    ],
    [
      "a verdict of no site",
      bandsAndRollback,
      band("{ verdict: down }", "{ replace: { fra: iad } }"),
      "wrong-form services.login.bands[0].when",
    ],
    [
      "the loss of a region that has no site",
      bandsAndRollback,
      band("{ regionalLoss: ap }", "{ replace: { fra: iad } }"),
      "dangling-reference services.login.bands[0].when.regionalLoss",
    ],
    [
      "the loss of a region at a site",
      bandsAndRollback,
      band("{ regionalLoss: eu, site: fra }", "{ replace: { fra: iad } }"),
      "wrong-form services.login.bands[0].when.site",
    ],
    ["a band without a move", bandsAndRollback, band(down, "{}"), "wrong-form services.login.bands[0].move"],
    [
      "a band with two moves",
      bandsAndRollback,
      band(down, "{ add: iad, replace: { fra: iad } }"),
      "wrong-form services.login.bands[0].move",
    ],
    [
      "a replacement of two sites",
      bandsAndRollback,
      band(down, "{ replace: { fra: iad, iad: fra } }"),
      "wrong-form services.login.bands[0].move.replace",
    ],
    [
      "a site replaced by itself",
      bandsAndRollback,
      band(down, "{ replace: { fra: fra } }"),
      "move-to-itself services.login.bands[0].move.replace.fra",
    ],
    [
      "a drain that leaves nothing",
      bandsAndRollback,
      band(down, "{ drain: fra }"),
      "minimum-active-impossible services.login.bands[0].move.drain",
    ],
    [
      "the withdrawal of what is none",
      bandsAndRollback,
      band(down, "{ withdraw: { iad: v6 } }"),
      "wrong-form services.login.bands[0].move.withdraw.iad",
    ],
    [
      "a name for a control place",
      "version: 4",
      "version: 4\ncontrols: [time.example.net]",
      "reached-by-name controls[0]",
    ],
    [
      "a lab with a site in the world",
      /version: 4([^]*)192\.0\.2\.10/,
      "version: 4\nlab: true$1 9.9.9.9",
      "lab-is-routable services.login.sites.fra.v4[0]",
    ],
    [
      "a zone that is no name",
      "zone: example.com",
      "zone: example..com",
      "dangling-reference services.login.records.v4.zone",
    ],
    ["people by a number", "people:", "people: 5\nx:", "wrong-form people"],
  ])("%s", (_, from, to, expected) => {
    const changed = builtText.replace(from, to);
    expect(changed).not.toBe(builtText);
    expect(errorsOf(changed)).toContain(expected);
  });

  it("a band by a word that the journal uses for itself", () => {
    expect(errorsOf(builtText.replace("name: site-lost", "name: failback"))).toEqual([
      "reserved-name services.login.bands[0].name",
    ]);
  });

  it("a second site for a CNAME by a band", () => {
    const one = builtText.replace(recordsToChecks, cname("[fra]"));
    expect(errorsOf(one)).toEqual([]);
    expect(errorsOf(one.replace(bandsAndRollback, band(down, "{ add: iad }")))).toEqual([
      "cname-with-two-sites services.login.bands[0].move.add",
    ]);
  });
});

describe("a rule of the policy lets pass", () => {
  it("a rollback of one target where there are several", () => {
    const three = builtText
      .replace(/^sites:\n/m, "sites:\n  sin: { region: ap, jurisdiction: SG }\n")
      .replace(/^ {4}sites:\n/m, "    sites:\n      sin: { v4: [192.0.2.99], v6: none }\n");
    const { policy, findings } = resolvePolicy(parse(three));
    expect(findings).toEqual([]);
    expect(policy?.services.get("login")?.rollback?.site).toBe("iad");
  });

  it("a lab on loopback with ports", () => {
    const lab = builtText
      .replace("version: 4", "version: 4\nlab: true")
      .replace("- 192.0.2.53", '- "127.0.0.1:5301"')
      .replace("server: 192.0.2.53", 'server: "[::1]:5301"');
    const { policy, findings } = resolvePolicy(parse(lab));
    expect(findings).toEqual([]);
    expect(policy?.lab).toBe(true);
    expect(policy?.providers.get("primary")?.paths[0]).toMatchObject({ server: { address: "::1", port: 5301 } });
    expect(policy?.controls).toEqual([
      { address: "127.0.0.1", port: 5301 },
      { address: "198.51.100.53", port: 53 },
    ]);
  });

  it("two active sites of addresses, a drain of one of them, and every other kind of move and signal", () => {
    const active = builtText
      .replace("home:\n      - fra", "home: [fra, iad]")
      .replace(/ {6}when:\n {8}site: iad\n.*\n/, "");
    for (const [when, move] of [
      [down, "{ drain: fra }"],
      ["{ site: fra, verdict: partly, vantages: 3, for: 10s }", "{ withdraw: { fra: v6 } }"],
      ["{ site: fra, latency: { over: 800ms, for: 1m } }", "{ isolate: fra }"],
      ["{ regionalLoss: eu, for: 1m }", "{ add: iad }"],
    ] as const)
      expect(errorsOf(active.replace(bandsAndRollback, band(when, move)))).toEqual([]);
  });

  it("a slow detection, with a warning and its figures", () => {
    const { policy, findings } = resolvePolicy(parse(builtText.replace("for: 20s", "for: 40s")));
    expect(policy).toBeDefined();
    expect(findings).toMatchObject([
      { code: "detection-against-objective", severity: "warning", figures: { longestMs: 57_000, detectMs: 45_000 } },
    ]);
  });
});

function errorsOf(text: string): readonly string[] {
  return resolvePolicy(parse(text))
    .findings.filter(({ severity }) => severity === "error")
    .map(({ code, path }) => `${code} ${pathText(path)}`);
}
