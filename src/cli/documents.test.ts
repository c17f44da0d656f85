import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readPolicy } from "../configuration/policy-file.ts";
import { readSettings } from "../configuration/settings.ts";
import { sharedOptions } from "./frame/arguments.ts";
import { controllerCommands, ownCommands } from "./signing/index.ts";

const root = path.resolve(import.meta.dirname, "../..");
const documents = [...readdirSync(root), ...readdirSync(path.join(root, "docs")).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({ name, text: read(name) }));
const names = z.record(z.string(), z.string());
const manifest = z
  .object({ scripts: names, dependencies: names, devDependencies: names })
  .parse(JSON.parse(read("package.json")));
const commands = new Map([...ownCommands, ...controllerCommands].map((command) => [command.name, command]));

function read(name: string): string {
  return readFileSync(path.join(root, name), "utf8");
}

/** What the expression's first group finds, each once. */
function found(text: string, expression: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(expression)].map(([, first = ""]) => first))];
}

describe.each(documents)("$name says only what is there:", ({ name, text }) => {
  it("files and folders", () => {
    const written = found(text, /`((?:src|test|lab|bench|docs|examples|tools|toolchain|bin)\/[\w./-]*)`/g);
    const linked = found(text, /\]\((?!https?:|#)([^)#]+)[^)]*\)/g).map((link) => path.join(path.dirname(name), link));
    const missing = [...written, ...linked].filter((file) => !existsSync(path.join(root, file)));
    expect(missing).toEqual([]);
  });

  it("tests, by their names", () => {
    const named = [...text.matchAll(/`((?:src|test)\/[\w./-]+\.ts)`((?:,? "[^"]+")+)/g)];
    const missing = named.flatMap(([, file = "", titles = ""]) =>
      found(titles, /"([^"]+)"/g).filter((title) => !read(file).includes(title)),
    );
    expect(missing).toEqual([]);
  });

  it("commands of pointsman, with their options", () => {
    const calls = [...text.matchAll(/(?:^|`|\$ )pointsman ([a-z-]+)([^`\n#]*)/gm)];
    const wrong = calls.flatMap(([call, word = "", rest = ""]) => {
      const command = commands.get(word);
      if (command === undefined) return [call];
      const options = found(rest, /--([a-z-]+)/g);
      return options.some((option) => !(option in command.options) && !(option in sharedOptions)) ? [call] : [];
    });
    expect(wrong).toEqual([]);
  });

  it("scripts of npm", () => {
    const missing = found(text, /npm run ([\w:]+)/g).filter((script) => !(script in manifest.scripts));
    expect(missing).toEqual([]);
  });
});

describe("README.md", () => {
  const blocks = found(read("README.md"), /```yaml\n([^]*?)```/g);
  const blockOf = (file: string): string => blocks.find((block) => block.startsWith(`# ${file}\n`)) ?? "";

  it("has a policy and settings that are valid, together", () => {
    const { policy, findings } = readPolicy(blockOf("policy.yaml"), "policy.yaml");
    expect(findings).toEqual([]);
    for (const mode of ["observe", "act"]) {
      const text = blockOf("pointsman.yaml").replace("mode: observe", `mode: ${mode}`);
      const { settings, findings: wrong } = readSettings(text, "pointsman.yaml", policy);
      expect(wrong).toEqual([]);
      expect(settings).toMatchObject({ mode });
    }
  });

  it("has every command", () => {
    const text = read("README.md");
    expect([...commands.keys()].filter((name) => !text.includes(`pointsman ${name}`))).toEqual([]);
  });
});

describe("docs/journal.md", () => {
  it("has every type of event, and no other", () => {
    const tables = read("docs/journal.md").split("## Events of a service")[1] ?? "";
    const written = found(tables, /`([a-z]+(?:-[a-z]+)+)`(?=[,` a-z-]*\|)/g).filter((type) => type !== "policy");
    const source = read("src/core/failover/event.ts") + read("src/core/authority/authority-event.ts");
    const types = found(source, /type: "([a-z-]+)"/g);
    expect(written.toSorted()).toEqual(types.toSorted());
  });
});

describe("docs/operations.md", () => {
  it("has every metric, and no other", () => {
    const written = found(read("docs/operations.md"), /\| `(pointsman_[a-z_]+)`/g);
    const source = read("src/api/routes/metrics.ts");
    const gauges = found(source, /gauge\("([a-z_]+)"/g).map((name) => `pointsman_${name}`);
    const others = found(source, /name: "(pointsman_[a-z_]+)"/g);
    expect(written.toSorted()).toEqual([...gauges, ...others].toSorted());
  });
});

describe("docs/dependencies.md", () => {
  it("has a line for each dependency", () => {
    const text = read("docs/dependencies.md");
    const all = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(all.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
