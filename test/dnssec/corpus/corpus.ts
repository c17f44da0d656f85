import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import type { SigningKey } from "../../../src/dns/dnssec/sign.fixture.ts";
import { startNsd } from "../../servers/nsd.ts";
import type { RunningServer } from "../../servers/process.ts";
import { bindSigner } from "./bind-signer.ts";
import { hostileKey, hostileZone } from "./hostile.ts";
import { knotSigner } from "./knot-signer.ts";
import { ldnsSigner } from "./ldns-signer.ts";
import { shapeQuestions, type CorpusQuestion } from "./questions.ts";
import { writeSource, type ServedZone, type ZoneSource } from "./signer.ts";
import { specialZones } from "./special.ts";
import { plainQuestions } from "./unusual.ts";
import { mapWide } from "./tool.ts";
import { plainLines, shapeZones, tops, unsignedChildren, type ShapeZone } from "./zones.ts";

/** Zones made and signed by this run, served by one NSD with authority for all of them, root included. */
export interface Corpus {
  readonly server: RunningServer;
  readonly zones: readonly ServedZone[];
  readonly questions: readonly CorpusQuestion[];
  /** The key-signing key of the root, as a line of a master file. */
  readonly anchor: string;
  /** The key of `hostile.alpha.`, in our hands. */
  readonly hostile: SigningKey;
  /** How long the making took. */
  readonly madeInMs: number;
  stop(): Promise<void>;
}

const signers = { bind: bindSigner, ldns: ldnsSigner, knot: knotSigner } as const;

/** Keys, zones and server, all new. @throws Error with the signer's own words when one of them fails. */
export async function makeCorpus(): Promise<Corpus> {
  const begin = performance.now();
  const folder = mkdtempSync(path.join(tmpdir(), "pointsman-corpus-"));
  try {
    const made = await makeZones(folder);
    const server = await startNsd({ zones: made.zones });
    const madeInMs = Math.round(performance.now() - begin);
    const stop = async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    };
    return { ...made, server, madeInMs, stop };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

type Made = Pick<Corpus, "zones" | "questions" | "anchor" | "hostile">;

async function makeZones(folder: string): Promise<Made> {
  const shapes = shapeZones();
  const hostile = hostileKey();
  const width = availableParallelism();
  const [signedShapes, specials] = await Promise.all([
    mapWide(shapes, width, (zone) => signers[zone.signer].sign(zone, folderFor(folder, zone.name))),
    mapWide([...specialZones, hostileZone(hostile)], width, async (special) => ({
      zone: await special.make(folderFor(folder, special.name)),
      questions: special.questions,
    })),
  ]);
  const leaves = [...signedShapes, ...specials.map(({ zone }) => zone)];
  const unsigned = unsignedZones(shapes, folder);
  const signedTops = await Promise.all(
    Object.entries(tops).map(([name, { signer, denial }]) => {
      const children = [...leaves, ...unsigned].filter((zone) => isChild(zone.name, name));
      return signers[signer].sign(
        { name, lines: children.flatMap(delegation), algorithm: 13, denial },
        folderFor(folder, name),
      );
    }),
  );
  const root = await signRoot([...signedTops, ...unsigned.filter((zone) => zone.name === "plain.")], folder);
  return {
    zones: [root, ...signedTops, ...leaves, ...unsigned],
    questions: [
      ...shapes.flatMap(shapeQuestions),
      ...specials.flatMap(({ questions }) => questions),
      ...plainQuestions,
    ],
    anchor: keySigningKey(root),
    hostile,
  };
}

function unsignedZones(shapes: readonly ShapeZone[], folder: string): readonly ServedZone[] {
  const names = [
    "plain.",
    "unsigned.gamma.",
    ...shapes.flatMap((zone) => unsignedChildren.map((child) => `${child}.${zone.name}`)),
  ];
  return names.map((name) => ({
    name,
    file: writeSource({ name, lines: plainLines }, folderFor(folder, name)),
    ds: [],
  }));
}

function signRoot(children: readonly ServedZone[], folder: string): Promise<ServedZone> {
  const source: ZoneSource = { name: ".", lines: children.flatMap(delegation) };
  return bindSigner.sign({ ...source, algorithm: 13, denial: "nsec" }, folderFor(folder, "root"));
}

function isChild(name: string, parent: string): boolean {
  return name.endsWith(`.${parent}`) && !name.slice(0, -parent.length - 1).includes(".");
}

function delegation(zone: ServedZone): readonly string[] {
  return [
    `${zone.name} NS ns.${zone.name}`,
    `ns.${zone.name} A 127.0.0.1`,
    ...zone.ds.map((rdata) => `${zone.name} DS ${rdata}`),
  ];
}

function keySigningKey(zone: ServedZone): string {
  const line = readFileSync(zone.file, "utf8")
    .split("\n")
    .find((text) => /\sDNSKEY\s+257\s/.test(text));
  if (line === undefined) throw new Error(`${zone.name} has no key-signing key`);
  return line;
}

function folderFor(root: string, name: string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  return folder;
}
