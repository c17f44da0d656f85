import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  algorithms,
  digestOf,
  hasSingleKey,
  writeSource,
  type Denial,
  type ServedZone,
  type Signer,
  type SigningOrder,
} from "./signer.ts";
import { run } from "./tool.ts";

/** kzonesign and keymgr of Knot DNS; it makes its keys itself, by its policy. */
export const knotSigner: Signer = {
  name: "knot",
  sign: (order, folder) => knotSign({ ...order, keys: [] }, folder),
};

export interface KnotSigning extends SigningOrder {
  /** Attributes of keys for `keymgr generate`, in place of those that the policy would make. */
  readonly keys: readonly (readonly string[])[];
}

export async function knotSign(order: KnotSigning, folder: string): Promise<ServedZone> {
  const { name } = order;
  const configuration = configure(order, folder);
  const keymgr = (...args: readonly string[]) => run("/usr/sbin/keymgr", ["-c", configuration, name, ...args], folder);
  for (const attributes of order.keys) {
    // oxlint-disable-next-line no-await-in-loop -- one database, one writer
    await keymgr("generate", ...attributes);
  }
  const out = path.join(folder, "signed");
  mkdirSync(out);
  await run("/usr/bin/kzonesign", ["-c", configuration, "-o", out, name], folder);
  const lines = (await keymgr("ds")).trim().split("\n");
  const ds = lines.map((line) => line.split(" DS ")[1] ?? "");
  const wanted = ds.filter((rdata) => Number(rdata.split(" ")[2]) === digestOf(name));
  return { name, file: path.join(out, `${name}source`), ds: wanted };
}

function configure(order: KnotSigning, folder: string): string {
  mkdirSync(path.join(folder, "kasp"));
  const source = writeSource(order, folder);
  const text = `
server:
    rundir: "${folder}"
database:
    storage: "${folder}/kasp"
    kasp-db-max-size: 16M
policy:
  - id: corpus
    algorithm: ${algorithms[order.algorithm]}
${hasSingleKey(order.algorithm) ? "    ksk-size: 2048" : ""}
    single-type-signing: ${hasSingleKey(order.algorithm) ? "on" : "off"}
    manual: ${order.keys.length > 0 ? "on" : "off"}
    cds-cdnskey-publish: none
${chain(order.denial)}
zone:
  - domain: ${order.name}
    file: "${source}"
    dnssec-signing: on
    dnssec-policy: corpus
`;
  const file = path.join(folder, "knot.conf");
  writeFileSync(file, text);
  return file;
}

function chain(denial: Denial): string {
  if (denial === "nsec") return "    nsec3: off";
  const optOut = denial === "optout" ? "on" : "off";
  return ["nsec3: on", "nsec3-iterations: 0", "nsec3-salt-length: 0", `nsec3-opt-out: ${optOut}`]
    .map((line) => `    ${line}`)
    .join("\n");
}
