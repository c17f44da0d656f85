import { describe, expect, it } from "vitest";
import { add, day, hour, instant, minute } from "../../values/time.ts";
import { bells, bogus, key, ksk, quiet, Sight, signingBySigner, zsk } from "./integrity.fixture.ts";

const soa = { serial: 9, refreshMs: hour, retryMs: minute, expireMs: day };

function signedFrom(sight: Sight, ms: number): void {
  sight.all = { ...sight.all, signedFrom: add(sight.now, ms) };
}

describe("an old zone that is valid still is found over a restart", () => {
  it.each([
    ["by its serial", { soa: { ...soa, serial: 8 } }],
    ["by when its signatures began", { signedFrom: instant(0) }],
  ])("%s", (_, old) => {
    const sight = new Sight();
    sight.all = { soa };
    sight.look();
    sight.look(hour);
    sight.restart("kept");
    sight.all = { soa, ...old };
    expect(bells(sight.look(day)).integrity).toEqual(["replayed"]);
    sight.restart("lost");
    expect(bells(sight.look())).toEqual(quiet);
  });
});

describe("a clock that was wrong makes no later look a replay", () => {
  it.each([true, false])("a signer's: signatures that begin in the future set no mark; ours trusted: %s", (trusted) => {
    const sight = new Sight({ clock: { trustworthy: trusted, errorMs: 0, says: "It runs." } });
    sight.look();
    signedFrom(sight, 30 * day);
    sight.look();
    sight.restart("kept");
    signedFrom(sight, -hour);
    for (let round = 0; round < 5; round += 1) expect(bells(sight.look(8 * day))).toEqual(quiet);
  });

  it("our own and the signer's, both ahead: the mark is forgotten, and counting begins anew", () => {
    const sight = new Sight();
    sight.look();
    const right = sight.now;
    sight.now = add(right, 400 * day);
    sight.all = { signedFrom: add(sight.now, -hour) };
    sight.look();
    sight.look(hour);
    sight.restart("kept");
    sight.now = right;
    signedFrom(sight, -hour);
    expect(bells(sight.look())).toEqual(quiet);
    sight.look(hour);
    signedFrom(sight, -2 * day);
    expect(bells(sight.look()).integrity).toEqual(["replayed"]);
  });

  it("a serial is a mark whatever the clock was, and rings as soon as its grace is over by the right one", () => {
    const sight = new Sight();
    const right = sight.now;
    sight.now = add(right, 400 * day);
    sight.all = { soa };
    sight.look();
    sight.now = right;
    sight.look();
    sight.all = { soa: { ...soa, serial: 8 } };
    expect(bells(sight.look(hour)).integrity).toEqual(["replayed"]);
  });

  it("while our own is in doubt no mark is forgotten: one that was set back would let an old zone pass", () => {
    const sight = new Sight();
    sight.look();
    sight.look(hour);
    const { expectation, now } = sight;
    const marked = now;
    sight.expectation = { ...expectation, clock: { trustworthy: false, errorMs: 400 * day, says: "It jumped." } };
    sight.now = add(now, -400 * day);
    sight.all = { signedFrom: add(marked, -4 * day - hour) };
    sight.look();
    sight.expectation = expectation;
    sight.now = marked;
    expect(bells(sight.look(hour)).integrity).toEqual(["replayed"]);
  });

  it("the history of a key that was seen in the future goes on from now: its rollover is not called early for a year", () => {
    const newKsk = key(12, "ksk");
    const sight = new Sight({ signing: signingBySigner() });
    sight.look();
    const right = sight.now;
    sight.now = add(right, 400 * day);
    sight.all = { keys: [ksk, newKsk, zsk] };
    sight.look();
    sight.restart("kept");
    sight.now = right;
    sight.look();
    expect(sight.look(2 * hour).keys.find(({ tag }) => tag === 12)?.stage).toBe("ready");
  });
});

it("what is bogus sets no mark: somebody between would make every honest answer a replay", () => {
  const sight = new Sight();
  sight.all = { soa };
  sight.look();
  sight.all = { soa: { ...soa, serial: 1_000_000 }, finding: bogus, signedFrom: sight.now };
  sight.look();
  sight.look(hour);
  sight.all = { soa };
  expect(bells(sight.look())).toEqual(quiet);
});
