import { parse } from "yaml";
import { describe, expect, test } from "vitest";
import { builtText } from "../../../../test/fixtures/design-policy.ts";
import { pathText } from "../finding.ts";
import { resolvePolicy } from "../resolve.ts";

// oxlint-disable-next-line typescript/no-explicit-any -- a document of any shape, changed by hand in tests
type Document = { [member: string]: any };

/** What is found in the design's example with a change: severity, code and place. */
function found(change: (document: Document) => void): readonly string[] {
  const document: Document = parse(builtText);
  change(document);
  const { findings, policy } = resolvePolicy(document);
  expect(policy === undefined).toBe(findings.some(({ severity }) => severity === "error"));
  return findings.map(({ severity, code, path }) => `${severity} ${code} ${pathText(path)}`);
}

const withRecovery = (document: Document): void => {
  const keys = ["AQ", "Ag", "Aw"].map((end, index) => `ssh-ed25519 ${blob(index + 1)} ${end}`);
  document["authority"].recovery = { need: 2, keys };
};

function blob(byte: number): string {
  const head = Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from("ssh-ed25519"), Buffer.from([0, 0, 0, 32])]);
  return Buffer.concat([head, Buffer.alloc(32, byte)]).toString("base64");
}

describe("the policy of the design", () => {
  test("has nothing to find, with every member of authority", () => {
    expect(
      found((document) => {
        withRecovery(document);
        document["authority"].delegateTo = ["incident-commander"];
        document["authority"].solo = [{ person: "ben", service: "login", targets: ["iad"] }];
        document["authority"].wideningWait = "1h";
        document["authority"].afterFirstWrite = "go-back";
        document["people"].chi.onCall = ["mon-fri 06:00-18:00", "sat-sun 00:00-24:00"];
      }),
    ).toEqual([]);
  });

  test("comes with all of it", () => {
    const { policy } = resolvePolicy(parse(builtText));
    expect(policy?.authority).toMatchObject({
      signOffs: [
        { when: "changes-jurisdiction", roles: ["incident-response"] },
        { when: "changes-sign-in", roles: ["identity-owner"] },
      ],
      breakGlass: { need: 2, of: ["ana", "ben", "chi", "dan", "eve", "fay", "gus"] },
      solo: [],
      delegateTo: [],
      recovery: null,
      wideningWaitMs: 86_400_000,
      afterFirstWrite: "finish",
    });
    expect(policy?.authority.duties.get("waive")).toEqual({ kind: "number", people: 2, groups: 2 });
  });
});

describe("what people could not do in the outage is found before it", () => {
  test.each<[string, (document: Document) => void, readonly string[]]>([
    [
      "a duty that nobody can fill when one person is away",
      (document) => {
        document["authority"].contain = { any: ["dns-operator"] };
        document["authority"].reverse = { any: ["dns-operator"] };
      },
      ["warning duty-rests-on-one authority.reverse", "warning duty-rests-on-one authority.contain"],
    ],
    [
      "a duty that asks for one person in two roles twice",
      (document) => void (document["authority"].contain = { all: ["dns-operator", "dns-operator"] }),
      ["error duplicate authority.contain.all[1]", "error duty-cannot-be-filled authority.contain"],
    ],
    [
      "duties that are impossible, since nobody is left for the second of two that are separate",
      (document) => {
        document["authority"].declare = { any: ["dns-operator"] };
        document["authority"].approve = { any: ["dns-operator"] };
      },
      [
        "warning duty-rests-on-one authority.declare",
        "warning duty-rests-on-one authority.approve",
        "error duties-impossible authority.separate",
        "error band-not-accepted services.login.bands[0].acceptedBy",
      ],
    ],
    [
      "a person who fills all duties of a move alone",
      (document) => {
        document["authority"].approve = { any: ["service-owner"] };
        document["authority"].separate = [];
        delete document["authority"].validate;
      },
      ["warning one-person-moves-alone authority.separate"],
    ],
    [
      "a policy that one person alone could adopt, and so nobody",
      (document) => void (document["authority"].adopt = { all: ["dns-operator", "incident-commander"] }),
      ["error policy-unchangeable authority.adopt"],
    ],
    [
      "a policy that nobody could ever change",
      (document) => void delete document["authority"].adopt,
      ["warning policy-unchangeable authority"],
    ],
    [
      "hours that nobody covers, for a service that no band moves",
      (document) => {
        for (const id of ["chi", "gus"]) document["people"][id].onCall = ["mon-fri 06:00-18:00"];
        document["services"].login.bands = [];
      },
      ["error hours-not-covered services.login"],
    ],
    [
      "hours of no known form",
      (document) => void (document["people"].chi.onCall = ["mo-fr 6-18", "mon 18:00-06:00"]),
      ["error wrong-form people.chi.onCall[0]", "error wrong-form people.chi.onCall[1]"],
    ],
    [
      "break-glass that asks for everybody",
      (document) => void (document["authority"].breakGlass = { need: 2, of: ["ana", "ben"] }),
      ["error break-glass-need authority.breakGlass.need"],
    ],
    [
      "recovery keys that are too few, and a person's",
      (document) =>
        void (document["authority"].recovery = {
          need: 2,
          keys: [document["people"].ana.keys[0], `ssh-ed25519 ${blob(9)}`],
        }),
      ["error shared-key authority.recovery.keys[0]", "error recovery-need authority.recovery"],
    ],
    [
      "a wait that leaves no time to object",
      (document) => void (document["authority"].wideningWait = "59m"),
      ["error widening-wait-too-short authority.wideningWait"],
    ],
    [
      "a band whose move nobody who accepted it may sign off",
      (document) => void (document["services"].login.bands[0].acceptedBy = ["ana", "chi"]),
      ["error band-not-accepted services.login.bands[0].acceptedBy"],
    ],
    [
      "a band that moves by itself on one voice",
      (document) => void (document["services"].login.bands[0].when.vantages = 1),
      ["error band-needs-two-domains services.login.bands[0].when"],
    ],
    [
      "people, roles, services and sites that there are not",
      (document) => {
        document["authority"].solo = [{ person: "zoe", service: "login", targets: ["fra", "ams"] }];
        document["authority"].delegateTo = ["chief"];
        document["authority"].signOff.push({ when: "changes-provider", any: ["lawyer"] });
        document["authority"].breakGlass.of.push("zoe");
      },
      [
        "error dangling-reference authority.signOff[2].any[0]",
        "error dangling-reference authority.delegateTo[0]",
        "error dangling-reference authority.breakGlass.of[7]",
        "error dangling-reference authority.solo[0].person",
        "error dangling-reference authority.solo[0].targets[1]",
      ],
    ],
  ])("%s", (_, change, expected) => {
    expect(found(change)).toEqual(expected);
  });

  test("recovery keys that are kept offline let a policy rest on two people", () => {
    expect(
      found((document) => {
        document["authority"].adopt = { all: ["dns-operator", "incident-commander"] };
        withRecovery(document);
      }),
    ).toEqual([]);
  });

  test("hours that a pre-authorised band or a lone authority covers are no gap", () => {
    for (const cover of ["band", "solo"])
      expect(
        found((document) => {
          for (const id of ["chi", "gus"]) document["people"][id].onCall = ["mon-fri 06:00-18:00"];
          if (cover === "solo") {
            document["services"].login.bands = [];
            document["authority"].solo = [{ person: "ben", service: "login", targets: ["iad"] }];
          }
        }),
      ).toEqual([]);
  });
});
