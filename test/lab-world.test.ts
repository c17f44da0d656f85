import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startLab, type Lab } from "../lab/world.ts";
import { nameOf } from "../lab/nameserver/zone.ts";
import { trustAnchors } from "../src/dns/dnssec/anchors.ts";
import { createValidator, type Validator } from "../src/dns/dnssec/validator.ts";
import type { Validation } from "../src/dns/dnssec/verdict.ts";
import { iterativePort } from "../src/dns/resolution/iterative.ts";
import { rrtype } from "../src/dns/wire/rrtype.ts";
import { systemClock } from "../src/platform/clock.ts";
import { systemEntropy } from "../src/platform/entropy.ts";
import { duration } from "../src/values/time.ts";
import { trustOf } from "../src/wiring/integrity.ts";
import { readInstallation } from "../src/wiring/offline.ts";
import { describeWithServers } from "./servers/available.ts";
import { writeOrder } from "./servers/order.ts";
import { pathTo, rrsetChange, zoneChange } from "./servers/update.ts";

/*
 * What the lab hands to whoever validates its zone: the anchor as a file, where its parent is asked, and the ports.
 */

let lab: Lab;
let validator: Validator;
const never = new AbortController().signal;

beforeEach(async () => {
  lab = await startLab();
  const { parent } = lab;
  const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(250) };
  const servers = [{ zone: parent.zone, addresses: [parent.nameserver.address] }];
  validator = createValidator({
    port: iterativePort({ means, servers, portOf: (address) => lab.portOf(address) }),
    anchors: trustAnchors({ anchors: readFileSync(lab.anchorFiles.text, "utf8") }),
  });
});

afterEach(() => lab.stop("remove"));

async function look(): Promise<Pick<Validation, "verdict"> & { readonly addresses: readonly string[] }> {
  const question = { name: nameOf(lab.host), type: rrtype.A };
  const { verdict, answer } = await validator.resolve(question, systemClock().now(), never);
  return { verdict, addresses: answer.flatMap(({ rdata }) => rdata) };
}

/** As the controller does it: the address, and the fence of the attempt before. */
async function move(from: string, to: string, attempt: number): Promise<void> {
  const [algorithm = "", name = "", secret = ""] = readFileSync(path.join(lab.folder, "tsig.key"), "utf8").split(":");
  expect(algorithm).toBe("hmac-sha256");
  const key = { algorithm: "hmac-sha256", name, secret: secret.trim() } as const;
  const before = attempt === 1 ? null : `login-${attempt - 1}`;
  const fence = { name: `_pointsman.${lab.host}.`, before, after: `login-${attempt}` };
  const change = zoneChange(lab.zone, rrsetChange(`${lab.host}.`, "A", [from], [to]));
  const written = await pathTo(lab.primary, { key }).write(writeOrder(change, [fence]), never);
  expect(written).toMatchObject({ outcome: "applied" });
}

describe("the lab's world", () => {
  it("is secure from its anchor down, through moves there and back, at every nameserver that answers", async () => {
    const { home, other } = lab;
    expect(await look()).toEqual({ verdict: "secure", addresses: [home.address] });
    for (const [index, [from, to]] of [[home, other] as const, [other, home] as const].entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one move after the other
      await move(from.address, to.address, index + 1);
      // oxlint-disable-next-line no-await-in-loop -- until the secondary has it as well
      await expect.poll(() => lab.secondary.zone() === lab.primary.zone()).toBe(true);
      for (const silent of [lab.primary, lab.secondary]) {
        silent.behave("silent");
        // oxlint-disable-next-line no-await-in-loop -- each of them by itself
        expect(await look()).toEqual({ verdict: "secure", addresses: [to.address] });
        silent.behave("normal");
      }
    }
  });

  it("is secure by the validator that its own files give to the controller", async () => {
    const now = systemClock().now();
    const { settings, policy } = await readInstallation(lab.settingsFile, now);
    if (settings === undefined || policy === undefined) throw new Error("the lab's files are not valid");
    const means = { clock: systemClock(), entropy: systemEntropy(), timeoutMs: duration(1000) };
    const question = { name: nameOf(lab.host), type: rrtype.A };
    const trust = trustOf(settings, policy, means, () => undefined)("public", "office");
    expect(await createValidator(trust).resolve(question, now, never)).toMatchObject({
      verdict: "secure",
      chain: [{ zone: lab.parent.zone }, { zone: lab.zone }],
    });
  });

  it("with all of its nameservers silent it is not known, and not bogus", async () => {
    lab.primary.behave("silent");
    lab.secondary.behave("silent");
    expect(await look()).toEqual({ verdict: "indeterminate", addresses: [] });
  });
});

describeWithServers("the lab's world by BIND's validator", () => {
  it("the command that stands beside the anchor validates the service's address", async () => {
    const { command, bind } = lab.anchorFiles;
    expect(readFileSync(bind, "utf8")).toContain(command);
    const [program = "", ...args] = command.split(" ");
    const { stdout } = await promisify(execFile)(program, args);
    expect(stdout).toContain("; fully validated");
    expect(stdout).toContain(lab.home.address);
  });
});
