import fc from "fast-check";
import { expect, it } from "vitest";
import { anyName } from "../../../../test/fuzz/arbitrary-message.ts";
import { compareOctets } from "../../../values/octets.ts";
import { labelsOf, lowerCase } from "../../wire/name.ts";
import { compareNames } from "./canonical-order.ts";
import { nameOf } from "./records.fixture.ts";

it("sorts the names of RFC 4034 §6.1 as it does", () => {
  const published = [
    "example.",
    "a.example.",
    "yljkjljk.a.example.",
    "Z.a.example.",
    "zABC.a.EXAMPLE.",
    "z.example.",
    String.raw`\001.z.example.`,
    "*.z.example.",
    String.raw`\200.z.example.`,
  ];
  const names = published.map(nameOf);
  expect(names.toReversed().toSorted(compareNames)).toEqual(names);
});

it("is the order of the labels from the right, whatever their case and octets", () => {
  fc.assert(
    fc.property(anyName, anyName, (a, b) => {
      const [x, y] = [a, b].map((name) =>
        labelsOf(name)
          .toReversed()
          .map((label) => label.map(lowerCase)),
      );
      expect(Math.sign(compareNames(a, b))).toBe(Math.sign(compareLists(x ?? [], y ?? [])));
    }),
  );
});

function compareLists(x: readonly Uint8Array[], y: readonly Uint8Array[]): number {
  for (const [index, label] of x.entries()) {
    const other = y[index];
    const difference = other === undefined ? 1 : compareOctets(label, other);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}
