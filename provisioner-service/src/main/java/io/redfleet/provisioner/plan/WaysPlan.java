package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.FirewallSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.Way;
import io.redfleet.provisioner.survey.WayAnswer;
import io.redfleet.provisioner.survey.WaysHeard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the members of a cluster reach each other, before one is added to it. A way that one that is to be added takes, or that
 * leads to it, is in the way of the plan where it is shut. Between members that stand nothing is stopped for it: it is warned of.
 *
 * <p>Where nobody listens yet, whoever is let through is refused. So is whom something on the way rejects by a reset, which looks
 * the same: that is found only where somebody listens already. A table of ours rejects so too, and lets in whoever joins before
 * he starts, so that behind one a refusal says nothing.
 */
final class WaysPlan {
    /** What a person reads; of the rest the number is told. */
    private static final int MOST_OBSTACLES = 20;

    private static final int MOST_WARNINGS = 5;

    private static final String SUBJECT = "ways";

    private final ClusterState cluster;
    private final ClusterSurvey survey;
    private final List<Way> ways;

    /** Two hosts that have ways between them. */
    private record Pair(HostName from, HostName to) {}

    private WaysPlan(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.survey = survey;
        this.ways = survey.ways().isEmpty() ? List.of() : Way.all(cluster, survey);
    }

    /** These obstacles, and after them the ways that are shut to whoever joins. */
    static List<Obstacle> and(List<Obstacle> others, ClusterState cluster, ClusterSurvey survey) {
        return Stream.concat(others.stream(), new WaysPlan(cluster, survey).obstacles().stream())
                .toList();
    }

    /** What is said of ways between those that stand, and of hosts that cannot ask. */
    static List<String> warnings(ClusterState cluster, ClusterSurvey survey) {
        return new WaysPlan(cluster, survey).warnings();
    }

    private List<Obstacle> obstacles() {
        List<Obstacle> found = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            if (survey.ways().get(host.name()) instanceof WaysHeard.Untold untold) {
                String reason = "whom it reaches is not known: " + untold.reason();
                found.add(new Obstacle(host.name().value(), SUBJECT, reason));
            }
        }
        shut(true).forEach((pair, why) -> found.add(new Obstacle(pair.from().value(), "way to " + pair.to(), why)));
        if (found.size() <= MOST_OBSTACLES) {
            return found;
        }
        List<Obstacle> named = new ArrayList<>(found.subList(0, MOST_OBSTACLES));
        String more = found.size() - MOST_OBSTACLES + " more from one host to another do not lead there";
        named.add(new Obstacle(cluster.name().value(), SUBJECT, more));
        return named;
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        String unable = cluster.spec().hosts().stream()
                .map(HostSpec::name)
                .filter(host -> survey.ways().get(host) instanceof WaysHeard.Unable)
                .map(HostName::value)
                .collect(Collectors.joining(", "));
        if (!unable.isEmpty()) {
            warnings.add("whom they reach was not asked of hosts that have no bash: " + unable);
        }
        Map<Pair, String> shut = shut(false);
        shut.entrySet().stream()
                .limit(MOST_WARNINGS)
                .forEach(way -> warnings.add(way.getKey().from() + " does not reach "
                        + way.getKey().to() + ", and both stand: " + way.getValue()));
        if (shut.size() > MOST_WARNINGS) {
            warnings.add(shut.size() - MOST_WARNINGS + " more ways between hosts that stand do not lead there");
        }
        return warnings;
    }

    /** What is shut between two hosts, and why, in words: ports that are shut for one reason together. */
    private Map<Pair, String> shut(boolean joins) {
        Map<Pair, Map<String, List<String>>> shut = new LinkedHashMap<>();
        for (Way way : ways) {
            Optional<String> why = way.joins() == joins ? why(way) : Optional.empty();
            if (why.isPresent()) {
                Member to = way.to();
                shut.computeIfAbsent(new Pair(way.from().name(), to.id().host()), pair -> new LinkedHashMap<>())
                        .computeIfAbsent(why.get(), reason -> new ArrayList<>())
                        .add(to.announce() + " (" + to.id().name() + ")");
            }
        }
        Map<Pair, String> said = new LinkedHashMap<>();
        shut.forEach((pair, whys) -> said.put(
                pair,
                whys.entrySet().stream()
                        .map(reason -> String.join(", ", reason.getValue()) + ": " + reason.getKey())
                        .collect(Collectors.joining("; "))));
        return said;
    }

    /** Why this way does not lead there, and what to do; empty: it does, or nobody knows better. */
    private Optional<String> why(Way way) {
        if (!(survey.ways().get(way.from().name()) instanceof WaysHeard.Told told)) {
            return Optional.empty();
        }
        WayAnswer answer = told.answers().get(way.to().announce());
        if (answer == null) {
            return Optional.empty();
        }
        HostSpec from = way.from();
        String caller = from.name() + " (" + from.address() + ")";
        HostName target = way.to().id().host();
        return switch (answer.kind()) {
            case OPEN -> Optional.empty();
            case REFUSED ->
                listens(way.to())
                        ? Optional.of("is refused, and it listens there: what rejects it, on " + target
                                + " or before, has to let " + caller + " in")
                        : Optional.empty();
            case SILENT ->
                Optional.of("no answer within 1 s, twice: what swallows it, on " + target + " or before, has to let "
                        + caller + " in, or the address is another");
            case UNREACHABLE ->
                Optional.of("no route leads there, or a firewall says so: " + caller
                        + " needs a route, or has to be let in on " + target + " or before");
            case FORBIDDEN -> Optional.of("is not let out: what filters on " + from.name() + " itself has to allow it");
            case FAILED -> Optional.of("cannot be connected to: " + answer.words());
        };
    }

    /** Whether it is there already, at the address that others know, and behind no table of ours. */
    private boolean listens(Member to) {
        HostSurvey host = survey.hosts().get(to.id().host());
        if (host == null || !to.announce().equals(to.endpoint())) {
            return false;
        }
        FirewallSurvey table = host.systemd().firewall();
        return table.owners().isEmpty()
                && table.listed().isEmpty()
                && survey.instance(to.id())
                        .filter(seen -> seen.present() && seen.listening())
                        .isPresent();
    }
}
