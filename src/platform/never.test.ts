import { expect, it } from "vitest";
import { toBase64, toHex, utf8 } from "../values/octets.ts";
import { duration, instant } from "../values/time.ts";
import { createLog } from "./log.ts";
import { createRedactor } from "./redactor.ts";

it("N11: a secret that was opened stands in no log line, in no form, wherever somebody writes it", () => {
  const secret = utf8("correct horse battery staple");
  const redactor = createRedactor();
  redactor.hold(secret);
  const lines: string[] = [];
  const clock = { now: () => instant(0), monotonic: () => duration(0), schedule: () => () => undefined };
  const log = createLog({ level: "info", clock, redactor, write: (line) => void lines.push(line) });
  log.write("error", "refused", { says: `with ${toBase64(secret)}`, inner: { hex: toHex(secret) } });
  log.write("error", "correct horse battery staple");
  log.write("info", "opened", { secret: "never held, and called by its name" });
  expect(lines).toHaveLength(3);
  for (const form of ["correct horse", toBase64(secret), toHex(secret), "never held"])
    expect(lines.join("")).not.toContain(form);
});
