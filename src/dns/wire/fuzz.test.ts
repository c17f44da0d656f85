import { expect, it } from "vitest";
import { wireFixtures } from "../../../test/fixtures/wire/fixtures.ts";
import { checkWire, fuzzWire } from "../../../test/fuzz/wire.ts";

it("20 000 broken messages make the decoder throw nothing but its own error, hang never, and lose no octet", () => {
  const { accepted, refused } = fuzzWire(1, 20_000);
  // A fuzzer whose cases are all refused, or all accepted, tests one path only.
  expect(accepted).toBeGreaterThan(1000);
  expect(Object.keys(refused).length).toBeGreaterThan(8);
}, 120_000);

it.each(wireFixtures().filter(({ name }) => !name.startsWith("failing-")))(
  "takes what real servers and tools sent, and writes it again the same: $name",
  ({ octets }) => expect(checkWire(octets)).toBe("accepted"),
);

it("holds for octets that it once got wrong", () => {
  const failing = wireFixtures().filter(({ name }) => name.startsWith("failing-"));
  for (const { octets } of failing) expect(() => checkWire(octets)).not.toThrow();
});
