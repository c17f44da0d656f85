import type { CommandId } from "../../values/ids.ts";
import type { JsonObject } from "../../values/json.ts";

/** Who sends a command. */
export interface Sender {
  readonly kind: "controller" | "local-user" | "person" | "automation";
  readonly id: string;
  readonly method: "internal" | "local-user" | "statement";
}

/** What is asked of the core. Seen before by its id, it returns its first result. */
export interface Command<Kind extends string = string, Data extends JsonObject = JsonObject> {
  readonly id: CommandId;
  readonly kind: Kind;
  /** The stream that it is for: `service/login`, `policy`, `fleet`. */
  readonly stream: string;
  readonly by: Sender;
  readonly data: Data;
}

/** What is due. Equal keys are the same work: it runs once at a time. */
export interface Action<Kind extends string = string, Data extends JsonObject = JsonObject> {
  readonly key: string;
  readonly kind: Kind;
  readonly data: Data;
}
