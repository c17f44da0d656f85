import { describe, expect, it } from "vitest";
import { builtText } from "../../test/fixtures/design-policy.ts";
import { formatFindings } from "./format.ts";
import { pathFrom } from "./paths.ts";
import { readPolicy } from "./policy-file.ts";
import { readSettings } from "./settings.ts";

const { policy } = readPolicy(builtText, "policy.yaml");

describe("settings", () => {
  it("may be left out whole: they observe, on this machine alone, beside the settings file", () => {
    expect(readSettings("# nothing\n", "/etc/pointsman/pointsman.yaml").settings).toEqual({
      mode: "observe",
      noticeCommand: null,
      statements: { listen: null, files: null, folder: null, passkeys: null },
      policyFile: "/etc/pointsman/policy.yaml",
      dataFolder: "/etc/pointsman/data",
      headFile: "/etc/pointsman/pointsman.head",
      socket: "/etc/pointsman/pointsman.sock",
      metrics: { address: "127.0.0.1", port: 9464 },
      credentials: new Map(),
      vantages: null,
      sources: new Map(),
      dependsOn: [],
      integrity: { anchorFiles: [], servers: [], views: new Map(), everyMs: 60_000 },
      logLevel: "info",
    });
  });

  it("name credentials by reference", () => {
    const text = "credentials: { one: env:TSIG_ONE, two: file:keys/two, three: file:/run/three }";
    expect(readSettings(text, "etc/pointsman.yaml").settings?.credentials).toEqual(
      new Map([
        ["one", { kind: "env", variable: "TSIG_ONE" }],
        ["two", { kind: "file", path: "etc/keys/two" }],
        ["three", { kind: "file", path: "/run/three" }],
      ]),
    );
  });

  it.each(["hunter2", "c2VjcmV0IHNlY3JldCBzZWNyZXQ=", "hmac-sha256:key:c2VjcmV0", "env:", "env:with space", "file:"])(
    "refuse the literal secret %s, and never repeat it",
    (secret) => {
      const { settings, findings } = readSettings(`credentials:\n  tsig: "${secret}"\n`, "pointsman.yaml");
      expect(settings).toBeUndefined();
      expect(findings.map(({ code, line, column }) => [code, line, column])).toEqual([["literal-secret", 2, 9]]);
      expect(formatFindings(findings)).not.toContain(`"${secret}"`);
      expect(formatFindings(findings)).toContain(`tsig: ${"*".repeat(secret.length + 2)}`);
    },
  );

  it.each([
    ["head: data/head", "head-inside-data", "head: "],
    ["head: ./x/../data/head", "head-inside-data", "head: "],
    ["data: .", "head-inside-data", "data: "],
    ["data: /var/lib/p\nhead: /var/lib/p/../p/head", "head-inside-data", "head: "],
    ["metrics: 0.0.0.0:9464", "wrong-form", "metrics: "],
    ["metrics: localhost:9464", "wrong-form", "metrics: "],
    ["mode: live", "wrong-form", "mode: "],
    ["mdoe: act", "unknown-key", ""],
    ["integrity: { every: 61s }", "wrong-form", "integrity: { every: "],
    ["integrity: { every: 10ms }", "wrong-form", "integrity: { every: "],
    ["integrity: { servers: [ns1.example.net] }", "wrong-form", "integrity: { servers: ["],
    [
      "integrity: { views: { inside: { servers: [ns1] } } }",
      "wrong-form",
      "integrity: { views: { inside: { servers: [",
    ],
    ["sources: { office: ns1.example.net }", "wrong-form", "sources: { office: "],
    ["logLevel: loud", "wrong-form", "logLevel: "],
    [`socket: ${"s".repeat(108)}`, "wrong-form", "socket: "],
    ["vantages: []", "wrong-form", "vantages: "],
    ["vantages: [office, office]", "duplicate", "vantages: [office, "],
  ])("refuse %s at its place", (text, code, before) => {
    const { settings, findings } = readSettings(text, "pointsman.yaml");
    expect(settings).toBeUndefined();
    const lines = text.split("\n");
    expect(findings.map((finding) => [finding.code, finding.line, finding.column])).toEqual([
      [code, lines.length, before.length + 1],
    ]);
  });

  it("keep the head outside of a data folder that only begins with the same letters", () => {
    expect(readSettings("data: /var/p\nhead: /var/p-head", "pointsman.yaml").settings?.headFile).toBe("/var/p-head");
  });

  it("may be off for metrics", () => {
    expect(readSettings("metrics: off", "pointsman.yaml").settings?.metrics).toBeNull();
  });

  it("are held to the policy: vantages, dependencies, and in act mode its credentials", () => {
    expect(codes("vantages: [office]")).toEqual([]);
    expect(codes("vantages: [offfice]")).toEqual(["dangling-reference"]);
    expect(codes("vantages: [office]\ndependsOn: [dc-fran]")).toEqual(["dangling-reference"]);
    expect(codes("vantages: [office, cloud-1]")).toEqual(["vantages-on-one-machine"]);
    expect(codes("vantages: [office]\nsources: { office: 192.0.2.7 }")).toEqual([]);
    expect(codes("vantages: [office]\nsources: { cloud-1: 192.0.2.7 }")).toEqual(["dangling-reference"]);
    expect(codes("vantages: [office]\nintegrity: { views: { inside: {} } }")).toEqual(["dangling-reference"]);
    expect(codes("mode: observe")).toEqual(["vantages-on-one-machine"]);
    expect(codes("mode: act\nvantages: [office]")).toEqual(["dangling-reference"]);
    expect(codes("mode: act\nvantages: [office]\ncredentials: { tsig-primary: env:T }")).toEqual([]);
  });
});

describe("paths by their text", () => {
  it.each([
    ["etc", "a/./b//c", "etc/a/b/c"],
    ["etc", "../a", "a"],
    ["etc", "../../a", "../a"],
    [".", "a", "a"],
    ["/etc", "../../a", "/a"],
    ["/etc", "/a/..", "/"],
    [".", ".", "."],
  ])("from %s, %s is %s", (folder, path, expected) => expect(pathFrom(folder, path)).toBe(expected));
});

function codes(text: string): readonly string[] {
  return readSettings(text, "p.yaml", policy).findings.map(({ code }) => code);
}

describe("the page for passkeys", () => {
  const listen = "listen: 192.0.2.1:9465";
  const read = (more: string, against?: typeof policy) =>
    readSettings(`statements: { ${listen}, ${more} }\n`, "pointsman.yaml", against);

  it("is for the origin's name, or a domain that it lies in", () => {
    const origin = "https://pointsman.ops.example.net:9465";
    expect(read(`origin: "${origin}"`).settings?.statements.passkeys).toEqual({
      origin,
      relyingParty: "pointsman.ops.example.net",
    });
    expect(read(`origin: "${origin}", relyingParty: ops.example.net`).settings?.statements.passkeys?.relyingParty).toBe(
      "ops.example.net",
    );
  });

  it.each([
    'origin: "http://pointsman.example.net"',
    'origin: "https://192.0.2.1:9465"',
    'origin: "https://pointsman.example.net/"',
    'origin: "https://pointsman.example.net", relyingParty: net',
    'origin: "https://pointsman.example.net", relyingParty: other.example.net',
    "relyingParty: example.net",
  ])("is not for %s", (more) => {
    expect(read(more).findings.map(({ code }) => code)).toContain("wrong-form");
  });

  it("lies outside every zone that the policy governs", () => {
    const [zone = ""] = [...(policy?.zones.values() ?? [])].map(({ name }) => name.replace(/\.$/, ""));
    expect(
      read(`origin: "https://Pointsman.${zone}"`.toLowerCase(), policy).findings.map(({ code }) => code),
    ).toContain("relying-party-in-governed-zone");
  });
});
