// `node test/saboteurs/run.ts [N1 ...]`: each patch beside this file removes one guard of what must never happen (design
// §4). It is applied to a copy of the tree, and the tests named after that promise must go red there. A patch says in its
// first line what it does, and then which file of tests is for it.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const copied = ["src", "test", "lab", "package.json", "tsconfig.json", "vitest.config.ts"];

/** Copies at a time: each keeps about one core busy. */
const workers = 2;

/** A saboteur that makes the code run in circles is no use: it is told as one that breaks everything. */
const runMsMax = 180_000;

interface Saboteur {
  /** `N1` */
  readonly promise: string;
  readonly name: string;
  readonly file: string;
  readonly says: string;
  readonly tests: string;
}

interface TestRun {
  /** Full names. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** Why nothing could be run, when it could not. */
  readonly broken: string | undefined;
}

/** Applies each saboteur of these promises (all of them when none is named), and returns the sentences of what survived. */
export async function runSaboteurs(
  promises: readonly string[],
  tell: (line: string) => void,
): Promise<readonly string[]> {
  const chosen = saboteurs().filter(({ promise }) => promises.length === 0 || promises.includes(promise));
  const faults = await healthy(chosen);
  const waiting = faults.length === 0 ? [...chosen] : [];
  const work = async (): Promise<void> => {
    for (let saboteur = waiting.shift(); saboteur !== undefined; saboteur = waiting.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- each worker has one copy at a time, which runs many tests
      const fault = await survives(saboteur);
      tell(`${fault === undefined ? "found" : "SURVIVED"} ${saboteur.name}: ${saboteur.says}`);
      if (fault !== undefined) faults.push(fault);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return faults;
}

function saboteurs(): readonly Saboteur[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".patch"))
    .toSorted()
    .map((file) => {
      const [says = "", second = ""] = readFileSync(join(import.meta.dirname, file), "utf8").split("\n");
      const tests = /^Test: (\S+)$/.exec(second)?.[1];
      const promise = /^(N\d+)-/.exec(file)?.[1];
      if (tests === undefined || promise === undefined) throw new Error(`${file} does not say what it is for`);
      return { promise, name: file.replace(/\.patch$/, ""), file: join(import.meta.dirname, file), says, tests };
    });
}

/** Without a saboteur the tests are green: else their going red would say nothing. */
async function healthy(chosen: readonly Saboteur[]): Promise<string[]> {
  const folder = copyOfTree();
  try {
    const faults: string[] = [];
    for (const tests of new Set(chosen.map((saboteur) => saboteur.tests))) {
      // oxlint-disable-next-line no-await-in-loop -- one file after the other
      const { passed, failed, broken } = await runTests(folder, tests, undefined);
      if (broken !== undefined || failed.length > 0)
        faults.push(`${tests} is not green to begin with: ${broken ?? failed.join("; ")}`);
      for (const { promise } of chosen.filter((saboteur) => saboteur.tests === tests))
        if (!passed.some((name) => isOf(name, promise))) faults.push(`${tests} has no test of ${promise}`);
    }
    return faults;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function survives({ promise, name, file, tests }: Saboteur): Promise<string | undefined> {
  const folder = copyOfTree();
  try {
    const applied = await run("git", ["apply", "--recount", file], folder);
    if (applied.code !== 0) return `${name} does not apply any more: ${applied.output}`;
    const { failed, broken } = await runTests(folder, tests, promise);
    if (broken !== undefined) return `${name} breaks the code altogether: ${broken}`;
    return failed.some((test) => isOf(test, promise)) ? undefined : `${name} survived: no test of ${promise} went red`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isOf(test: string, promise: string): boolean {
  return test.startsWith(`${promise}:`);
}

function copyOfTree(): string {
  const folder = mkdtempSync(join(tmpdir(), "saboteur-"));
  for (const each of copied) cpSync(join(root, each), join(folder, each), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

async function runTests(folder: string, tests: string, promise: string | undefined): Promise<TestRun> {
  const report = join(folder, "report.json");
  const only = promise === undefined ? [] : ["--testNamePattern", `^${promise}:`];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { output } = await run(
    process.execPath,
    [vitest, "run", tests, "--root", folder, "--reporter=json", `--outputFile=${report}`, ...only],
    folder,
  );
  return readReport(report, output);
}

function readReport(file: string, output: string): TestRun {
  try {
    const { testResults }: Report = JSON.parse(readFileSync(file, "utf8"));
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    const named = (status: string): readonly string[] =>
      results.filter((one) => one.status === status).map(({ fullName }) => fullName.trim());
    const message = testResults.find(({ assertionResults }) => assertionResults.length === 0)?.message;
    return {
      passed: named("passed"),
      failed: named("failed"),
      broken: results.length === 0 ? (message ?? output) : undefined,
    };
  } catch {
    return { passed: [], failed: [], broken: output };
  }
}

/** What vitest's reporter `json` writes, as far as we read it. */
interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

function run(
  command: string,
  given: readonly string[],
  cwd: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, given, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: runMsMax,
      killSignal: "SIGKILL",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (octets: Buffer) => {
        output = (output + octets.toString()).slice(-4000);
      });
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ code, output });
    });
  });
}

if (import.meta.main) {
  const faults = await runSaboteurs(process.argv.slice(2), (line) => process.stdout.write(`${line}\n`));
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
