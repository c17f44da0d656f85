import { writeFileSync } from "node:fs";
import path from "node:path";
import { startNameserver, type Nameserver } from "./nameserver/nameserver.ts";
import { startResolver, type Resolver } from "./nameserver/resolver.ts";
import { signZone } from "./nameserver/signing.ts";
import { nameOf, zoneFromText } from "./nameserver/zone.ts";

/** What stands above the lab's zone: its parent, signed, which vouches for it by a DS, and the key that is trusted. */
export interface LabParent {
  /** Absolute. */
  readonly zone: string;
  readonly nameserver: Nameserver;
  /** Asks the parent and the zone below it, for validators that ask resolvers alone. */
  readonly resolver: Resolver;
  readonly anchor: LabAnchor;
}

/** The trust anchor: the DS of the parent's key. */
export interface LabAnchor {
  /** One record of a master file, as `pointsman inspect --anchor` and Unbound read it. */
  readonly text: string;
  /** The same as BIND's `delv -a` reads it. */
  readonly bind: string;
}

/** A zone to be delegated. */
export interface LabChild {
  readonly zone: string;
  /** RDATA text of its DS. */
  readonly ds: string;
  readonly nameservers: readonly { readonly name: string; readonly address: string; readonly port: number }[];
}

const parentZone = "test.";
const nameserverAddress = "127.0.0.3";
const resolverAddress = "127.0.0.1";
const ttl = 60;

/** A nameserver for the parent, with delegation, glue and DS of the child, and a resolver. They are ended by `ending`. */
export async function startParent(child: LabChild, ending: (() => Promise<void>)[]): Promise<LabParent> {
  const published = zoneFromText({
    name: parentZone,
    nameservers: { [`ns.${parentZone}`]: nameserverAddress },
    records: [
      { name: child.zone, type: "NS", ttl, data: child.nameservers.map(({ name }) => name) },
      { name: child.zone, type: "DS", ttl, data: [child.ds] },
      ...child.nameservers.map(({ name, address }) => ({ name, type: "A", ttl, data: [address] })),
    ],
  });
  const signed = signZone(published);
  const nameserver = await startNameserver({ address: nameserverAddress, port: 0, zone: signed.zone });
  ending.push(() => nameserver.stop());
  const resolver = await startResolver({ address: resolverAddress, port: 0 }, [
    { name: nameOf(parentZone), servers: [nameserver] },
    { name: nameOf(child.zone), servers: child.nameservers },
  ]);
  ending.push(() => resolver.stop());
  return { zone: parentZone, nameserver, resolver, anchor: anchorOf(parentZone, signed.ds) };
}

/** The anchor for a zone of its own key's DS. */
export function anchorOf(zone: string, ds: string): LabAnchor {
  const [tag = "", algorithm = "", digestType = "", digest = ""] = ds.split(" ");
  return {
    text: `${zone} IN DS ${ds}\n`,
    bind: `trust-anchors { "${zone}" static-ds ${tag} ${algorithm} ${digestType} "${digest}"; };\n`,
  };
}

/** Writes the anchor in both forms, each with what a reader may do with it, and returns where. */
export function writeAnchor(folder: string, { zone, anchor, resolver }: LabParent, host: string): AnchorFiles {
  const files = { text: path.join(folder, "anchor.ds"), bind: path.join(folder, "anchor.conf") };
  const says = `The key of the zone ${zone} in this run: who trusts it can check what stands below.`;
  writeFileSync(files.text, `; ${says}\n${anchor.text}`);
  const command = `delv @${resolver.address} -p ${resolver.port} -a ${files.bind} +root=${zone} ${host}`;
  writeFileSync(files.bind, `# ${says}\n# ${command}\n${anchor.bind}`);
  return { ...files, command };
}

export interface AnchorFiles {
  /** Path of the anchor as master-file text. */
  readonly text: string;
  /** Path of the anchor for BIND's tools. */
  readonly bind: string;
  /** A command with which BIND's validator checks the service's address from the anchor down. */
  readonly command: string;
}
