import { z } from "zod";
import { policyDocument } from "../core/policy/document.ts";
import { settingsDocument } from "./settings-document.ts";

export interface PublishedSchema {
  /** In the folder of the published schemas. */
  readonly path: string;
  readonly text: string;
}

/** The JSON Schemas (draft 2020-12) that editors check policy and settings by; in `docs/schema/`. */
export function publishedSchemas(): readonly PublishedSchema[] {
  return [
    { path: "policy.schema.json", text: textOf("Pointsman policy", policyDocument) },
    { path: "settings.schema.json", text: textOf("Pointsman settings", settingsDocument) },
  ];
}

function textOf(title: string, schema: z.ZodType): string {
  return `${JSON.stringify({ title, ...z.toJSONSchema(schema, { io: "input" }) }, null, 2)}\n`;
}
