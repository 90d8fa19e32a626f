package io.redfleet.contracts.event;

import io.redfleet.contracts.wire.ServiceName;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The table of event types, read off the annotations of the permitted records. */
public final class EventTypes {
    private static final String PREFIX = "io.redfleet.";
    private static final String SUFFIX = ".v1";
    private static final Map<String, Class<? extends Event>> BY_NAME = new TreeMap<>();

    static {
        collect(Event.class);
    }

    private EventTypes() {}

    /** Every short name, as {@code instance.down}, with its record; sorted. */
    public static Map<String, Class<? extends Event>> all() {
        return Collections.unmodifiableMap(BY_NAME);
    }

    /** The CloudEvents type, as {@code io.redfleet.instance.down.v1}. */
    public static String wireName(Event event) {
        return PREFIX + shortName(event.getClass()) + SUFFIX;
    }

    public static String shortName(Class<? extends Event> type) {
        return annotation(type).value();
    }

    public static ServiceName writer(Class<? extends Event> type) {
        return annotation(type).writer();
    }

    /** The record of a CloudEvents type; empty for one that this release does not know. */
    public static Optional<Class<? extends Event>> byWireName(String type) {
        if (!type.startsWith(PREFIX) || !type.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        return Optional.ofNullable(BY_NAME.get(type.substring(PREFIX.length(), type.length() - SUFFIX.length())));
    }

    private static EventType annotation(Class<? extends Event> type) {
        EventType annotation = type.getAnnotation(EventType.class);
        if (annotation == null) {
            throw new IllegalStateException(type + " bears no @EventType");
        }
        return annotation;
    }

    private static void collect(Class<?> sealedType) {
        for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                collect(permitted);
            } else {
                Class<? extends Event> type = permitted.asSubclass(Event.class);
                Class<?> earlier = BY_NAME.put(shortName(type), type);
                if (earlier != null) {
                    throw new IllegalStateException("two records are called " + shortName(type));
                }
            }
        }
    }
}
