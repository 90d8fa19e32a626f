package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.AccessAction;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What users.sh, watch.sh, enter.sh, enlist.sh and leave.sh are given; what is secret travels beside the words. */
final class Entering {
    /** A dozen commands, each of which has 2 s. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private Entering() {}

    static String script(AccessAction action) {
        return switch (action) {
            case AccessAction.Users users -> "users";
            case AccessAction.Watch watch -> "watch";
            case AccessAction.Enter enter -> "enter";
            case AccessAction.Enlist enlist -> "enlist";
            case AccessAction.Leave leave -> "leave";
        };
    }

    static List<String> arguments(AccessAction action) {
        Place place = action.place();
        List<String> arguments = new ArrayList<>(List.of(place.host().address(), place.port()));
        switch (action) {
            case AccessAction.Users it -> arguments.addAll(List.of(it.directory(), it.masterName()));
            case AccessAction.Watch it -> {
                arguments.addAll(List.of(
                        it.masterName(),
                        it.master().host(),
                        "" + it.master().port(),
                        "" + it.quorum(),
                        "" + AccessAction.Watch.OUT_OF_REACH));
                it.settings().forEach((option, value) -> arguments.addAll(List.of(option, value)));
            }
            case AccessAction.Enter it -> arguments.addAll(List.of(it.directory(), it.owner()));
            case AccessAction.Enlist it ->
                arguments.addAll(List.of(
                        it.directory(),
                        it.owner(),
                        it.cluster(),
                        it.note().masterName(),
                        it.note().sentinels(),
                        it.note().service()));
            case AccessAction.Leave it -> {
                arguments.addAll(List.of(it.directory(), it.owner(), it.cluster(), it.masterName()));
                arguments.addAll(it.masters());
            }
        }
        return arguments;
    }

    static String carried(AccessAction action) {
        StringBuilder text = new StringBuilder();
        switch (action) {
            case AccessAction.Users it -> {
                lines(text, it.users());
                text.append(it.save() ? "save\n" : "");
            }
            case AccessAction.Enter it -> lines(text, it.users());
            case AccessAction.Leave it -> lines(text, it.users());
            case AccessAction.Watch it -> {}
            case AccessAction.Enlist it -> {}
        }
        action.logins().forEach((directive, value) -> text.append("login " + directive + " " + value + "\n"));
        return text.toString();
    }

    private static void lines(StringBuilder text, List<String> lines) {
        lines.forEach(line -> text.append(line).append('\n'));
    }
}
