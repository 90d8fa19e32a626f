package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.Member;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Who may reach an instance: what {@code bind} and {@code protected-mode} say. */
final class Listening {
    private static final Set<String> ALL = Set.of("*", "0.0.0.0", "::", "::*");

    private Listening() {}

    /**
     * Judges them of an instance. Where one listens that was adopted is its builder's choice, which no apply changes: it is told.
     *
     * @param adopted whether somebody else built it
     * @param guarded whether its cluster has users of its own, and so a protected mode
     * @param settings by their names; one that is not there is not known
     * @param unknown why one is not, with {@code %s} for its name
     */
    static void judge(
            Checks checks,
            Member member,
            boolean adopted,
            boolean guarded,
            Map<String, String> settings,
            String unknown) {
        String bind = settings.get("bind");
        if (bind == null) {
            checks.unknown(Rule.BIND, member, unknown.replace("%s", "bind"));
        } else {
            boolean holds = only(bind, member.endpoint().host());
            String said = "bind is '" + bind + "'";
            if (adopted) {
                checks.told(Rule.BIND, member, holds, said);
            } else {
                checks.holds(Rule.BIND, member, holds, said);
            }
        }
        if (!guarded) {
            return;
        }
        String mode = settings.get("protected-mode");
        if (mode == null) {
            checks.unknown(Rule.PROTECTED, member, unknown.replace("%s", "protected-mode"));
        } else {
            checks.holds(Rule.PROTECTED, member, mode.equals("yes"), "protected-mode is " + mode);
        }
    }

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
