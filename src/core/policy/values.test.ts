import { describe, expect, it } from "vitest";
import { endpointText, parseEndpoint } from "./endpoint.ts";
import { nearest, suggestion } from "./nearest.ts";
import { isCredentialName } from "./secrets.ts";
import { parseUrl } from "./url.ts";

describe("an endpoint in a policy", () => {
  it.each([
    ["192.0.2.53", "192.0.2.53:53"],
    ["127.0.0.1:5301", "127.0.0.1:5301"],
    ["[::1]:5301", "[::1]:5301"],
    ["[::1]", "[::1]:53"],
    ["2001:DB8:0::53", "[2001:db8::53]:53"],
  ])("%s is %s", (text, expected) => {
    const endpoint = parseEndpoint(text);
    expect(endpoint && endpointText(endpoint)).toBe(expected);
  });

  it.each([
    "ns1.example.net",
    "192.0.2.53:0",
    "192.0.2.53:65536",
    "192.0.2.053",
    "[192.0.2.1]:53",
    "::1]:53",
    "",
    "1:2",
  ])("is not %s", (text) => expect(parseEndpoint(text)).toBeUndefined());
});

describe("the URL of a check", () => {
  it("keeps what is sent, and the port that its scheme has", () => {
    expect(parseUrl("https://Login.Example.com/a?b=c")).toEqual({
      scheme: "https",
      host: "login.example.com",
      port: 443,
      path: "/a?b=c",
    });
    expect(parseUrl("http://login.example.com:8080")).toMatchObject({ scheme: "http", port: 8080, path: "/" });
  });

  it.each([
    "ftp://a.example/",
    "https://",
    "https://a..example/",
    "https://u:p@a.example/",
    "https://a.example/#f",
    "https://a.example/a b",
    "https://a.example/\r\nX: y",
    "https://a.example:99999/",
    "//a.example/",
  ])("is not %j", (text) => expect(parseUrl(text)).toBeUndefined());
});

describe("a credential in a policy", () => {
  it.each(["tsig-primary", "tsig", "pdns-api-2", "a-very-long-name-that-somebody-thought-well-of"])(
    "is the name %s",
    (text) => expect(isCredentialName(text)).toBe(true),
  );

  it.each(["c2VjcmV0", "hunter two", "5f4dcc3b5aa765d61d8327deb882cf99", "key=", "hmac-sha256:a:b"])(
    "is not %s",
    (text) => expect(isCredentialName(text)).toBe(false),
  );
});

describe("a suggestion", () => {
  it("is the nearest of what is known, and nothing when none is near", () => {
    expect(nearest("interval", ["timeout", "interval"])).toBe("interval");
    expect(nearest("intreval", ["timeout", "interval"])).toBe("interval");
    expect(nearest("fr", ["fra", "iad"])).toBe("fra");
    expect(nearest("login", ["fra", "iad"])).toBeUndefined();
    expect(suggestion("x", [])).toBe("None is declared.");
  });
});
