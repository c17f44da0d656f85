import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { builtText } from "../../../../test/fixtures/design-policy.ts";
import { pathText } from "../finding.ts";
import { resolvePolicy } from "../resolve.ts";

const pin = `${"A".repeat(43)}=`;

/** The design's policy with one resolver. */
function withResolver(members: string) {
  const document = parse(builtText);
  document.resolvers = parse(`office: { ${members} }`);
  return resolvePolicy(document);
}

describe("the resolvers of a policy", () => {
  it.each([
    ["address: 192.0.2.53", { address: "192.0.2.53", port: 53 }, { via: "udp" }],
    ["address: 192.0.2.53, via: tcp", { address: "192.0.2.53", port: 53 }, { via: "tcp" }],
    [
      "address: 192.0.2.53, via: dot, name: DNS.example.net",
      { address: "192.0.2.53", port: 853 },
      { via: "dot", name: "dns.example.net", pins: [], path: "/dns-query" },
    ],
    [
      `address: "[2001:db8::53]:8443", via: doh, pins: [${pin}], path: /q`,
      { address: "2001:db8::53", port: 8443 },
      { via: "doh", name: null, pins: [pin], path: "/q" },
    ],
  ])("are read: %s", (members, endpoint, channel) => {
    const { policy, findings } = withResolver(members);
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(policy?.resolvers?.get("office")).toEqual({ id: "office", view: "public", endpoint, channel });
  });

  it.each([
    ["address: 192.0.2.53, via: dot", "missing resolvers.office.name"],
    ["address: 192.0.2.53, name: dns.example.net", "not-over-this resolvers.office.name"],
    ["address: 192.0.2.53, via: dot, name: a.example, path: /q", "not-over-this resolvers.office.path"],
    ["address: 192.0.2.53, via: doh, name: a.example, path: q", "wrong-form resolvers.office.path"],
    ["address: 192.0.2.53, via: dot, name: a..example", "wrong-form resolvers.office.name"],
    ["address: 192.0.2.53, via: dot, pins: [AAAA]", "wrong-form resolvers.office.pins[0]"],
    [`address: 192.0.2.53, via: dot, pins: [${pin}, ${pin}]`, "duplicate resolvers.office.pins[1]"],
    ["address: dns.example.net", "reached-by-name resolvers.office.address"],
    ["address: 192.0.2.53, via: carrier-pigeon", "wrong-form resolvers.office.via"],
  ])("are refused: %s", (members, expected) => {
    const { policy, findings } = withResolver(members);
    expect(policy).toBeUndefined();
    expect(
      findings.filter(({ severity }) => severity === "error").map(({ code, path }) => `${code} ${pathText(path)}`),
    ).toEqual([expected]);
  });
});
