import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyOctetsMax, headerFieldsMax, headOctetsMax, HttpAnswer } from "./http-answer.ts";

const head = "HTTP/1.1 200 OK\r\n";
const ok = `${head}Content-Length: 6\r\n\r\nall ok`;
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;

/** The reason for an answer given in these pieces and then closed. */
function read(pieces: readonly (Buffer | string)[], contains: string | null = null, status: number[] = [200]): string {
  const answer = new HttpAnswer({ status, contains: contains === null ? null : Buffer.from(contains) });
  for (const piece of pieces) answer.push(Buffer.from(piece));
  return answer.end();
}

const singly = (octets: Buffer): Buffer[] => [...octets].map((octet) => Buffer.of(octet));

const answers: readonly (readonly [string, string, string])[] = [
  ["a body by length", ok, "pass"],
  ["a body by length without the text", `${head}Content-Length: 3\r\n\r\nall ok`, "body-mismatch"],
  ["a body in chunks, its text across two", `${chunked}4;a=b\r\nall \r\n2\r\nok\r\n0\r\nX: y\r\n\r\n`, "pass"],
  ["a body until the close", `${head}\r\nall ok`, "pass"],
  ["HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nall ok", "pass"],
  ["no reason phrase", "HTTP/1.1 200\r\n\r\nall ok", "pass"],
  ["an interim answer first", `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}`, "pass"],
  ["an empty body", `${head}Content-Length: 0\r\n\r\n`, "body-mismatch"],
  ["another status, its head unfinished", "HTTP/1.1 503 Down\r\nContent-Length: 1\r\n", "cut-short"],
  ["another status, whole", "HTTP/1.1 503 Down\r\n\r\n", "status-503"],
  ["a redirect", "HTTP/1.1 302 Found\r\nLocation: /ok\r\n\r\n", "redirect-302"],
  ["a switch of protocol", "HTTP/1.1 101 Switching\r\n\r\n", "status-101"],
  ["nothing", "", "no-answer"],
  ["half a head", "HTTP/1.1 200 OK\r\nContent-Le", "cut-short"],
  ["half a body", `${head}Content-Length: 50\r\n\r\nall ok`, "cut-short"],
  ["chunks without their end", `${chunked}6\r\nall ok\r\n`, "cut-short"],
  ["another protocol", "SSH-2.0-OpenSSH_10.0\r\n", "malformed"],
  ["HTTP/2", "HTTP/2 200\r\n\r\n", "malformed"],
  ["a status out of range", "HTTP/1.1 099 No\r\n\r\n", "malformed"],
  ["a bare LF", "HTTP/1.1 200 OK\nContent-Length: 5\r\n\r\nall ok", "malformed"],
  ["two lengths", `${head}Content-Length: 5\r\nContent-Length: 5\r\n\r\nall ok`, "malformed"],
  ["a list of lengths", `${head}Content-Length: 5, 5\r\n\r\nall ok`, "malformed"],
  ["a negative length", `${head}Content-Length: -1\r\n\r\nall ok`, "malformed"],
  ["both a length and chunks", `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, "malformed"],
  ["an unknown coding", `${head}Transfer-Encoding: gzip, chunked\r\n\r\n`, "malformed"],
  ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "malformed"],
  ["a folded field", `${head}A: b\r\n c\r\n\r\n`, "malformed"],
  ["a space before the colon", `${head}Content-Length : 5\r\n\r\nall ok`, "malformed"],
  ["a NUL in a field", `${head}A: \0\r\n\r\nall ok`, "malformed"],
  ["a chunk size that is no number", `${chunked}0x6\r\nall ok\r\n0\r\n\r\n`, "malformed"],
  ["a chunk longer than it said", `${chunked}5\r\nall ok\r\n0\r\n\r\n`, "malformed"],
  ["endless chunk extensions", `${chunked}6;${"x".repeat(300)}`, "malformed"],
  ["endless headers", `${head}${"A: b\r\n".repeat(headerFieldsMax + 1)}\r\n`, "head-too-large"],
  ["an endless header", `${head}A: ${"b".repeat(headOctetsMax)}`, "head-too-large"],
  ["endless trailers", `${chunked}6\r\nall ok\r\n0\r\n${"A: b\r\n".repeat(headOctetsMax)}`, "head-too-large"],
  ["the text at the end of the limit", `${head}\r\n${"-".repeat(bodyOctetsMax - 2)}ok and more`, "pass"],
  ["the text beyond the limit", `${head}\r\n${"-".repeat(bodyOctetsMax - 1)}ok`, "body-too-large"],
];

describe("an answer of a site", () => {
  it.each(answers)("%s", (_name, text, reason) => expect(read([text], "ok")).toBe(reason));

  it("reads any body when none is expected, up to the limit", () => {
    expect(read([`${head}\r\n${"-".repeat(bodyOctetsMax + 1)}`])).toBe("pass");
    expect(read([`${head}Content-Length: 70000\r\n\r\n-`])).toBe("cut-short");
  });

  it("takes a redirect or an error as a pass only where the check lists it", () => {
    expect(read(["HTTP/1.1 302 Found\r\n\r\n"], null, [302])).toBe("pass");
    expect(read(["HTTP/1.1 204 No Content\r\n\r\n"], null, [204])).toBe("pass");
    expect(read(["HTTP/1.1 204 No Content\r\n\r\n"])).toBe("status-204");
  });

  it("gives the same reason however the octets are split", () => {
    for (const [name, text, reason] of answers.filter(([, whole]) => whole.length < 1000)) {
      for (let at = 0; at <= text.length; at += 1) {
        expect(read([text.slice(0, at), text.slice(at)], "ok"), `${name}, split at ${at}`).toBe(reason);
      }
      expect(read(singly(Buffer.from(text)), "ok"), `${name}, octet by octet`).toBe(reason);
    }
    const splits = fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...answers), splits, ([, text, reason], places) => {
        const cuts = [0, ...places.toSorted((a, b) => a - b), text.length];
        const pieces = cuts.slice(1).map((cut, index) => text.slice(cuts[index], Math.max(cut, cuts[index] ?? 0)));
        expect(read(pieces, "ok")).toBe(reason);
      }),
    );
  });

  it("gives a reason for any octets at all, the same one when they come one by one", () => {
    const words = [
      "HTTP/1.1 ",
      "200",
      " OK",
      "\r\n",
      "\r",
      "\n",
      "Content-Length: ",
      "Transfer-Encoding: chunked",
      "5",
      "0",
      "ok",
      ":",
      " ",
      "ff",
    ];
    const noise = fc.oneof(
      fc.array(fc.constantFrom(...words), { maxLength: 24 }).map((parts) => Buffer.from(parts.join(""))),
      fc.array(fc.constantFrom(...words), { maxLength: 24 }).map((parts) => Buffer.from(head + parts.join(""))),
      fc.array(fc.constantFrom(...words), { maxLength: 24 }).map((parts) => Buffer.from(chunked + parts.join(""))),
      fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets)),
    );
    fc.assert(
      fc.property(noise, (octets) => {
        const whole = read([octets], "ok");
        expect(whole).toMatch(/^[a-z]+(?:-[a-z0-9]+)*$/);
        expect(read(singly(octets), "ok")).toBe(whole);
      }),
      { numRuns: 3000 },
    );
  });
});
