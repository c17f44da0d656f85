import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { builtText } from "../../../../test/fixtures/design-policy.ts";
import { change } from "../../../../test/fixtures/mutations.ts";
import { steeredFor, surveyTargets } from "../../integrity/expected-of.ts";
import { pathText } from "../finding.ts";
import { resolvePolicy } from "../resolve.ts";
import { zoneIn } from "../zone-key.ts";

/** The design's policy with an inside provider, and these members written over it: path to YAML, or to nothing. */
function written(changes: { readonly [path: string]: string | undefined }) {
  const document: unknown = parse(builtText);
  const internal =
    "{ nameservers: { ns.corp.example: [10.0.0.53] }, paths: [{ name: hand, type: manual, instructions: x }] }";
  for (const [path, text] of Object.entries({ "providers internal": internal, ...changes }))
    change(document, path.split(" "), (parent, step) =>
      text === undefined ? Reflect.deleteProperty(parent, step) : Reflect.set(parent, step, parse(text)),
    );
  const { policy, findings } = resolvePolicy(document);
  const errors = findings.filter(({ severity }) => severity === "error");
  return { policy, errors: errors.map(({ code, path }) => `${code} ${pathText(path)}`) };
}

const inside = {
  "zones example.com": "{ providers: [primary], dnssec: required, views: { inside: { providers: [internal] } } }",
};
const record = (name: string, more = "") => `{ zone: example.com, name: ${name}, type: A, ttl: 60s${more} }`;
const twoViews = {
  ...inside,
  "services login records within": record("login.example.com", ", view: inside"),
  "services login sites fra within": "[10.0.0.10]",
  "services login sites iad within": "none",
};

describe("views of a zone", () => {
  it("are zones of their own: by other nameservers, with a DNSSEC of their own, and the same name in each", () => {
    const { policy, errors } = written(twoViews);
    expect(errors).toEqual([]);
    expect(policy && [...policy.zones.values()]).toMatchObject([
      { name: "example.com.", view: "public", providers: ["primary"], dnssec: "required" },
      { name: "example.com.", view: "inside", providers: ["internal"], dnssec: "unsigned" },
    ]);
    expect(policy?.providers.get("internal")?.view).toBe("inside");
    expect(policy?.vantages.get("office")?.views).toEqual(["public"]);
  });

  it("may have a zone that the public does not", () => {
    const { policy, errors } = written({
      "zones corp.example": "{ views: { inside: { providers: [internal] } } }",
    });
    expect(errors).toEqual([]);
    expect(policy && zoneIn(policy, { view: "public", zone: "corp.example." })).toBeUndefined();
    expect(policy && zoneIn(policy, { view: "inside", zone: "corp.example." })).toBeDefined();
  });

  it("are each asked of their own nameservers, also for what the others steer; and their users see the rest in public", () => {
    const { policy } = written({
      ...twoViews,
      "zones corp.example": "{ views: { inside: { providers: [internal] } } }",
      "services login records db": "{ view: inside, zone: example.com, name: db.example.com, type: A, ttl: 60s }",
      "services login sites fra db": "[10.0.0.11]",
      "services login sites iad db": "none",
    });
    if (policy === undefined) throw new Error("it is valid");
    const targets = surveyTargets(policy).map(({ zone, view, servers, watched }) => ({
      what: `${view} ${zone}`,
      servers: servers.map(({ provider }) => provider),
      watched: watched.map(({ name, type }) => `${name} ${type}`),
    }));
    const login = ["login.example.com. A", "login.example.com. AAAA"];
    expect(targets).toEqual([
      { what: "public example.com.", servers: ["primary", "primary"], watched: [...login, "db.example.com. A"] },
      { what: "inside example.com.", servers: ["internal"], watched: [login[0], "db.example.com. A", login[1]] },
      { what: "inside corp.example.", servers: ["internal"], watched: [] },
    ]);
    expect(steeredFor(policy, "inside").map(({ name, type }) => `${name} ${type}`)).toEqual([
      login[0],
      "db.example.com. A",
    ]);
    expect(steeredFor(policy, "public").map(({ name, type }) => `${name} ${type}`)).toEqual(login);
  });

  it.each([
    [
      "a record of a view that its zone lacks",
      { "services login records v4": record("login.example.com", ", view: inside") },
      "dangling-reference services.login.records.v4.view",
    ],
    [
      "a public record of a zone that is inside alone",
      { "zones example.com": "{ views: { inside: { providers: [internal] } } }" },
      "dangling-reference services.login.records.v4.view",
    ],
    [
      "one name twice in a view",
      {
        ...twoViews,
        "services login records v6": record("login.example.com", ", view: inside"),
        "services login sites fra v6": "none",
        "services login sites iad v6": "none",
      },
      "overlapping-records services.login.records.within.name",
    ],
    [
      "a provider of two views",
      { "zones example.com": "{ providers: [primary], views: { inside: { providers: [primary] } } }" },
      "provider-in-two-views zones.example.com.views.inside.providers[0]",
    ],
    ["a zone that nobody publishes", { "zones corp.example": "{}" }, "missing zones.corp.example.providers"],
    [
      "the public view given twice",
      { "zones example.com": "{ providers: [primary], views: { public: { providers: [internal] } } }" },
      "public-twice zones.example.com.views.public",
    ],
    [
      "a registration of a zone that the public does not have",
      { "zones corp.example": "{ expires: 2030-01-01, views: { inside: { providers: [internal] } } }" },
      "not-in-public zones.corp.example.expires",
    ],
    ["a vantage of no view", { "vantages office views": "[insde]" }, "dangling-reference vantages.office.views[0]"],
    [
      "a resolver of no view",
      { resolvers: "{ office: { address: 10.0.0.1, view: inside } }" },
      "dangling-reference resolvers.office.view",
    ],
    [
      "a view's signing by who does not publish it",
      {
        "zones example.com":
          "{ providers: [primary], views: { inside: { providers: [internal], dnssec: required, signing: { signers: [primary], algorithms: [ecdsap256sha256], privateKeys: here, csk: { rolledBy: signer, method: pre-publication } } } } }",
      },
      "dangling-reference zones.example.com.views.inside.signing.signers[0]",
    ],
  ])("refuse %s", (_, changes: { readonly [path: string]: string | undefined }, finding) => {
    expect(written(changes).errors).toContain(finding);
  });

  it("a wildcard may be steered, at its own place alone", () => {
    const { policy, errors } = written({ "services login records v4": record('"*.login.example.com"') });
    expect(errors).toEqual([]);
    expect(policy?.services.get("login")?.records.get("v4")?.name).toBe("*.login.example.com.");
    expect(written({ "services login records v4": record('"login.*.example.com"') }).errors).toEqual([
      "wrong-form services.login.records.v4.name",
    ]);
  });
});
