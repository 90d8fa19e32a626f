package io.redfleet.bus.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.deser.DurationDeserializer;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which times and durations a record may hold: those of RFC 3339, whose years have four digits, and less than a century.
 * Java reads far more, and whoever then adds two of them, or stores one, fails far from the record.
 */
final class Times {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Times() {}

    static boolean holds(Instant time) {
        return !time.isBefore(FIRST) && !time.isAfter(END);
    }

    static boolean holds(Duration duration) {
        // abs() of the longest negative one has no answer.
        return duration.compareTo(LONGEST) <= 0 && duration.compareTo(LONGEST.negated()) >= 0;
    }

    static void readBy(SimpleModule module) {
        module.addDeserializer(
                Instant.class,
                new Bounded<>(
                        Instant.class, InstantDeserializer.INSTANT, Times::holds, "a time has a year of four digits"));
        module.addDeserializer(
                Duration.class,
                new Bounded<>(
                        Duration.class,
                        DurationDeserializer.INSTANCE,
                        Times::holds,
                        "a duration is less than a century"));
    }

    private static final class Bounded<T> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1L;

        private final transient JsonDeserializer<T> any;
        private final transient Predicate<T> holds;
        private final String rule;

        Bounded(Class<T> type, JsonDeserializer<T> any, Predicate<T> holds, String rule) {
            super(type);
            this.any = any;
            this.holds = holds;
            this.rule = rule;
        }

        /** Null for an empty string, as Jackson has it; then it is missing. */
        @Override
        public @Nullable T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            T read = any.deserialize(in, context);
            if (read != null && !holds.test(read)) {
                throw JsonMappingException.from(context, rule);
            }
            return read;
        }
    }
}
