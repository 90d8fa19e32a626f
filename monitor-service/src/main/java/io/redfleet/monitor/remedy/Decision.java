package io.redfleet.monitor.remedy;

import io.redfleet.contracts.health.Remediation.Action;

/** What becomes of a restart, or a stop, that is due. */
public sealed interface Decision {
    record Ask(Action action, String reason) implements Decision {}

    /** Not now; the cycle does not count. */
    record Hold(String reason) implements Decision {}

    /** It would be asked for, were it not for the mode or the brake. */
    record Would(Action action, String because) implements Decision {}
}
