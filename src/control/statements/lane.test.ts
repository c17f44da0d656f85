import { expect, test } from "vitest";
import { ManualClock, settled } from "../../../test/control/manual-clock.ts";
import { Lane } from "./lane.ts";

/** A lane whose work ends when the test says so. */
function lane(waitingMax: number, runningMax: number) {
  const clock = new ManualClock();
  const started: string[] = [];
  const dropped: string[] = [];
  const ends = new Map<string, () => void>();
  const tested = new Lane({ waitingMax, runningMax }, clock);
  const add = (source: string, name: string): void => {
    tested.add(
      source,
      async () => {
        started.push(name);
        await new Promise<void>((resolve) => void ends.set(name, resolve));
      },
      () => void dropped.push(name),
    );
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await settled();
    await clock.advance(0);
    await settled();
  };
  return { add, end, started, dropped };
}

test("a flood from one source does not hold up another: sources take turns", async () => {
  const { add, end, started } = lane(100, 1);
  for (let index = 0; index < 50; index += 1) add("203.0.113.9", `junk-${index}`);
  add("198.51.100.7", "the approver's");
  await end("junk-0");
  await end("junk-1");
  expect(started).toStrictEqual(["junk-0", "junk-1", "the approver's"]);
});

test("where there is no room, whoever has most waiting loses what came last", () => {
  const { add, started, dropped } = lane(3, 1);
  for (let index = 0; index < 5; index += 1) add("203.0.113.9", `junk-${index}`);
  expect(dropped).toStrictEqual(["junk-4"]);
  add("198.51.100.7", "the approver's");
  expect(dropped).toStrictEqual(["junk-4", "junk-3"]);
  expect(started).toStrictEqual(["junk-0"]);
});

test("no more run side by side than are allowed", async () => {
  const { add, end, started } = lane(100, 2);
  for (let index = 0; index < 4; index += 1) add("socket", `one-${index}`);
  expect(started).toHaveLength(2);
  await end("one-0");
  expect(started).toHaveLength(3);
});
