package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.survey.Script;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** At which of its calls to hosts a run is cut off: at each of them in the long tier, in the short one at those that tell most. */
final class Cuts {
    private static final Pattern WORD = Pattern.compile("[a-z]+");

    private Cuts() {}

    /** A run in a fresh world that is cut off once, and what has to hold after that. */
    @FunctionalInterface
    interface Attempt {
        /**
         * @param call at which it is cut off, counted from 0; it comes to its end where there are not so many
         * @return of a run that came to its end, what each of its calls was about; of one that was cut off, nothing
         */
        Optional<List<String>> cutAt(int call) throws Exception;
    }

    /** @return how many calls there were, each of which was cut */
    static int all(Attempt attempt) {
        int call = 0;
        while (cut(attempt, call).isEmpty()) {
            call++;
        }
        return call;
    }

    /** @return how many calls there were, of which the telling ones were cut */
    static int some(Attempt attempt) {
        List<String> calls = cut(attempt, Integer.MAX_VALUE).orElseThrow();
        for (int call : telling(calls)) {
            assertThat(cut(attempt, call))
                    .as("call %d of %d is %s again", call, calls.size(), calls.get(call))
                    .isEmpty();
        }
        return calls.size();
    }

    private static Optional<List<String>> cut(Attempt attempt, int call) {
        try {
            return attempt.cutAt(call);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("cut at call " + call, e);
        }
    }

    /** The first call of those that are about the same, and of all the first, those a quarter further each, and the last. */
    static SortedSet<Integer> telling(List<String> calls) {
        int many = calls.size();
        SortedSet<Integer> telling = new TreeSet<>(List.of(0, many / 4, many / 2, many * 3 / 4, many - 1));
        for (String about : Set.copyOf(calls)) {
            telling.add(calls.indexOf(about));
        }
        return telling;
    }

    /** What the call of a script is about: its name with the verbs among its arguments, whichever host and instance it is for. */
    static String about(Script script) {
        return Stream.concat(
                        Stream.of(script.name()),
                        script.arguments().stream()
                                .filter(argument -> WORD.matcher(argument).matches()))
                .collect(Collectors.joining(" "));
    }
}
