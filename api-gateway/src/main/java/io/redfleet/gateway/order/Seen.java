package io.redfleet.gateway.order;

import io.redfleet.contracts.wire.Position;
import java.time.Duration;
import java.util.List;

/** How far this gateway's views have read. */
public interface Seen {
    /** Waits until the views include all these records; false once the time is over. */
    boolean passed(List<Position> positions, Duration patience);
}
