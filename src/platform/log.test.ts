import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromUtf8, toBase64, toHex, utf8 } from "../values/octets.ts";
import { duration, instant } from "../values/time.ts";
import { createLog } from "./log.ts";
import { createRedactor } from "./redactor.ts";

function logInto(lines: string[], redactor = createRedactor()): ReturnType<typeof createLog> {
  const clock = { now: () => instant(0), monotonic: () => duration(0), schedule: () => () => undefined };
  return createLog({ level: "info", clock, redactor, write: (line) => void lines.push(line) });
}

describe("the log", () => {
  it("writes one line of JSON an event, with level and time, and nothing below its level", () => {
    const lines: string[] = [];
    const log = logInto(lines);
    log.write("warn", "journal-reopened", { size: 12 });
    log.write("debug", "round");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      level: "warn",
      time: "1970-01-01T00:00:00.000Z",
      event: "journal-reopened",
      size: 12,
    });
  });

  it("N11: holds no secret, in whatever form and place somebody writes it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 64 }), fc.string(), (secret, noise) => {
        const octets = new Uint8Array(secret);
        const redactor = createRedactor();
        redactor.hold(octets);
        const lines: string[] = [];
        const forms = [toHex(octets), toHex(octets).toUpperCase(), toBase64(octets)];
        const text = fromUtf8(octets)?.trim();
        if (text !== undefined && text.length >= 4) forms.push(text);
        for (const form of forms)
          logInto(lines, redactor).write("error", "failed", { says: `${noise}${form}${noise}` });
        for (const [index, form] of forms.entries()) {
          expect(lines[index]).not.toContain(form);
          expect(lines[index]).toContain("[redacted]");
        }
      }),
    );
  });

  it("N11: holds neither the key of a TSIG credential file nor what is called a secret", () => {
    const redactor = createRedactor();
    redactor.hold(utf8("hmac-sha256:key.example.:bXkgc2VjcmV0IGtleQ==\n"));
    const lines: string[] = [];
    const log = logInto(lines, redactor);
    log.write("info", "opened", { says: "with bXkgc2VjcmV0IGtleQ==", inner: { secret: "unheld" }, password: "unheld" });
    expect(lines.join("")).not.toMatch(/bXkgc2Vj|unheld/);
  });
});
