import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, type Ran } from "../../../test/api/fake-terminal.ts";
import { serveWorld, type WorldServer } from "../../../test/trust/world-server.ts";
import { ecdsa, keysOf, rootAnchor, worldOf } from "../../dns/dnssec/world.fixture.ts";
import { FixtureZone } from "../../dns/dnssec/zone.fixture.ts";
import { keyPair, nameOf } from "../../dns/dnssec/sign.fixture.ts";

let folder: string;
let anchor: string;
let server: WorldServer;
let altered: WorldServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pointsman-inspect-"));
  anchor = path.join(folder, "root.anchor");
  await writeFile(anchor, rootAnchor());
  const world = worldOf({
    example: ["alias.example.com. 300 CNAME www.example.org.", ...nameservers],
    com: ["swapped.com. 300 NS ns.invalid.", "swapped.com. 300 DS 31337 13 2 " + "00".repeat(32)],
    more: [
      new FixtureZone("swapped.com.", ["www.swapped.com. 300 A 192.0.2.9"], {
        keys: [keyPair(nameOf("swapped.com."), ecdsa)],
      }),
    ],
  });
  server = await serveWorld(world);
  // The same zone under the same names, signed by keys that nobody vouches for.
  const other = worldOf({ example: nameservers, options: { keys: [keyPair(nameOf("example.com."), ecdsa)] } });
  altered = await serveWorld(other, { host: "127.0.0.2", port: server.port });
});

afterAll(async () => {
  await Promise.all([server.close(), altered.close()]);
  await rm(folder, { recursive: true });
});

const nameservers = [1, 2, 3].flatMap((index) => [
  `example.com. 300 NS ns${index}.example.com.`,
  `ns${index}.example.com. 300 A 127.0.0.${index}`,
]);

async function inspect(...words: readonly string[]): Promise<Ran> {
  return await run("nowhere.sock", ["inspect", ...words, "--anchor", anchor, "--server", server.address]);
}

describe("pointsman inspect", () => {
  it("exits 0 for a secure name, and draws its zones from the root down", async () => {
    const { code, out, err } = await inspect("www.example.org");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(
      /SECURE {2}www\.example\.org\. A[^]*\. \(the root\)[^]*org\.[^]*example\.org\.[^]*192\.0\.2\.2/,
    );
    expect(out).toContain(`${keysOf("org.")[0]?.dnskey.tag}`);
  });

  it("exits 1 for a bogus name, with the zone at fault and the mend", async () => {
    const { code, out } = await inspect("www.swapped.com");
    expect(code).toBe(1);
    expect(out).toContain("BOGUS  www.swapped.com. A");
    expect(out).toMatch(/the chain breaks here[^]*ds-matches-no-key/);
    expect(out).toContain("Have the registrar put the DS");
  });

  it("exits 1 where one nameserver gives what is bogus, names it, and does not mix it up with a silent one", async () => {
    const { code, out } = await inspect("www.example.com");
    expect(code).toBe(1);
    expect(out).toContain("SECURE  www.example.com. A");
    expect(out).toMatch(/ns1\.example\.com\. +127\.0\.0\.1:\d+ +\+ \d+ ms +\+ secure +1 /);
    expect(out).toMatch(/ns2\.example\.com\. +127\.0\.0\.2:\d+ +\+ \d+ ms +x bogus +1 /);
    expect(out).toMatch(/ns3\.example\.com\. +127\.0\.0\.3:\d+ +x silent +not known/);
    expect(out).toContain("is secure, but not everywhere: bogus at ns2.example.com.");
  });

  it("exits 1 for an insecure name, unless that is what is expected", async () => {
    expect(await inspect("www.unsigned.org")).toMatchObject({ code: 1, out: expect.stringContaining("INSECURE") });
    expect(await inspect("www.unsigned.org", "--expect", "insecure")).toMatchObject({ code: 0 });
    expect(await inspect("www.example.org", "--expect", "insecure")).toMatchObject({ code: 1 });
  });

  it("follows an alias into the other zone, and proves what does not exist", async () => {
    const alias = await inspect("alias.example.com");
    expect(alias).toMatchObject({ out: expect.stringContaining("leads on to www.example.org.") });
    expect(alias.out).toContain("192.0.2.2");
    const none = await inspect("nobody.example.org", "MX");
    expect(none).toMatchObject({ code: 0, out: expect.stringContaining("nobody.example.org. does not exist.") });
  });

  it("through a resolver says so, and comes to the same verdict", async () => {
    const { code, out } = await run("nowhere.sock", [
      "inspect",
      "www.example.com",
      "--anchor",
      anchor,
      "--resolver",
      server.address,
    ]);
    expect(code).toBe(0);
    expect(out).toContain(`Asked the resolver ${server.address}`);
  });

  it("exits 3 when nobody answers, and never calls that bogus", async () => {
    const { code, out } = await run("nowhere.sock", [
      "inspect",
      "www.example.com",
      "--anchor",
      anchor,
      "--server",
      "127.0.0.1:1",
    ]);
    expect(code).toBe(3);
    expect(out).toContain("INDETERMINATE");
    expect(out).not.toMatch(/bogus/i);
  });

  it("--json has the validation, the judgement and the findings, and nothing else is printed", async () => {
    const { code, out, err } = await inspect("www.swapped.com", "--json");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      v: 1,
      judgement: "fails",
      validation: { verdict: "bogus", fault: { zone: "swapped.com." } },
      findings: expect.arrayContaining([expect.objectContaining({ level: "wrong", code: "ds-matches-no-key" })]),
    });
  });

  it.each([
    ["page.html", /^<!doctype html>/],
    ["picture.svg", /^<svg xmlns=/],
  ])("--html %s writes it, and says so beside the output", async (name, begins) => {
    const file = path.join(folder, name);
    const { code, err } = await inspect("www.example.org", "--html", file);
    expect({ code, err }).toEqual({ code: 0, err: `Wrote ${file}` });
    expect(await readFile(file, "utf8")).toMatch(begins);
  });

  it.each([
    [["a..b"], "not a domain name"],
    [["example.com", "AXFR"], "not a type"],
    [["example.com", "--expect", "bogus"], "nothing that can be expected"],
    [["example.com", "--server", "ns1.example.com"], "not an address"],
    [["example.com", "--resolver", "ftp://x"], "no resolver"],
    [["example.com", "--resolver", "127.0.0.1", "--server", "127.0.0.1"], "cannot both be asked"],
  ])("%j is bad usage, and exits 2", async (words, says) => {
    const { code, err, out } = await run("nowhere.sock", ["inspect", ...words]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(says);
  });

  it("an anchor that cannot be read exits 2, with the file", async () => {
    const nowhere = path.join(folder, "nowhere");
    const { code, err } = await run("nowhere.sock", ["inspect", "example.com", "--anchor", nowhere]);
    expect(code).toBe(2);
    expect(err).toContain(nowhere);
  });
});
