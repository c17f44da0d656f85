// The table of ARCHITECTURE.md ("The house"), as rules: who may import whom.
const at = (...folders) => folders.map((folder) => `(^|/)src/${folder}/`);
const libraries = "node_modules/";
const nodeBuiltIns =
  "^node:|^(assert|buffer|child_process|crypto|dgram|events|fs|http|http2|https|net|os|path|perf_hooks|process|readline|sqlite|stream|timers|tls|tty|url|util|v8|worker_threads|zlib)(/|$)";
const tests = "\\.(test|contract|fixture)\\.ts$";

/** From `folder`, nothing but these may be imported. */
const only = (name, folder, ...allowed) => ({
  name,
  severity: "error",
  from: { path: at(folder), pathNot: tests },
  to: { pathNot: [...at(folder), ...allowed] },
});

const common = [...at("ports", "core", "dns", "values", "transparency"), libraries, nodeBuiltIns];
const adapters = [
  "journal",
  "providers",
  "probes",
  "verification",
  "signatures",
  "notify",
  "credentials",
  "platform",
  "trust",
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-cycle", severity: "error", from: {}, to: { circular: true } },
    { name: "unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    only("values-import-nothing", "values", "^(node:)?crypto$"),
    only("wire-imports-values", "dns/wire", ...at("values")),
    only("dns-knows-no-policy", "dns", ...at("ports", "values"), nodeBuiltIns),
    only("core-is-pure", "core", ...at("values", "dns/wire"), `${libraries}zod/`),
    only("transparency-is-pure", "transparency", ...at("values"), "^(node:)?crypto$"),
    only("ports-name-values", "ports", ...at("core", "dns/wire", "values")),
    ...adapters.map((folder) => only(`${folder}-stands-apart`, folder, ...common)),
    only("control-knows-ports-alone", "control", ...at("ports", "core", "transparency", "dns/wire", "values")),
    only(
      "configuration-knows-policy-alone",
      "configuration",
      ...at("core/policy", "values"),
      `${libraries}(yaml|zod)/`,
    ),
    only(
      "evidence-knows-no-adapter",
      "evidence",
      ...at("ports", "core", "dns", "transparency", "values"),
      nodeBuiltIns,
    ),
    only("contract-is-schemas", "api/contract", ...at("values"), `${libraries}zod/`),
    only("routes-know-ports", "api/routes", ...at("api/contract", "ports", "core", "values"), libraries, nodeBuiltIns),
    only("frame-knows-no-command", "cli/frame", ...at("values"), nodeBuiltIns),
    only("formats-know-the-contract", "cli/format", ...at("cli/frame", "api/contract", "values"), nodeBuiltIns),
    only(
      "remote-commands-know-the-contract",
      "cli/remote",
      ...at("cli/frame", "cli/format", "api/contract", "values"),
      nodeBuiltIns,
    ),
    only(
      "local-commands-know-wiring",
      "cli/local",
      ...at("cli/frame", "cli/format", "configuration", "evidence", "dns", "core", "values", "wiring"),
      nodeBuiltIns,
    ),
    only(
      "signing-commands-know-core-and-contract",
      "cli/signing",
      ...at("cli/frame", "cli/format", "cli/remote", "cli/local", "api/contract", "core", "values", "wiring"),
      nodeBuiltIns,
    ),
    {
      name: "nothing-ships-the-lab",
      severity: "error",
      from: { path: "(^|/)src/", pathNot: tests },
      to: { path: "(^|/)(lab|test|bench)/", pathNot: "(^|/)src/" },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
