package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.gateway.access.Shown;
import io.redfleet.gateway.board.Window;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Query parameters, read exactly. The framework's own conversion takes every word but {@code true} for false, so
 * {@code dryRun=yes} would be no dry run; here a word that is not one of the rule's is refused with 400.
 */
final class Query {
    /** A hundred of the longest still fit into an address that every proxy takes. */
    private static final int MOST_NAMES = 100;

    /** All restarts but the master's. */
    static final String UNTIL_MASTER = "until-master";

    private static final Pattern PLAN = Pattern.compile("[0-9a-f]{16}");

    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}/[a-z0-9][a-z0-9-]{0,62}");

    private Query() {}

    /**
     * Looks at the address itself: the framework forgets a parameter without a value, and of two that contradict
     * each other it takes the first.
     */
    static boolean truth(ContainerRequestContext request, String name, boolean usual) {
        List<String> given = request.getUriInfo().getQueryParameters().get(name);
        if (given == null) {
            return usual;
        }
        String only = String.join(", ", given);
        return switch (only) {
            case "true" -> true;
            case "false" -> false;
            default -> throw broken(name, only, "true or false, once");
        };
    }

    /** What {@code wait} says, for the API's document. */
    static final String WAIT = "Whether it takes its turn behind an operation that holds the cluster or one of its"
            + " hosts, for as long as the provisioner waits; else it is refused and told who that is";

    /** Whether a write takes its turn behind another. */
    static boolean waits(ContainerRequestContext request) {
        return truth(request, "wait", false);
    }

    /** One of these words, exactly and once; the first if the parameter is missing. */
    static String oneOf(ContainerRequestContext request, String name, List<String> words) {
        List<String> given = request.getUriInfo().getQueryParameters().get(name);
        if (given == null) {
            return words.getFirst();
        }
        String only = String.join(", ", given);
        if (!words.contains(only)) {
            throw broken(name, only, "one of " + String.join(", ", words) + ", once");
        }
        return only;
    }

    /** The id of a plan that was seen and is to be carried out; null if none is named. */
    static @Nullable String plan(ContainerRequestContext request, boolean dryRun) {
        List<String> given = request.getUriInfo().getQueryParameters().get("plan");
        if (given == null) {
            return null;
        }
        String only = String.join(", ", given);
        if (!PLAN.matcher(only).matches()) {
            throw broken("plan", only, "the id of a plan, 16 of 0-9a-f, once");
        }
        if (dryRun) {
            throw ProblemException.bad("plan names what is to be carried out, and dryRun says that nothing is to be:"
                    + " leave one of them out");
        }
        return only;
    }

    /**
     * Names of hosts, or of instances too, in one word with commas or in several; none if the parameter is missing.
     * What the names mean, the provisioner says.
     *
     * @param rule what each has to be, for a person
     */
    static List<String> names(ContainerRequestContext request, String name, Pattern form, String rule) {
        List<String> given = request.getUriInfo().getQueryParameters().get(name);
        if (given == null) {
            return List.of();
        }
        List<String> names = given.stream()
                .flatMap(word -> Arrays.stream(word.split(",", -1)))
                .distinct()
                .toList();
        for (String each : names) {
            if (!form.matcher(each).matches()) {
                throw broken(name, each, rule);
            }
        }
        if (names.size() > MOST_NAMES) {
            throw broken(name, names.size() + " names", "at most " + MOST_NAMES + " names");
        }
        return names;
    }

    /**
     * Which restarts are agreed to: {@code false}, {@code true} or {@link #UNTIL_MASTER}. That is no parameter of its
     * own: a gateway of before passes over what it does not know, and nothing would stop.
     */
    static String rolling(ContainerRequestContext request) {
        return oneOf(request, "rolling", List.of("false", "true", UNTIL_MASTER));
    }

    /**
     * The id of the master whose restart in its place is accepted; null if none is named.
     *
     * @param rolling which restarts are agreed to
     */
    static @Nullable String outage(ContainerRequestContext request, String rolling) {
        List<String> given = request.getUriInfo().getQueryParameters().get("outage");
        if (given == null) {
            return null;
        }
        String only = String.join(", ", given);
        if (!INSTANCE.matcher(only).matches()) {
            throw broken("outage", only, "the id of an instance, as r1/redis-server, once");
        }
        if (rolling.equals(UNTIL_MASTER)) {
            throw ProblemException.bad("outage accepts the master's restart, and rolling=until-master stops before it:"
                    + " leave one of them out");
        }
        if (!rolling.equals("true")) {
            throw ProblemException.bad("outage accepts a restart, and without rolling=true nothing is restarted");
        }
        return only;
    }

    /** One of an enum's names in any case; null if nothing is asked for. */
    static <E extends Enum<E>> @Nullable E word(String name, @Nullable String given, Class<E> words) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        E[] all = words.getEnumConstants();
        return Arrays.stream(all)
                .filter(word -> word.name().equalsIgnoreCase(given))
                .findFirst()
                .orElseThrow(() -> broken(
                        name,
                        given,
                        Arrays.stream(all).map(Enum::name).collect(Collectors.joining(", ", "one of ", ""))));
    }

    /** How many items a page may have. */
    static int limit(@Nullable String given) {
        if (given == null || given.isEmpty()) {
            return Window.USUAL;
        }
        // Four ASCII digits at most: no overflow, no sign, no digits of other scripts.
        int limit = given.matches("[0-9]{1,4}") ? Integer.parseInt(given) : 0;
        if (limit < 1 || limit > Window.MOST) {
            throw broken("limit", given, "a whole number from 1 to " + Window.MOST);
        }
        return limit;
    }

    static ProblemException unknown(String field, String value, String rule) {
        return broken(field, value, rule, Fleet.shown(field) + " is " + rule);
    }

    static ProblemException broken(String field, String value, String rule) {
        return broken(field, value, rule, field + " is " + rule + ", not " + Fleet.shown(value));
    }

    private static ProblemException broken(String field, String value, String rule, String detail) {
        Violation violation = new Violation(Shown.of(field), Shown.of(value), rule);
        return new ProblemException(new Problem(400, Problems.title(400), detail, List.of(violation)));
    }
}
