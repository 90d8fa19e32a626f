package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.AccountAction;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What account.sh is told. */
final class Accounting {
    /** Four minutes to look at what lies on the host, twenty seconds twice to meet others, and userdel's own time. */
    static final Duration PATIENCE = Duration.ofMinutes(6);

    private Accounting() {}

    static List<String> arguments(AccountAction it) {
        List<String> arguments = new ArrayList<>(List.of(Surveyor.WHOLE_MACHINE, it.base()));
        arguments.addAll(it.homes());
        return arguments;
    }
}
