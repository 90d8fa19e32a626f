package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Looks at all hosts of a cluster at once, each in one round trip. */
public final class Surveyor {
    /** A host with ten hung instances takes 2 s for each; a healthy one about a tenth of a second. */
    private static final Duration WITHIN = Duration.ofSeconds(45);

    private final Hosts hosts;
    private final Executor hands;
    private final InstantSource clock;

    /** @param hands must have a free thread per host, or surveys take their turn */
    public Surveyor(Hosts hosts, Executor hands, InstantSource clock) {
        this.hosts = hosts;
        this.hands = hands;
        this.clock = clock;
    }

    public ClusterSurvey survey(ClusterSpec spec) {
        Map<HostName, CompletableFuture<Object>> asked = new LinkedHashMap<>();
        for (HostSpec host : spec.hosts()) {
            asked.put(host.name(), CompletableFuture.supplyAsync(() -> look(spec, host), hands));
        }
        Map<HostName, HostSurvey> found = new LinkedHashMap<>();
        Map<HostName, Reply.Failed> unreached = new LinkedHashMap<>();
        asked.forEach((host, answer) -> {
            Object seen = answer.join();
            if (seen instanceof HostSurvey survey) {
                found.put(host, survey);
            } else if (seen instanceof Reply.Failed failed) {
                unreached.put(host, failed);
            }
        });
        return new ClusterSurvey(found, unreached);
    }

    private Object look(ClusterSpec spec, HostSpec host) {
        HostAccess access = Place.access(host);
        Instant asked = clock.instant();
        Reply reply = hosts.run(access, script(spec, host));
        return switch (reply) {
            case Reply.Failed failed -> failed;
            case Reply.Done done ->
                SurveyText.read(host, done.out(), asked)
                        .<Object>map(survey -> survey)
                        .orElseGet(() -> new Reply.Failed(
                                Trouble.DROPPED,
                                access + ": the survey was cut short: "
                                        + done.err().trim()));
        };
    }

    private static Script script(ClusterSpec spec, HostSpec host) {
        List<String> arguments = new ArrayList<>(
                List.of(host.directory(), spec.name().value(), spec.sentinel().masterName()));
        for (InstanceSpec instance : host.instances()) {
            arguments.add(instance.role() == InstanceRole.REDIS ? "redis" : "sentinel");
            arguments.add(instance.name());
            arguments.add(host.address());
            arguments.add(String.valueOf(instance.port()));
        }
        return Scripts.of(Surveyor.class, "survey", WITHIN, arguments);
    }
}
