import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readPolicy } from "../../src/configuration/policy-file.ts";
import { createController } from "../../src/control/controller.ts";
import type { Controller } from "../../src/control/parts.ts";
import { probeTargets } from "../../src/core/policy/targets.ts";
import { openSqliteJournal } from "../../src/journal/sqlite/journal.ts";
import { statementVerifier } from "../../src/signatures/statement-verifier.ts";
import type { ChangePath } from "../../src/ports/change-path.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { coreCycle } from "../../src/wiring/cycle.ts";
import { systemEntropy } from "../../src/platform/entropy.ts";
import type { ObservationBatch } from "../../src/ports/observations.ts";
import type { NameserverEndpoint } from "../../src/ports/records.ts";
import { canonicalJson, type Json } from "../../src/values/json.ts";
import { invariant } from "../../src/values/invariant.ts";
import { utf8 } from "../../src/values/octets.ts";
import { sha256 } from "../../src/values/sha256.ts";
import { duration, instant } from "../../src/values/time.ts";
import { nameReader } from "../../src/verification/name-reader.ts";
import { recordReader } from "../../src/verification/record-reader.ts";
import { secondaryNotifier } from "../../src/verification/secondary-notifier.ts";
import { pathTo } from "../../test/servers/update.ts";

export const zone = "example.com.";
export const addresses = { fra: "127.0.0.11", iad: "127.0.0.12" } as const;
export type SiteId = keyof typeof addresses;

const vantages = ["office", "cloud-1", "cloud-2"];

/** A whole controller on real servers; only what the vantages see is told to it. */
export interface Installation {
  readonly controller: Controller;
  /** Every vantage sees this site down and the other up; returns once the controller has heard it, at `performance.now()`. */
  readonly see: (down: SiteId | "none") => number;
  stop(): Promise<void>;
}

/** People who sign, in place of the bands: by id, with the role of the same name and a public key. */
export interface Signing {
  readonly people: { readonly declarer: string; readonly approver: string };
  /** An order has reached the change path. */
  readonly onWrite: () => void;
}

export async function startInstallation(
  primary: NameserverEndpoint,
  secondary: NameserverEndpoint,
  signing?: Signing,
): Promise<Installation> {
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-bench-"));
  const { policy, document, findings } = readPolicy(policyText(primary, secondary, signing), "policy.yaml");
  invariant(policy !== undefined, `the bench's policy is valid: ${findings.map(({ says }) => says).join(" ")}`);
  const clock = systemClock();
  const entropy = systemEntropy();
  const targets = probeTargets(policy);
  const openJournal = (): ReturnType<typeof openSqliteJournal> =>
    openSqliteJournal({
      folder: path.join(folder, "data"),
      headFile: path.join(folder, "head"),
      entropy,
      reserveOctets: 1024 * 1024,
    });
  const means = { clock, entropy, timeoutMs: duration(500) };
  let receive = ignore;
  let ordinal = 0;
  const controller = createController({
    cycle: coreCycle([]),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the policy's reader accepted it
    file: { policy, document: utf8(canonicalJson(document as Json)) },
    readPolicy: () => undefined,
    settingsHash: sha256(utf8("settings")),
    mode: "act",
    clock,
    clockHealth: () => ({ trustworthy: true, errorMs: 0, says: "even" }),
    entropy,
    openJournal,
    sources: () => [{ start: (listener) => Promise.resolve(((receive = listener), () => Promise.resolve())) }],
    reader: recordReader(means),
    names: nameReader(means),
    notifier: secondaryNotifier(entropy),
    statementVerifier: statementVerifier(),
    paths: [told(pathTo(primary, { clock }), signing?.onWrite)],
    caller: { call: () => Promise.resolve(null) },
    log: { write: () => {} },
    controllerId: "bench",
    version: "0.0.0",
    operator: { kind: "local-user", id: "uid:0", method: "local-user" },
  });
  await controller.start();

  const see = (down: SiteId | "none"): number => {
    let heard = 0;
    for (const vantage of vantages) {
      // The second voice completes the quorum.
      heard = vantage === vantages[1] ? performance.now() : heard;
      receive({
        installation: controller.world().installation,
        vantage,
        boot: "bench",
        ordinal,
        before: undefined,
        policy: policy.hash,
        skewMs: 0,
        controlsPass: true,
        observations: targets.map(({ check, site }) => ({
          check,
          at: instant(clock.now()),
          latencyMs: duration(1),
          reason: site === down ? "connect-refused" : "pass",
          certificateUntil: null,
        })),
      });
    }
    ordinal += 1;
    return heard;
  };
  return {
    controller,
    see,
    async stop() {
      await controller.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The same path, which says when an order reaches it. */
function told(way: ChangePath, onWrite: (() => void) | undefined): ChangePath {
  return {
    ...way,
    write: (order, lost) => {
      onWrite?.();
      return way.write(order, lost);
    },
  };
}

function policyText(primary: NameserverEndpoint, secondary: NameserverEndpoint, signing?: Signing): string {
  return JSON.stringify({
    version: 1,
    lab: true,
    ...(signing === undefined ? ofNobody : ofPeople(signing)),
    sites: { fra: { region: "eu", jurisdiction: "DE" }, iad: { region: "us", jurisdiction: "US" } },
    vantages: Object.fromEntries(vantages.map((id) => [id, { domain: id }])),
    providers: {
      primary: {
        nameservers: { [primary.name]: [text(primary)], [secondary.name]: [text(secondary)] },
        paths: [{ name: "update", type: "rfc2136", server: text(primary), credential: "tsig", dependsOn: [] }],
      },
    },
    zones: { "example.com": { providers: ["primary"] } },
    services: {
      login: {
        owner: "ana",
        objective: { detect: "10s", recover: "5m" },
        records: { v4: { zone: "example.com", name: "login.example.com", type: "A", ttl: "1s" } },
        sites: { fra: { v4: [addresses.fra] }, iad: { v4: [addresses.iad] } },
        home: ["fra"],
        checks: [{ name: "port", type: "tcp", port: 9, interval: "60s", timeout: "1s", rise: 1, fall: 1 }],
        bands: signing === undefined ? [band("fra", "iad"), band("iad", "fra")] : [],
        holdDown: "0s",
        flapping: { changes: 1000, per: "1m" },
      },
    },
  });
}

const ofNobody = {
  people: { ana: { roles: ["owner"], group: "a", keys: [key()] } },
  authority: { declare: { any: ["owner"] }, approve: { any: ["owner"] }, execute: { any: ["owner", "automation"] } },
};

function ofPeople({ people: { declarer, approver } }: Signing): object {
  return {
    people: {
      ana: { roles: ["owner"], group: "a", keys: [approver] },
      ben: { roles: ["operator"], group: "b", keys: [declarer] },
    },
    authority: {
      declare: { any: ["operator"] },
      approve: { any: ["owner"] },
      execute: { any: ["owner", "automation"] },
      separate: [["declare", "approve"]],
    },
  };
}

function band(from: SiteId, to: SiteId): object {
  return {
    name: `${from}-lost`,
    when: { site: from, verdict: "down", vantages: 2, for: "0s" },
    move: { replace: { [from]: to } },
    authority: "pre-authorised",
    acceptedBy: ["ana"],
    budget: { moves: 1000, per: "24h" },
    expires: "2037-01-01",
  };
}

function ignore(_batch: ObservationBatch): void {}

/** Nobody holds its other half. */
function key(): string {
  return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIfsHa/Li2zKG6Nf01GZw6dYW2K3Cpqv7wO3ziz8vIC6 ana";
}

function text({ address, port }: NameserverEndpoint): string {
  return `${address}:${port}`;
}
