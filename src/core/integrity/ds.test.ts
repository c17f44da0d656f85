import { describe, expect, it } from "vitest";
import { day, hour, minute } from "../../values/time.ts";
import { bells, ds, key, ksk, quiet, Sight, signingBySigner, zsk } from "./integrity.fixture.ts";

const newKsk = key(12, "ksk");
/** Of the right tag, algorithm and digest type, and of another key: tags collide, and can be made to. */
const foreignDigest = `${ds(ksk).slice(0, 8)}${"cd".repeat(32)}`;

/** A rollover up to the point where the parent may follow, whose CDS nobody has seen. */
function readyToSwap(expectation: ConstructorParameters<typeof Sight>[0]): Sight {
  const sight = new Sight(expectation);
  sight.look();
  sight.all = { keys: [ksk, newKsk, zsk] };
  sight.look();
  sight.look(hour + 5 * minute);
  return sight;
}

describe("a DS whose CDS came and went between two surveys is told by the key that it names", () => {
  it("of a whole rollover by the signer, nothing rings", () => {
    const sight = readyToSwap({ signing: signingBySigner() });
    sight.delegation = { ds: [ds(ksk), ds(newKsk)].toSorted() };
    const added = sight.look();
    expect(bells(added)).toEqual(quiet);
    expect(added.expected).toEqual([{ what: "ds", by: "signer", says: "the parent's DS changed" }]);
    sight.delegation = { ds: [ds(newKsk)] };
    expect(bells(sight.look(2 * hour))).toEqual(quiet);
    sight.all = { keys: [newKsk, zsk] };
    expect(bells(sight.look(2 * day))).toEqual(quiet);
    expect(sight.baseline).toMatchObject({ ds: [ds(newKsk)], keys: [{ tag: 22 }, { tag: 12 }] });
  });

  it("of SHA-384 as well", () => {
    const sight = readyToSwap({ signing: signingBySigner() });
    sight.delegation = { ds: [ds(newKsk, 4)] };
    expect(bells(sight.look())).toEqual(quiet);
  });

  it("too early for caches, it rings as early, and as nobody else's", () => {
    const sight = new Sight({ signing: signingBySigner() });
    sight.look();
    sight.all = { keys: [ksk, newKsk, zsk] };
    sight.look();
    sight.delegation = { ds: [ds(newKsk)] };
    expect(bells(sight.look()).integrity).toEqual(["early-ds-swap"]);
  });

  it.each([
    ["where nothing is declared", {}],
    ["where people roll that key", { signing: signingBySigner({}, { rolledBy: "person" }) }],
    ["where people bring the DS to the parent", { signing: signingBySigner({ parent: "by-hand" }) }],
  ] as const)("%s it is unauthorised, until it is announced", (_, expectation) => {
    const sight = new Sight(expectation);
    sight.look();
    sight.announce("rollover", minute + 1);
    sight.all = { keys: [ksk, newKsk, zsk] };
    expect(bells(sight.look())).toEqual(quiet);
    sight.look(3 * hour);
    sight.delegation = { ds: [ds(newKsk)] };
    expect(bells(sight.look()).integrity).toEqual(["unauthorised-ds"]);
    sight.announce("rollover", hour);
    expect(bells(sight.look())).toEqual(quiet);
  });
});

describe("a DS names a key by its digest, and not by its tag and algorithm", () => {
  it.each(["cds", "api"] as const)(
    "one of the right tag and algorithm, and of a foreign digest, is alarmed beside the right one: parent by %s",
    (parent) => {
      const sight = new Sight({ signing: signingBySigner({ parent }) });
      sight.look();
      sight.delegation = { ds: [ds(ksk), foreignDigest].toSorted() };
      expect(bells(sight.look()).integrity).toEqual(["ds-without-key", "unauthorised-ds"]);
    },
  );

  it("in its place, it names no key, and the key that lost its DS is retired", () => {
    const sight = new Sight({ signing: signingBySigner() });
    sight.look();
    sight.delegation = { ds: [foreignDigest] };
    const report = sight.look();
    expect(bells(report).integrity).toEqual(["ds-without-key", "unauthorised-ds"]);
    expect(report.keys.map(({ tag, fingerprint, stage }) => [tag, fingerprint === null, stage])).toEqual([
      [11, false, "retired"],
      [22, false, "active"],
      [11, true, "generated"],
    ]);
  });

  it("the DS that are left must name a key that is there: all are never taken away without a word", () => {
    const sight = new Sight({ signing: signingBySigner({ standby: 1 }) });
    sight.delegation = { ds: [ds(ksk), ds(newKsk)].toSorted() };
    sight.look();
    sight.delegation = { ds: [ds(newKsk)] };
    expect(bells(sight.look()).integrity).toContain("unauthorised-ds");
    sight.delegation = { ds: [] };
    expect(bells(sight.look()).integrity).toEqual(["unauthorised-ds"]);
  });
});

it("a key and a DS that come together do not vouch for one another", () => {
  const taker = key(66, "csk");
  const sight = new Sight({ signing: signingBySigner() });
  sight.look();
  sight.all = { keys: [taker, { ...zsk, signsZone: false }] };
  sight.delegation = { ds: [ds(taker)] };
  for (let round = 0; round < 3; round += 1)
    expect(bells(sight.look(day)).integrity).toEqual(expect.arrayContaining(["unauthorised-ds", "unauthorised-key"]));
});
