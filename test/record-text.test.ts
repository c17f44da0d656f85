import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { rdataFromText, rdataToText } from "../src/dns/wire/rdata.ts";
import { describeWithServers } from "./servers/available.ts";

/** The octets that BIND reads from a record's text, in hexadecimal, and the text that it writes; `undefined`: refused. */
function asBindReads(type: string, text: string): { hex: string; text: string } | undefined {
  const check = (form: "-u" | "-p") =>
    spawnSync("/usr/bin/named-rrchecker", [form], { input: `IN ${type} ${text}\n`, encoding: "utf8" });
  const { status, stdout } = check("-u");
  if (status !== 0) return undefined;
  const hex = stdout.replace(/^.*\\# \d+ ?/, "").replaceAll(/\s/g, "");
  return {
    hex: hex.toLowerCase(),
    text: check("-p")
      .stdout.replace(/^\S+\s+\S+\s+/, "")
      .trim(),
  };
}

describeWithServers("record data in text", () => {
  it.each([
    ["HTTPS", "0 login.example.com."],
    ["HTTPS", '1 . alpn="h2,h3" ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1'],
    ["HTTPS", "1 . port=8443 alpn=h2 no-default-alpn mandatory=port,alpn"],
    ["SVCB", String.raw`16 Foo.example.org. alpn="f\\\\oo\\,bar,h2"`],
    ["SVCB", String.raw`16 foo.example.org. alpn=f\\\092oo\092,bar,h2 key667="a b\"c\\\200" key668`],
    ["SVCB", "1 dns.example. ech=aGVsbG8= key4=abcd"],
    ["TLSA", "3 1 1 0d6fce3d83 d7a1b2c3d4"],
    ["DNAME", "Login.Example.com."],
  ])("is the same data for BIND and for us: %s %s", (type, text) => {
    const bind = asBindReads(type, text);
    const hex = rdataFromText(type, text);
    // Our octets are canonical, and of these types only DNAME has its name in lower case then (RFC 4034 §6.2).
    expect(hex).toBe(type === "DNAME" ? bind?.hex.replace("4c", "6c").replace("45", "65") : bind?.hex);
    expect(rdataFromText(type, bind?.text ?? "")).toBe(hex);
    expect(asBindReads(type, rdataToText(type, hex ?? ""))?.hex).toBe(hex);
  });

  it.each([
    ["HTTPS", "1 . no-default-alpn"],
    ["HTTPS", "1 . mandatory=port alpn=h2"],
    ["HTTPS", "1 . mandatory=mandatory alpn=h2"],
    ["HTTPS", "1 . port=1 port=1"],
    ["HTTPS", "1 . alpn=h2,"],
    ["HTTPS", "1 . no-such-key=1"],
    ["TLSA", "3 1 1 abc"],
  ])("is refused by BIND and by us: %s %s", (type, text) => {
    expect(asBindReads(type, text)).toBeUndefined();
    expect(rdataFromText(type, text)).toBeUndefined();
  });
});
