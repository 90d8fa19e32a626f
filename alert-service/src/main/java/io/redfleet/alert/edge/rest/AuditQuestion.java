package io.redfleet.alert.edge.rest;

import io.redfleet.alert.audit.AuditQuery;
import io.redfleet.alert.audit.Cursor;
import io.redfleet.contracts.wire.Violation;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The words of a question on their way to a query; each that is wrong is named. */
final class AuditQuestion {
    private final List<Violation> wrong = new ArrayList<>();

    List<Violation> wrong() {
        return List.copyOf(wrong);
    }

    @Nullable
    Instant moment(String field, String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            wrong.add(new Violation(field, shortened(text), "a moment in ISO 8601, as 2026-01-31T12:00:00Z"));
            return null;
        }
    }

    int limit(String text) {
        if (text.isEmpty()) {
            return AuditQuery.LIMIT_USUAL;
        }
        if (text.matches("\\d{1,6}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= AuditQuery.LIMIT_MAX) {
                return limit;
            }
        }
        wrong.add(new Violation("limit", shortened(text), "a number from 1 to " + AuditQuery.LIMIT_MAX));
        return AuditQuery.LIMIT_USUAL;
    }

    @Nullable
    Cursor after(String text) {
        if (text.isEmpty()) {
            return null;
        }
        Optional<Cursor> cursor = Cursor.parse(text);
        if (cursor.isEmpty()) {
            wrong.add(new Violation("after", shortened(text), "what stood in next of the page before"));
        }
        return cursor.orElse(null);
    }

    @Nullable
    List<String> uids(@Nullable List<String> uids) {
        if (uids != null && uids.size() > AuditQuery.UIDS_MAX) {
            wrong.add(new Violation("uids", uids.size() + " lines", "at most " + AuditQuery.UIDS_MAX));
            return List.of();
        }
        return uids;
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) : text;
    }
}
