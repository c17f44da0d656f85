import { parse, stringify } from "yaml";
import { describe, expect, it } from "vitest";
import { builtText } from "../../../test/fixtures/design-policy.ts";
import { change } from "../../../test/fixtures/mutations.ts";
import { resolvePolicy } from "./resolve.ts";
import { probeTargets } from "./targets.ts";

describe("what every vantage probes", () => {
  it("is each check at each address of each site, numbered without gaps, and nothing for none", () => {
    const targets = targetsOf(parse(builtText));
    expect(targets.map(({ check, site, record, address }) => [check, site, record, address])).toEqual([
      [0, "fra", "v4", "192.0.2.10"],
      [1, "fra", "v6", "2001:db8:1::10"],
      [2, "iad", "v4", "198.51.100.10"],
    ]);
    expect(targets[0]).toMatchObject({ service: "login", name: "login.example.com.", definition: { name: "health" } });
  });

  it("has the same numbers whatever the order in the document", () => {
    const turned = parse(
      stringify(parse(builtText), { sortMapEntries: (a, b) => (String(a.key) < String(b.key) ? 1 : -1) }),
    );
    expect(targetsOf(turned)).toEqual(targetsOf(parse(builtText)));
  });

  it("connects to the addresses that a CNAME's sites give", () => {
    const document: unknown = parse(builtText);
    const put = (path: readonly string[], value: unknown) =>
      change(document, path, (parent, step) => Reflect.set(parent, step, value));
    put(["services", "login", "records"], {
      www: { zone: "example.com", name: "login.example.com", type: "CNAME", ttl: "60s" },
    });
    put(["services", "login", "sites"], {
      fra: { www: { cname: "fra.example.net", address: ["2001:db8::1", "192.0.2.10"] } },
      iad: { www: { cname: "iad.example.net.", address: ["198.51.100.10"] } },
    });
    expect(targetsOf(document).map(({ site, address }) => [site, address])).toEqual([
      ["fra", "192.0.2.10"],
      ["fra", "2001:db8::1"],
      ["iad", "198.51.100.10"],
    ]);
    const login = resolvePolicy(document).policy?.services.get("login");
    expect(login?.sites.get("iad")?.get("www")).toEqual(["03696164076578616d706c65036e657400"]);
  });
});

function targetsOf(document: unknown) {
  const { policy, findings } = resolvePolicy(document);
  expect(findings).toEqual([]);
  return policy === undefined ? [] : probeTargets(policy);
}
