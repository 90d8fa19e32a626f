package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.PasswordAction;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Script;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;

/** The scripts about passwords. What is secret comes on standard input, never as an argument. */
final class Handover {
    /** Half a dozen commands, each of which has 2 s, and what syncs a file, which has 15 s. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    private Handover() {}

    /** @param script of a name and its words */
    static Script of(PasswordAction action, BiFunction<String, List<String>, Script> script) {
        Place place = action.place();
        String address = place.host().address();
        return switch (action) {
            case PasswordAction.Take it ->
                script.apply(
                                "password",
                                List.of(
                                        address,
                                        place.port(),
                                        it.user(),
                                        it.change().word(),
                                        it.directory()))
                        .carrying(String.join("\n", it.hashes()));
            case PasswordAction.Use it ->
                script.apply(
                                "handover",
                                List.of(address, place.port(), it.setting().word(), it.directory(), it.masterName()))
                        .carrying(it.secret().reveal());
        };
    }
}
