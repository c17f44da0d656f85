import { startBind } from "../servers/bind.ts";
import { startNsd } from "../servers/nsd.ts";
import type { RunningServer } from "../servers/process.ts";
import type { TestZone } from "../servers/zone.ts";
import { answering, runPointsman, type Running, type RunningController } from "./controller.ts";
import { writeInstallation, type Installation, type InstallationOptions } from "./installation.ts";
import { startSites, type Sites } from "./sites.ts";
import { startTap, type Tap } from "./tap.ts";

/** All that a test end to end runs: two sites, a primary behind a tap, its NSD secondary, and one installation. */
export interface Scene {
  readonly sites: Sites;
  readonly primary: RunningServer;
  readonly secondary: RunningServer;
  /** Before the primary: the controller knows the primary by this address alone. */
  readonly tap: Tap;
  readonly installation: Installation;
  /** Starts the controller; it ends with the scene at the latest. */
  start(run?: (installation: Installation) => Running): Promise<RunningController>;
  /** Ends every process of it and removes its folders. */
  end(): Promise<void>;
}

export interface SceneOptions extends Pick<
  InstallationOptions,
  "mode" | "moves" | "failback" | "checksPerSecond" | "keys" | "chi" | "responders" | "statements" | "notices"
> {
  /** A BIND with an unsigned zone unless given. */
  readonly primary?: (zones: readonly TestZone[]) => Promise<RunningServer>;
  /** Sites that have an AAAA value as well. */
  readonly v6?: readonly ("fra" | "iad")[];
}

/** What the nameservers publish at first: the home site's values. */
export function zonesOf({ fra }: Pick<Sites, "fra">): readonly TestZone[] {
  const v6 = fra.v6 === "none" ? [] : [`login 1 IN AAAA ${fra.v6}`];
  return [{ name: "example.com.", records: [`login 1 IN A ${fra.v4}`, ...v6] }];
}

export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const { primary: startPrimary = (zones) => startBind({ zones }), v6, ...policy } = options;
  const ending: (() => Promise<void> | void)[] = [];
  const end = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- in the opposite order of their start
    for (const stop of ending.splice(0).toReversed()) await stop();
  };
  try {
    const sites = await startSites(v6);
    ending.push(() => sites.stop());
    const zones = zonesOf(sites);
    const primary = await startPrimary(zones);
    ending.push(() => primary.stop());
    const secondary = await startNsd({ zones, primary });
    ending.push(() => secondary.stop());
    const tap = await startTap(primary);
    ending.push(() => tap.stop());
    const installation = writeInstallation({ ...policy, sites, updates: tap, nameservers: [tap, secondary] });
    ending.push(() => installation[Symbol.dispose]());
    const start: Scene["start"] = async (run = runPointsman) => {
      const controller = await answering(run(installation), installation);
      ending.push(async () => void (await controller.end("SIGKILL")));
      return controller;
    };
    return { sites, primary, secondary, tap, installation, start, end };
  } catch (error) {
    await end();
    throw error;
  }
}
