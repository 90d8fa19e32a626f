package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Member;
import java.util.ArrayList;
import java.util.List;

/** Gathers what was judged of one subject after the other. */
final class Checks {
    private final List<Check> all = new ArrayList<>();

    List<Check> all() {
        return List.copyOf(all);
    }

    /** @param found what was found, told where it does not hold */
    void holds(Rule rule, HostName host, String subject, boolean holds, String found) {
        if (holds) {
            all.add(new Check(rule, host, subject, Check.Result.PASSED, ""));
        } else {
            all.add(new Check(rule, host, subject, Check.Result.BROKEN, found));
        }
    }

    void unknown(Rule rule, HostName host, String subject, String why) {
        all.add(new Check(rule, host, subject, Check.Result.UNKNOWN, why));
    }

    /** Of an instance as a whole. */
    void holds(Rule rule, Member member, boolean holds, String found) {
        holds(rule, member.id().host(), member.id().value(), holds, found);
    }

    /** The same, and it is told alone, whatever its rule says. */
    void told(Rule rule, Member member, boolean holds, String found) {
        Check.Result result = holds ? Check.Result.PASSED : Check.Result.BROKEN;
        all.add(new Check(rule, member.id().host(), member.id().value(), result, holds ? "" : found, false));
    }

    void unknown(Rule rule, Member member, String why) {
        unknown(rule, member.id().host(), member.id().value(), why);
    }
}
