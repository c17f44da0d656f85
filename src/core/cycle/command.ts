import type { JsonObject } from "../../values/json.ts";

/** Who sends a command. */
export interface Sender {
  readonly kind: "controller" | "local-user" | "person" | "automation";
  /** An opaque id: `uid:1000`, a person's id, or the controller's own. */
  readonly id: string;
  readonly method: "internal" | "local-user" | "statement";
}

/** What is due at the edge. Equal keys are the same work: it runs once at a time. */
export interface Action<Kind extends string = string, Data extends JsonObject = JsonObject> {
  readonly key: string;
  readonly kind: Kind;
  readonly data: Data;
}
