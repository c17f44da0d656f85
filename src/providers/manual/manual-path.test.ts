import { expect, it } from "vitest";
import { writeOrder } from "../../../test/servers/order.ts";
import { rrset } from "../../core/plan/rrset.ts";
import { manualPath } from "./manual-path.ts";

it("a manual path sends nothing, and promises nothing of what people will do", async () => {
  const path = manualPath({ provider: "primary", path: "by-hand" });
  const address = { record: "v4", name: "login.example.com.", type: "A", before: rrset(60, ["c000020a"]) };
  const change = { provider: "primary", view: "public", zone: "example.com." };
  const order = writeOrder({ ...change, rrsets: [{ ...address, after: rrset(60, ["c633640a"]) }] }, []);
  expect(await path.write(order, new AbortController().signal)).toEqual({ outcome: "not-sent", code: "manual" });
  expect(path).toMatchObject({ provider: "primary", path: "by-hand", capabilities: { compareAndSwap: false } });
});
