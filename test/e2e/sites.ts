import { createAuthority } from "../../lab/certificate.ts";
import { freePortOn, untilFree } from "../../lab/free-port.ts";
import { spawnSite, type SpawnedSite } from "../../lab/spawn-site.ts";

/** Where a site of a test serves. */
interface SiteAddresses {
  readonly v4: string;
  /** The word `none` where there is no AAAA. */
  readonly v6: string;
}

/** Two sites, each a process of its own, at one port, with certificates for `login.example.com`. */
export interface Sites {
  readonly fra: SiteAddresses;
  readonly iad: SiteAddresses;
  readonly port: number;
  /** PEM of the authority that issued their certificates. */
  readonly trust: string;
  /** SIGKILL. */
  kill(site: "fra" | "iad"): Promise<void>;
  /** Starts it again, at the same address. */
  revive(site: "fra" | "iad"): Promise<void>;
  /** Ends them all. */
  stop(): Promise<void>;
}

/** What a site is reached at over IPv6: the same socket, by an IPv4-mapped address, since loopback has one IPv6 address alone. */
function mapped(v4: string): string {
  return `::ffff:${v4}`;
}

const v4 = { fra: "127.0.0.11", iad: "127.0.0.12" } as const;

/** Starts both. `v6` says which sites have an AAAA value. */
export async function startSites(v6: readonly ("fra" | "iad")[] = []): Promise<Sites> {
  const port = await freePortOn(Object.values(v4));
  const authority = createAuthority("Lab");
  const tls = authority.issue({ names: ["login.example.com"] });
  const running = new Map<"fra" | "iad", SpawnedSite>();
  const start = async (name: "fra" | "iad"): Promise<void> => {
    await untilFree(v4[name], port);
    running.set(name, await spawnSite({ address: v4[name], port, name, tls }));
  };
  const addresses = (name: "fra" | "iad"): SiteAddresses => ({
    v4: v4[name],
    v6: v6.includes(name) ? mapped(v4[name]) : "none",
  });
  await Promise.all([start("fra"), start("iad")]);
  return {
    fra: addresses("fra"),
    iad: addresses("iad"),
    port,
    trust: authority.certificate,
    kill: async (name) => await running.get(name)?.kill(),
    revive: start,
    stop: async () => void (await Promise.all([...running.values()].map((site) => site.kill()))),
  };
}
