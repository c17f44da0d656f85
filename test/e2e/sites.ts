import { createAuthority } from "../../lab/certificate.ts";
import { spawnSite, type SpawnedSite } from "../../lab/spawn-site.ts";
import { freePort } from "../servers/ports.ts";

/** Where a site of a test serves. */
export interface SiteAddresses {
  readonly v4: string;
  readonly v6: string | "none";
}

/** Two sites with a process for each of their addresses, all at one port, with certificates for `login.example.com`. */
export interface Sites {
  readonly fra: SiteAddresses;
  readonly iad: SiteAddresses;
  readonly port: number;
  /** PEM of the authority that issued their certificates. */
  readonly trust: string;
  /** SIGKILL to every process of the site. */
  kill(site: "fra" | "iad"): Promise<void>;
  /** Starts them again, at the same addresses. */
  revive(site: "fra" | "iad"): Promise<void>;
  /** Ends them all. */
  stop(): Promise<void>;
}

const v4Only = { fra: { v4: "127.0.0.11", v6: "none" }, iad: { v4: "127.0.0.12", v6: "none" } } as const;

export async function startSites(
  addresses: { readonly fra: SiteAddresses; readonly iad: SiteAddresses } = v4Only,
): Promise<Sites> {
  const port = await freePort(addresses.fra.v4);
  const authority = createAuthority("Lab");
  const tls = authority.issue({ names: ["login.example.com"] });
  const running = new Map<string, readonly SpawnedSite[]>();
  const start = async (name: "fra" | "iad"): Promise<void> => {
    const { v4, v6 } = addresses[name];
    const at = v6 === "none" ? [v4] : [v4, v6];
    running.set(name, await Promise.all(at.map((address) => spawnSite({ address, port, name, tls }))));
  };
  const kill = async (name: string): Promise<void> => {
    const processes = running.get(name) ?? [];
    running.delete(name);
    await Promise.all(processes.map((site) => site.kill()));
  };
  await Promise.all([start("fra"), start("iad")]);
  return {
    ...addresses,
    port,
    trust: authority.certificate,
    kill,
    revive: start,
    stop: async () => void (await Promise.all(["fra", "iad"].map(kill))),
  };
}
