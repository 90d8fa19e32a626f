package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.provisioner.desired.AllowList;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether what the monitor asks for is done.
 *
 * <p>Two witnesses must agree: the host itself, where the process is absent or does not answer a PING, and the monitor's
 * probe or a majority of Sentinels. What the monitor saw must still be so, and of the same process. A stop, which a rule may
 * ask for of what lives, is judged as a person's is that types no word, and leaves a replica whoever is master. A program of the
 * host's allow-list changes no process, and none of this is asked for it.
 */
public final class RemedyGate {
    private final ClusterState cluster;
    private final ClusterSurvey survey;
    private final Remediation asked;

    private RemedyGate(ClusterState cluster, ClusterSurvey survey, Remediation asked) {
        this.cluster = cluster;
        this.survey = survey;
        this.asked = asked;
    }

    public static Verdict judge(ClusterState cluster, ClusterSurvey survey, Remediation asked, Instant now) {
        return early(cluster, asked, now)
                .or(() -> RevisionGate.judge(cluster, survey))
                .or(() -> OwnerGate.judge(cluster, survey, asked.instance()))
                .map(Verdict.class::cast)
                .orElseGet(() -> new RemedyGate(cluster, survey, asked).decide());
    }

    /** What can be said without a survey. */
    public static Optional<Withheld> early(ClusterState cluster, Remediation asked, Instant now) {
        if (!asked.uid().equals(cluster.uid())) {
            return Optional.of(new Withheld("evidence", "it was asked for another cluster of this name"));
        }
        if (cluster.spec().member(asked.instance()).isEmpty()) {
            return Optional.of(new Withheld("evidence", "the cluster has no instance " + asked.instance()));
        }
        if (cluster.spec().observed()) {
            return Optional.of(new Withheld("manage", "the cluster is only observed"));
        }
        if (cluster.spec().watch().mode() != WatchMode.AUTO) {
            return Optional.of(new Withheld("mode", "the cluster's watch mode is not auto"));
        }
        if (asked.action() == Remediation.Action.EXEC && !namesAProgram(asked.exec())) {
            return Optional.of(new Withheld("program", "the program " + AllowList.RULE));
        }
        if (now.isAfter(asked.notAfter())) {
            return Optional.of(new Withheld("late", "it was asked for at " + asked.askedAt() + " and is too old"));
        }
        return Optional.empty();
    }

    private static boolean namesAProgram(Remediation.@Nullable Exec exec) {
        return exec != null && AllowList.names(exec.program());
    }

    private Verdict decide() {
        return switch (asked.action()) {
            case START, RESTART -> look();
            case STOP -> stop();
            case EXEC -> exec();
        };
    }

    /** It changes no process, so it is enough that its host is there. */
    private Verdict exec() {
        return survey.instance(asked.instance()).isPresent() ? new Verdict.Go(Optional.empty()) : noWitness();
    }

    private Withheld noWitness() {
        return new Withheld("host", "host " + asked.instance().host() + " gave no answer, so it is no witness");
    }

    private Verdict stop() {
        return survey.instance(asked.instance())
                .flatMap(facts -> otherwise(facts).or(() -> anotherProcess(facts)))
                .or(this::differs)
                .or(this::needed)
                .or(() -> SharedSentinel.kept(cluster.everywhere(), survey, asked.instance()))
                .map(Verdict.class::cast)
                .orElseGet(() -> StopGate.judge(cluster.spec(), survey, asked.instance(), ""));
    }

    /**
     * A rule judges each node by itself, and would stop one after the other while the master is well: what is left must be
     * able to replace it. And whoever is named master is not given up for good because it is dead.
     */
    private Optional<Withheld> needed() {
        Member member = cluster.spec().member(asked.instance()).orElseThrow();
        if (member.role() == InstanceRole.SENTINEL
                || survey.instance(member.id()).isEmpty()) {
            return Optional.empty();
        }
        boolean named = survey.namedMaster(cluster.spec())
                .filter(member.announce()::equals)
                .isPresent();
        if (named) {
            return Optional.of(
                    new Withheld("master", member.id() + " is the master that the Sentinels name: switch over first"));
        }
        return new Succession(cluster.spec(), survey).someoneBut(member.id())
                ? Optional.empty()
                : Optional.of(new Withheld(
                        "last-replica", "without " + member.id() + " no replica could take the master's place"));
    }

    /** Why the rule's reason is none any more. */
    private Optional<Withheld> otherwise(InstanceSurvey facts) {
        InstanceId id = asked.instance();
        String run = facts.info("run_id");
        if (facts.markedStopped() && !facts.present()) {
            return Optional.of(new Withheld("stopped", id + " was stopped by a person"));
        }
        if (facts.answers() && failed(asked.evidence().liveness())) {
            String reason = id + " answers; it was " + asked.evidence().liveness() + " when it was asked for";
            return Optional.of(new Withheld("evidence", reason));
        }
        if (!run.isEmpty()
                && !asked.evidence().runId().isEmpty()
                && !run.equals(asked.evidence().runId())) {
            return Optional.of(new Withheld("evidence", id + " runs anew since it was asked for"));
        }
        return Optional.empty();
    }

    private static boolean failed(Liveness seen) {
        return switch (seen) {
            case DOWN, HUNG, UNREACHABLE -> true;
            case UP, LOADING, UNKNOWN -> false;
        };
    }

    private Verdict look() {
        Member member = cluster.spec().member(asked.instance()).orElseThrow();
        Optional<InstanceSurvey> found = survey.instance(asked.instance());
        if (found.isEmpty()) {
            return noWitness();
        }
        InstanceSurvey facts = found.get();
        if (facts.markedStopped()) {
            return new Withheld("stopped", asked.instance() + " was stopped by a person");
        }
        Optional<Withheld> another = anotherProcess(facts);
        if (another.isPresent()) {
            return another.get();
        }
        if (facts.answers()) {
            return new Withheld("evidence", asked.instance() + " answers: it came back by itself");
        }
        if (facts.present() && facts.occupied()) {
            return new Withheld("occupied", asked.instance() + " lives and says " + facts.ping());
        }
        if (facts.present() && facts.untrusted()) {
            return new Withheld("tls", asked.instance() + " lives, and TLS with it fails: " + facts.ping());
        }
        if (facts.present() && facts.shutsOut()) {
            return new Withheld("login", asked.instance() + " lives, and does not let us in: " + facts.ping());
        }
        if (facts.present() && facts.saving()) {
            return new Withheld("occupied", asked.instance() + " has a child process: it saves or rewrites");
        }
        if (!secondWitness()) {
            return new Withheld(
                    "witness",
                    "only the host says so; the probe says " + asked.evidence().liveness());
        }
        return differs().map(Verdict.class::cast).orElseGet(() -> start(member, facts));
    }

    private Verdict start(Member member, InstanceSurvey facts) {
        Verdict verdict = StartGate.dead(cluster.spec(), survey, member, facts, false);
        boolean bootstrap = !survey.sentinelsKnowACluster(cluster.spec()) && member.role() == InstanceRole.REDIS;
        return bootstrap ? new Withheld("majority", "the Sentinels know no master yet") : verdict;
    }

    private boolean secondWitness() {
        Liveness seen = asked.evidence().liveness();
        int sentinels = cluster.spec().members(InstanceRole.SENTINEL).size();
        return seen == Liveness.DOWN
                || seen == Liveness.HUNG
                || asked.evidence().sentinelsSeeingDown() >= sentinels / 2 + 1;
    }

    /**
     * Whether another process is there than the one that died or hangs, alive or not: somebody has started it since, and
     * nobody has judged that one. A process that has only ended is no other one.
     */
    private Optional<Withheld> anotherProcess(InstanceSurvey facts) {
        Long pid = asked.evidence().pid();
        Long begun = asked.evidence().startTicks();
        boolean same = pid != null && pid == facts.pid() && (begun == null || begun == facts.startTicks());
        if (pid == null || same || !facts.present()) {
            return Optional.empty();
        }
        String was = pid == 0 ? "no process was there" : process(pid, begun);
        return Optional.of(new Withheld(
                "evidence",
                "another process than the one asked about: " + was + ", now "
                        + process(facts.pid(), facts.startTicks())));
    }

    private static String process(long pid, @Nullable Long startTicks) {
        return "pid " + pid + (startTicks == null ? "" : " began " + startTicks + " ticks after the host");
    }

    private Optional<Withheld> differs() {
        Remediation.Evidence evidence = asked.evidence();
        Optional<Endpoint> named = survey.namedMaster(cluster.spec());
        Endpoint thought = evidence.master();
        if (thought != null && named.isPresent() && !named.get().equals(thought)) {
            String reason = "the Sentinels named " + thought + " when it was asked for, now they name " + named.get();
            return Optional.of(new Withheld("evidence", reason));
        }
        Optional<Integer> epoch = configEpoch();
        if (evidence.configEpoch() > 0 && epoch.isPresent() && epoch.get() != evidence.configEpoch()) {
            String reason = "config epoch " + evidence.configEpoch() + " when it was asked for, now " + epoch.get();
            return Optional.of(new Withheld("evidence", reason));
        }
        return Optional.empty();
    }

    private Optional<Integer> configEpoch() {
        return cluster.spec().members(InstanceRole.SENTINEL).stream()
                .flatMap(sentinel -> survey.instance(sentinel.id()).stream())
                .map(sentinel -> sentinel.master().getOrDefault("config-epoch", ""))
                .filter(text -> text.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .max(Integer::compare);
    }
}
