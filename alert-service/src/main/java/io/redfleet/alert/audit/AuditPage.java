package io.redfleet.alert.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries by time, the newest first.
 *
 * @param next where the next page begins; null when this is the last
 */
public record AuditPage(List<AuditEntry> entries, @Nullable Cursor next) {
    public AuditPage {
        entries = List.copyOf(entries);
    }
}
