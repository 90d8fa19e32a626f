package io.redfleet.alert.edge.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.redfleet.alert.notice.Notice;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.alert.Incident;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A notice as receivers get it.
 *
 * @param key the same in every attempt
 * @param kind {@code first}, {@code updated}, {@code resolved} or {@code reminder}
 * @param reminder null, and not written, for every kind but the last
 * @param story the events that hang on the incident, by time
 */
record NoticeBody(
        String key,
        String kind,
        Instant at,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Again reminder,
        Incident incident,
        List<Line> story) {
    /** One event of the story. */
    record Line(Instant time, String type, String subject, String reason) {}

    /**
     * What a reminder says of itself.
     *
     * @param number counts the reminders of this incident to this receiver from 1
     * @param openFor until {@code at}, in words
     * @param text a sentence of all of it
     */
    record Again(int number, Instant openSince, String openFor, String text) {
        static Again of(Notice notice) {
            Instant since = notice.incident().openedAt();
            String text = "Reminder " + notice.reminder() + ": open for " + notice.openFor() + ", since " + since
                    + ", and acknowledged by nobody";
            return new Again(notice.reminder(), since, notice.openFor(), text);
        }
    }

    static String of(Notice notice, List<Line> story) {
        var body = new NoticeBody(
                notice.key(),
                notice.kind().name().toLowerCase(Locale.ROOT),
                notice.at(),
                notice.kind() == Notice.Kind.REMINDER ? Again.of(notice) : null,
                notice.incident(),
                story);
        return new String(Codec.bytes(body), UTF_8);
    }
}
