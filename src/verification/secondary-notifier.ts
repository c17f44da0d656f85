import { nameOf } from "../dns/wire/name.ts";
import { buildNotify } from "../dns/update/update.ts";
import { messageId } from "../dns/resolution/ask.ts";
import { sendWithoutAnswer } from "../dns/transport/udp.ts";
import type { Entropy } from "../ports/clock.ts";
import type { SecondaryNotifier } from "../ports/records.ts";
import { publicView } from "../core/policy/zone-key.ts";
import type { ReaderMeans } from "./ask.ts";

/**
 * Sends NOTIFY (RFC 1996) to secondaries in the primary's stead: a primary may let them wait for 0.5 to 1 s. No serial is
 * hinted at, so that a secondary asks the primary for it, and none can be misled.
 */
export function secondaryNotifier(entropy: Entropy, sourceOf?: ReaderMeans["sourceOf"]): SecondaryNotifier {
  return {
    notify(zone, servers) {
      const name = nameOf(zone);
      return sendWithoutAnswer(
        servers.map(({ address, port, view }) => ({
          address,
          port,
          source: sourceOf?.(view ?? publicView),
          message: buildNotify(name, messageId(entropy)),
        })),
      );
    },
  };
}
