import { execFileSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");

it("a program validates by `pointsman/dns` alone, with a port of its own", () => {
  const program = `
    import { createValidator, instant, nameFromText, rrtype, trustAnchors } from "pointsman/dns";
    const port = { query: async () => ({ outcome: "no-response", code: "timeout", from: "nobody" }) };
    const validator = createValidator({ port, anchors: trustAnchors() });
    const question = { name: nameFromText("www.example."), type: rrtype.A };
    const { verdict, reasons } = await validator.resolve(question, instant(0), new AbortController().signal);
    console.log(verdict, reasons.at(-1).code);
  `;
  const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: root,
    encoding: "utf8",
  });
  expect(printed.trim()).toBe("indeterminate no-answer");
});
