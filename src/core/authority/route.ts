import type { FleetRequest, ServiceRequest } from "../cycle/service-command.ts";
import type { AnyStatement } from "./terms.ts";

/** What a statement asks, of a service or of the installation. Total and without state: a verifier does the same again. */
export function routeOf(
  _statement: AnyStatement,
): { readonly service: string; readonly request: ServiceRequest } | { readonly request: FleetRequest } {
  throw new Error("not built");
}
