package io.redfleet.alert.edge.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.alert.notice.Notice;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.alert.Incident;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A notice as receivers get it.
 *
 * @param key the same in every attempt
 * @param kind {@code first}, {@code updated} or {@code resolved}
 * @param story the events that hang on the incident, by time
 */
record NoticeBody(String key, String kind, Instant at, Incident incident, List<Line> story) {
    /** One event of the story. */
    record Line(Instant time, String type, String subject, String reason) {}

    static String of(Notice notice, List<Line> story) {
        var body = new NoticeBody(
                notice.key(), notice.kind().name().toLowerCase(Locale.ROOT), notice.at(), notice.incident(), story);
        return new String(Codec.bytes(body), UTF_8);
    }
}
