import type { EffectHandlers } from "../effect-runner.ts";
import { checkServiceEffect } from "./check-service.ts";
import type { EffectContext } from "./context.ts";
import { notifyEffect } from "./notify.ts";
import { readBackEffect } from "./read-back.ts";
import { readRecordsEffect } from "./read-records.ts";
import { verifyEffect } from "./verify.ts";
import { writeEffect } from "./write.ts";

/** Every kind of effect, one file each. */
export function effectHandlers(context: EffectContext): EffectHandlers {
  return {
    "read-records": readRecordsEffect(context),
    write: writeEffect(context),
    "read-back": readBackEffect(context),
    verify: verifyEffect(context),
    "check-service": checkServiceEffect(context),
    notify: notifyEffect(context),
  };
}
