package io.redfleet.provisioner.apply;

import io.redfleet.contracts.health.Remediation;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.survey.Reply;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program of a host's allow-list, as {@code exec.sh} runs it: what it is given, and what it is said to have done. What it says is
 * anybody's text; it is kept in one line, which a step's detail ends with.
 */
public final class Exec {
    /** Then its process group is told to end, and killed five seconds later. A restart in the cluster may wait for it. */
    static final Duration DEADLINE = Duration.ofSeconds(15);

    /** For the script, which has to wait for what is killed. */
    static final Duration PATIENCE = DEADLINE.plusSeconds(10);

    /** What was found may be long; a program gets so many characters of it. */
    private static final int MOST_WORDS = 500;

    private static final Pattern SCRIPT = Pattern.compile("said=([^\\n]*)\\nexit=(\\d{1,3}|late)\\nchanged\\s*");
    private static final Pattern DETAIL = Pattern.compile("(?s): ended with status (\\d{1,3}): (.*)$");
    private static final String NOTHING = "no output";

    private Exec() {}

    /**
     * What is known of an end.
     *
     * @param status -1: it did not end by itself, or nobody knows
     * @param line the first line of what it said; empty: none
     */
    public record Said(int status, String line) {}

    /** By the detail of a step. */
    public static Said said(String detail) {
        Matcher matcher = DETAIL.matcher(detail);
        if (!matcher.find()) {
            return new Said(-1, "");
        }
        String line = matcher.group(2);
        return new Said(Integer.parseInt(matcher.group(1)), line.equals(NOTHING) ? "" : line);
    }

    static List<String> arguments(Action.Exec it) {
        Remediation.Exec what = it.what();
        return List.of(
                what.program(),
                "" + DEADLINE.toSeconds(),
                it.place().instance().name(),
                words(what.event()),
                words(what.description()),
                it.place().host().name().value(),
                DateTimeFormatter.RFC_1123_DATE_TIME.format(it.at().atOffset(ZoneOffset.UTC)));
    }

    /** @param reached the host, for a person */
    static StepResult result(String reached, Action.Exec it, Reply reply) {
        String which = reached + ": " + it.what().program() + ": ";
        return switch (reply) {
            case Reply.Failed failed -> new StepResult.Failed(failed.reason());
            case Reply.Done done -> {
                Matcher matcher = SCRIPT.matcher(done.out());
                if (!done.ok() || !matcher.matches()) {
                    yield new StepResult.Failed(which + words(done.ok() ? done.out() : done.err()));
                }
                yield ended(which, matcher.group(2), matcher.group(1));
            }
        };
    }

    private static StepResult ended(String which, String exit, String text) {
        String line = words(text).isEmpty() ? NOTHING : words(text);
        if (exit.equals("late")) {
            return new StepResult.Failed(
                    which + "did not end within " + DEADLINE.toSeconds() + " s and was killed: " + line);
        }
        String detail = which + "ended with status " + exit + ": " + line;
        return exit.equals("0") ? new StepResult.Changed(detail) : new StepResult.Failed(detail);
    }

    /** In one line, without control characters. */
    private static String words(String text) {
        String line = text.replaceAll("\\p{Cc}+", " ").strip();
        return line.length() <= MOST_WORDS ? line : line.substring(0, MOST_WORDS);
    }
}
