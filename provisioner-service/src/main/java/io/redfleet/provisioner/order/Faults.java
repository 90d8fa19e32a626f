package io.redfleet.provisioner.order;

import io.redfleet.provisioner.apply.Ledger;
import java.util.concurrent.CompletionException;

/** Where mistakes of Redfleet's own are written down, each once and with its stack. Thread-safe. */
public interface Faults {
    int SHOWN_CHARACTERS = 500;

    /** @param during what was being done, as {@code operation 0abc-1f} */
    void found(String during, Throwable fault);

    /**
     * What was thrown, without the wrapping of the thread that it came from.
     *
     * @throws Ledger.Lost if it was that, which is no fault
     */
    static Throwable unwrapped(RuntimeException thrown) {
        Throwable fault = thrown;
        while (fault instanceof CompletionException && fault.getCause() != null) {
            fault = fault.getCause();
        }
        if (fault instanceof Ledger.Lost lost) {
            throw lost;
        }
        return fault;
    }

    /** One sentence for whoever asked for what failed. */
    static String said(Throwable fault) {
        String said = fault.toString();
        return "a fault of Redfleet's own: " + said.substring(0, Math.min(said.length(), SHOWN_CHARACTERS));
    }
}
