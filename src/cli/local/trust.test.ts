import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run, type Ran } from "../../../test/api/fake-terminal.ts";
import { serveWorld, type WorldServer } from "../../../test/trust/world-server.ts";
import { keysOf, rootAnchor, World } from "../../dns/dnssec/world.fixture.ts";
import { FixtureZone } from "../../dns/dnssec/zone.fixture.ts";
import { add, day, instant } from "../../values/time.ts";

const bin = path.resolve(import.meta.dirname, "../../../bin/pointsman.js");
// Each starts a process, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let anchor: string;
let server: WorldServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pointsman-trust-"));
  anchor = path.join(folder, "root.anchor");
  await writeFile(anchor, rootAnchor());
  // Of the clock's own time: these processes have no other.
  const now = instant(Date.now());
  const period = { inception: add(now, -day), expiration: add(now, day) };
  const world = new World([
    new FixtureZone(".", ["held.test. 300 A 192.0.2.1", "unsigned. 300 NS ns.invalid."], { keys: keysOf("."), period }),
    new FixtureZone("unsigned.", ["www.unsigned. 300 A 192.0.2.2"]),
  ]);
  server = await serveWorld(world);
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

function from(): readonly string[] {
  return ["--anchor", anchor, "--server", server.address];
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

function start(...words: readonly string[]): {
  child: ChildProcess;
  ended: Promise<Ended>;
  readonly says: (text: string) => Promise<void>;
} {
  const child = spawn(process.execPath, [bin, "trust", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout.on("data", (part) => {
    out += String(part);
    for (const { text, resolve } of waiting) if (out.includes(text)) resolve();
  });
  child.stderr.on("data", (part) => (err += String(part)));
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, out, err }));
  const says = (text: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (out.includes(text)) resolve();
    else waiting.push({ text, resolve });
    return promise;
  };
  return { child, ended, says };
}

const node = process.execPath;

describe("pointsman trust NAME -- COMMAND", () => {
  it("runs the command when the name holds, with its own output, and passes on its exit code", async () => {
    const script = `console.log("ran", process.argv.slice(1).join(" ")); process.exit(7)`;
    const { ended } = start("held.test", "--require", "secure", ...from(), "--", node, "-e", script, "--", "--json");
    expect(await ended).toEqual({ code: 7, signal: null, out: "ran --json\n", err: "" });
  });

  it("does not run it when the name is insecure and must be secure, and exits 1 with the reason", async () => {
    const { ended } = start("www.unsigned", "--require", "secure", ...from(), "--", node, "-e", `console.log("ran")`);
    const { code, out, err } = await ended;
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("trust-insecure");
  });

  it("does not run it when nobody answers, and exits 3", async () => {
    const nowhere = ["--anchor", anchor, "--server", "127.0.0.1:1"];
    const { ended } = start("held.test", ...nowhere, "--", node, "-e", `console.log("ran")`);
    expect(await ended).toMatchObject({ code: 3, out: "", err: expect.stringContaining("trust-indeterminate") });
  });

  it("passes signals on to it, and ends by the signal that ended it", async () => {
    const script = `process.on("SIGUSR1", () => console.log("told")); console.log("up"); setInterval(() => 0, 1000)`;
    const { child, ended, says } = start("held.test", ...from(), "--", node, "-e", script);
    await says("up");
    child.kill("SIGUSR1");
    await says("told");
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: null, signal: "SIGTERM", out: "up\ntold\n" });
  });

  it("exits 127 where there is no such command", async () => {
    const { ended } = start("held.test", ...from(), "--", path.join(folder, "nothing"));
    expect(await ended).toMatchObject({ code: 127, err: expect.stringContaining("there is no such command") });
  });
});

async function trust(...words: readonly string[]): Promise<Ran> {
  return await run("nowhere.sock", ["trust", ...words, ...from()]);
}

describe("pointsman trust NAME", () => {
  it("says whether the name holds, with its addresses", async () => {
    expect(await trust("held.test")).toEqual({ code: 0, out: "held.test is secure: 192.0.2.1", err: "" });
    expect(await trust("www.unsigned")).toMatchObject({
      code: 0,
      out: "www.unsigned is insecure, and not bogus: 192.0.2.2",
    });
    expect(await trust("nobody.test")).toMatchObject({ code: 1, err: expect.stringContaining("does not exist") });
  });

  it("--json gives the verdict, or the refusal with its code", async () => {
    expect(JSON.parse((await trust("held.test", "--json")).out)).toMatchObject({
      v: 1,
      holds: true,
      verdict: "secure",
      addresses: [{ address: "192.0.2.1", family: 4 }],
    });
    const refused = await trust("www.unsigned", "--require", "secure", "--json");
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out)).toMatchObject({ refusal: { code: "trust-insecure" } });
  });

  it.each([
    [["a..b"], "not a domain name"],
    [["held.test", "--require", "bogus"], "nothing that can be required"],
    [["held.test", "curl"], "takes 1 word"],
  ])("%j is bad usage", async (words, says) => {
    expect(await trust(...words)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  });
});

it("is what a program imports as pointsman/trust", async () => {
  const script = `import { createTrust, TrustError } from "pointsman/trust";
    const trust = await createTrust({ anchors: [process.env.ANCHOR], servers: [process.env.SERVER], require: "secure" });
    const { verdict } = await trust.addresses("held.test");
    const refused = await trust.addresses("www.unsigned").catch((error) => error);
    console.log(verdict, refused instanceof TrustError, refused.code);`;
  const child = spawn(node, ["--input-type=module", "-e", script], {
    cwd: path.resolve(import.meta.dirname, "../../.."),
    env: { ...process.env, ANCHOR: rootAnchor(), SERVER: server.address },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (part) => (out += String(part)));
  await once(child, "close");
  expect(out).toBe("secure true trust-insecure\n");
});
