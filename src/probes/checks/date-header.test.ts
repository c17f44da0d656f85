import { describe, expect, it } from "vitest";
import { HttpAnswer } from "./http-answer.ts";

const date = "Date: Sun, 22 Nov 2026 03:00:05 GMT\r\n";
const moment = Date.UTC(2026, 10, 22, 3, 0, 5);

function dateOf(text: string): number | undefined {
  const answer = new HttpAnswer({ status: [200], contains: null });
  answer.push(Buffer.from(text));
  return answer.date.value;
}

describe("the time that an answer gives", () => {
  it.each([
    ["of the status asked for", `HTTP/1.1 200 OK\r\n${date}\r\n`],
    ["of another status", `HTTP/1.1 503 Down\r\n${date}\r\n`],
    [
      "after an interim one with another",
      `HTTP/1.1 103 Early Hints\r\n${date.replace("05", "01")}\r\nHTTP/1.1 200 OK\r\n${date}\r\n`,
    ],
  ])("is its Date: %s", (_, text) => expect(dateOf(text)).toBe(moment));

  it.each([
    ["its head is not whole", `HTTP/1.1 200 OK\r\n${date}`],
    ["it has none", "HTTP/1.1 200 OK\r\n\r\n"],
    ["it has two", `HTTP/1.1 200 OK\r\n${date}${date}\r\n`],
    ["it comes from a cache", `HTTP/1.1 200 OK\r\n${date}Age: 0\r\n\r\n`],
    ["its day of the week is another one", `HTTP/1.1 200 OK\r\n${date.replace("Sun", "Mon")}\r\n`],
    ["there is no such day", `HTTP/1.1 200 OK\r\n${date.replace("22 Nov", "31 Nov")}\r\n`],
    ["it is in an obsolete form", "HTTP/1.1 200 OK\r\nDate: Sun Nov 22 03:00:05 2026\r\n\r\n"],
    ["it comes in the trailers", `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${date}\r\n`],
  ])("is none where %s", (_, text) => expect(dateOf(text)).toBeUndefined());
});
