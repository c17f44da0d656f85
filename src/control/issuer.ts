import type { Sender, Spoken } from "../core/cycle/command.ts";
import type { FleetCommand, FleetRequest, ServiceCommand, ServiceRequest } from "../core/cycle/service-command.ts";
import { type CommandId, commandId, type Epoch } from "../values/ids.ts";

/** Makes the commands that the controller sends itself. Their ids are new in each epoch. */
export class Issuer {
  readonly #epoch: Epoch;
  readonly #automation: Sender;
  readonly #controller: Sender;
  #issued = 0;

  constructor(epoch: Epoch, controllerId: string) {
    this.#epoch = epoch;
    this.#automation = { kind: "automation", id: controllerId, method: "internal" };
    this.#controller = { kind: "controller", id: controllerId, method: "internal" };
  }

  /** The automation takes one step. */
  advance(service: string): ServiceCommand {
    return { id: this.#id(), service, by: this.#automation, request: { kind: "advance" } };
  }

  /** What came of an effect. */
  result(service: string, request: ServiceRequest): ServiceCommand {
    return { id: this.#id(), service, by: this.#controller, request };
  }

  /** A statement that is valid in all but the head of the log is handed on by the controller. */
  disputeLog(spoken: Spoken): FleetCommand {
    return { id: this.#id(), by: this.#controller, request: { kind: "dispute-log" }, spoken };
  }

  /** What is due by itself in people and policy. */
  installation(request: FleetRequest): FleetCommand {
    return { id: this.#id(), by: this.#controller, request };
  }

  get controller(): Sender {
    return this.#controller;
  }

  #id(): CommandId {
    this.#issued += 1;
    return commandId(`${this.#epoch}.${this.#issued}`);
  }
}
