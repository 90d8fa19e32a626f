package io.redfleet.provisioner.verify;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What {@code bind} says. */
final class Listening {
    private static final Set<String> ALL = Set.of("*", "0.0.0.0", "::", "::*");

    private Listening() {}

    /**
     * Whether it names the address, and none that stands for all. Others beside it, such as loopback, do no harm; a dash before
     * one lets Redis start without it.
     */
    static boolean only(String bind, String address) {
        List<String> named = Stream.of(bind.strip().split("\\s+", -1))
                .map(word -> word.startsWith("-") ? word.substring(1) : word)
                .toList();
        return named.contains(address) && named.stream().noneMatch(ALL::contains);
    }
}
