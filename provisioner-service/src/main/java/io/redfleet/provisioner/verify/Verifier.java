package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Also;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Sight;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at a cluster and judges it, changing nothing but for one key after an apply ({@link Canary}): one script for each host
 * beside the survey, all hosts at once. Needs no lease. Blocks until every host has answered or is late.
 */
public final class Verifier {
    /** After a start or a failover: Sentinels tell each other every 2 s, and ask for INFO every 10 s. */
    private static final int MOST_LOOKS = 4;

    /** Between two looks, waited for on the hosts. */
    private static final Duration PAUSE = Duration.ofSeconds(4);

    private static final Duration WITHIN = Duration.ofSeconds(10);

    /** Three questions of 2 s each to a hung instance, and its log. */
    private static final Duration INSTANCE = Duration.ofSeconds(8);

    private final Surveyor surveyor;

    public Verifier(Surveyor surveyor) {
        this.surveyor = surveyor;
    }

    /** One look, now. */
    public Judged look(ClusterState cluster) {
        ClusterSurvey seen = surveyor.survey(cluster);
        return judged(cluster.spec(), seen, ask(cluster.spec(), seen, Duration.ZERO));
    }

    /** What it asks each host beside a survey, for whom the survey takes it along: see {@link #settle}. */
    public Also question(ClusterSpec spec) {
        Duration limit = limit(spec);
        return new Also(
                limit, (host, login) -> script(spec, host, limit, Duration.ZERO).as(login));
    }

    /**
     * By a survey that was just made, with the answers to {@link #question} where it took that along, and again as long as what
     * fails may be settling: three times more at most, each four seconds later. Once it holds, and something was changed, a key is
     * written and read ({@link Canary}).
     *
     * @param changed whether anything was; else no key is written
     * @param may called before each look; throws when the work is another's by now
     */
    public Judged settle(ClusterState cluster, Sight sight, boolean changed, Runnable may) {
        may.run();
        ClusterSurvey survey = sight.survey();
        ClusterSurvey seen = survey;
        Judged judged = first(cluster.spec(), sight);
        for (int look = 2; look <= MOST_LOOKS && judged.settles(); look++) {
            may.run();
            Map<HostName, Reply> waited = ask(cluster.spec(), survey, PAUSE);
            may.run();
            seen = surveyor.survey(cluster);
            judged = judged(cluster.spec(), seen, waited);
        }
        return changed && judged.holds() ? written(cluster, seen, judged, may) : judged;
    }

    /** A second key is written where the first was taken and did not come: a host may have been asked too late. */
    private Judged written(ClusterState cluster, ClusterSurvey survey, Judged judged, Runnable may) {
        Optional<Canary> canary = Canary.of(cluster.spec(), survey);
        if (canary.isEmpty()) {
            return judged;
        }
        may.run();
        Canary.Seen seen = write(cluster, canary.get(), 1);
        if (seen.again()) {
            may.run();
            seen = write(cluster, canary.get(), 2);
        }
        return judged.and(cluster.spec(), seen.checks());
    }

    /** What the key holds is of this moment, so that one which is read is no earlier one. */
    private Canary.Seen write(ClusterState cluster, Canary canary, int number) {
        String token = cluster.uid() + "." + surveyor.now().toEpochMilli() + "." + number;
        return canary.judge(surveyor.ask(canary.hosts(), Canary.LIMIT, host -> canary.script(host, token)));
    }

    /** Whoever has not come to the question is asked now. */
    private Judged first(ClusterSpec spec, Sight sight) {
        Map<HostName, Reply> replies = new HashMap<>(sight.also());
        List<HostSpec> left = spec.hosts().stream()
                .filter(host -> !replies.containsKey(host.name()))
                .toList();
        replies.putAll(ask(spec, left, sight.survey(), Duration.ZERO));
        return judged(spec, sight.survey(), replies);
    }

    private Map<HostName, Reply> ask(ClusterSpec spec, ClusterSurvey survey, Duration pause) {
        return ask(spec, spec.hosts(), survey, pause);
    }

    private Map<HostName, Reply> ask(ClusterSpec spec, List<HostSpec> which, ClusterSurvey survey, Duration pause) {
        Duration limit = limit(spec).plus(pause);
        Login login = survey.accounts().admin().over(spec.security().tls());
        return surveyor.ask(
                which, limit, host -> script(spec, host, limit, pause).as(login));
    }

    private Judged judged(ClusterSpec spec, ClusterSurvey survey, Map<HostName, Reply> replies) {
        Map<HostName, Map<InstanceId, Evidence>> evidence = new HashMap<>();
        Map<HostName, String> silent = new HashMap<>();
        String locked = survey.accounts().trouble();
        for (HostSpec host : spec.hosts()) {
            Reply reply = replies.get(host.name());
            if (!locked.isEmpty()) {
                silent.put(host.name(), locked);
            } else if (reply instanceof Reply.Done done) {
                Optional<Map<InstanceId, Evidence>> read = EvidenceText.read(host, done.out());
                read.ifPresent(found -> evidence.put(host.name(), found));
                if (read.isEmpty()) {
                    silent.put(
                            host.name(),
                            "the verification was cut short: " + done.err().strip());
                }
            } else if (reply instanceof Reply.Failed failed) {
                silent.put(host.name(), failed.reason());
            }
        }
        return Judged.of(spec, new Found(survey, evidence, silent), surveyor.now());
    }

    private static Duration limit(ClusterSpec spec) {
        int most = spec.hosts().stream()
                .mapToInt(host -> host.instances().size())
                .max()
                .orElse(0);
        return WITHIN.plus(INSTANCE.multipliedBy(most));
    }

    private static Script script(ClusterSpec spec, HostSpec host, Duration limit, Duration pause) {
        List<String> arguments = new ArrayList<>(
                List.of(host.directory(), spec.name().value(), spec.sentinel().masterName(), "" + pause.toSeconds()));
        for (InstanceSpec instance : host.instances()) {
            arguments.add(instance.role() == InstanceRole.REDIS ? "redis" : "sentinel");
            arguments.add(Place.called(spec, instance));
            arguments.add(host.address());
            arguments.add(String.valueOf(instance.port()));
        }
        return Scripts.of(Verifier.class, "verify", limit, arguments).by(RunAs.keeper(spec));
    }
}
