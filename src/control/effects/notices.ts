import { endpointText } from "../../core/policy/endpoint.ts";
import type { Provider } from "../../core/policy/policy.ts";
import type { Clock } from "../../ports/clock.ts";
import type { NameserverEndpoint, SecondaryNotifier } from "../../ports/records.ts";

/** A nameserver that was told of a zone is not told again sooner than this: it may be transferring it. */
const noticeSpacingMs = 250;

/** NOTIFY to nameservers (RFC 1996), where the policy allows it, and not twice for one change. */
export class Notices {
  readonly #notifier: SecondaryNotifier;
  readonly #clock: Clock;
  readonly #told = new Map<string, number>();

  constructor(notifier: SecondaryNotifier, clock: Clock) {
    this.#notifier = notifier;
    this.#clock = clock;
  }

  /** Nobody waits for it: a NOTIFY that is lost costs time, nothing else. */
  tell(provider: Provider, zone: string, endpoints: readonly NameserverEndpoint[]): void {
    if (!provider.notify) return;
    const now = this.#clock.monotonic();
    const due = endpoints.filter((endpoint) => {
      const key = `${zone} ${endpointText(endpoint)}`;
      const told = this.#told.get(key);
      if (told !== undefined && now - told < noticeSpacingMs) return false;
      this.#told.set(key, now);
      return true;
    });
    if (due.length > 0) void this.#notifier.notify(zone, due);
  }
}
