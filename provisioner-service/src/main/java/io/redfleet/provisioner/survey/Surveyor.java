package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all hosts of a cluster at once, each in one round trip; in one more where init runs the instances or where packages or
 * an archive are installed for them, and in one more where their ports are filtered. What who plans or verifies asks beside that
 * goes in the same session. At the build host only for who brings what is built.
 */
public final class Surveyor {
    /** A connection to a host that is switched off is given up after 10 s; a healthy one answers in a tenth of one. */
    private static final Duration WITHIN = Duration.ofSeconds(10);
    /** What a hung instance takes. */
    private static final Duration INSTANCE = Duration.ofSeconds(2);
    /** What a host takes that is slow to ask its instances for their users. */
    private static final Duration ENTRY = Duration.ofSeconds(10);
    /** What is said to be lost may contradict so long; whoever asks for a plan is still there then. */
    private static final Duration LOST = Duration.ofSeconds(5);
    /** A first contact that somebody who plans may not have heard of yet. */
    private static final Duration JUST_NOW = Duration.ofHours(1);
    /** Below what scripts look for what belongs to the whole machine; a test has another one. */
    public static final String WHOLE_MACHINE = "/";

    /** Where the unit files lie that a host's admin, and we, write. */
    public static final String UNITS = "/etc/systemd/system";

    /** Where the init scripts lie; units.sh knows it by its last name, and where their start guards lie. */
    public static final String SCRIPTS = "/etc/init.d";

    /** To survey.sh a Sentinel that is asked whom it knows: a process more, so only where somebody leaves. */
    private static final String WHOM = "sentinel-whom";

    private final Hosts hosts;
    private final Freight freight;
    private final Executor hands;
    private final InstantSource clock;
    private final Function<ClusterState, Accounts> accounts;
    private final Duration within;
    private final HostLook look;

    /**
     * @param hands must have a free thread per host, or surveys take their turn
     * @param accounts the passwords of a cluster
     */
    public Surveyor(Hosts hosts, Executor hands, InstantSource clock, Function<ClusterState, Accounts> accounts) {
        this(hosts, Freight.NONE, hands, clock, accounts);
    }

    /** @param freight the artefacts; where there are none nobody looks whether what a spec names is among them */
    public Surveyor(
            Hosts hosts,
            Freight freight,
            Executor hands,
            InstantSource clock,
            Function<ClusterState, Accounts> accounts) {
        this(hosts, freight, hands, clock, accounts, WITHIN);
    }

    Surveyor(
            Hosts hosts,
            Freight freight,
            Executor hands,
            InstantSource clock,
            Function<ClusterState, Accounts> accounts,
            Duration within) {
        this.within = within;
        this.hosts = hosts;
        this.freight = freight;
        this.hands = hands;
        this.clock = clock;
        this.accounts = accounts;
        this.look = new HostLook(hosts, clock);
    }

    /**
     * What there is, of those that leave too, of whom answers in time: about 10 s and 2 s for each instance on the host that
     * carries most. A host that is later than that gave no answer, whatever becomes of the question.
     */
    public ClusterSurvey survey(ClusterState cluster) {
        Accounts open = accounts.apply(cluster);
        return look(cluster, open, Duration.ZERO, host -> List.of()).survey(open);
    }

    /** What was found of all hosts, and what became of the scripts that went along. */
    private record Looked(Map<HostName, HostLook.Seen> hosts) {
        ClusterSurvey survey(Accounts accounts) {
            Map<HostName, HostSurvey> found = new LinkedHashMap<>();
            Map<HostName, Reply.Failed> unreached = new LinkedHashMap<>();
            hosts.forEach((host, seen) -> {
                if (seen.found() instanceof HostSurvey survey) {
                    found.put(host, survey);
                } else if (seen.found() instanceof Reply.Failed failed) {
                    unreached.put(host, failed);
                }
            });
            return new ClusterSurvey(found, unreached, accounts);
        }

        /** Null: it was not run. */
        @Nullable
        Reply after(HostName host, int which) {
            HostLook.Seen seen = hosts.get(host);
            return seen == null || seen.after().size() <= which
                    ? null
                    : seen.after().get(which);
        }
    }

    /**
     * @param more how long what goes along may take
     * @param along after the survey, to hosts that stay
     */
    private Looked look(ClusterState cluster, Accounts open, Duration more, Function<HostSpec, List<Script>> along) {
        if (cluster.spec().observed()) {
            throw new IllegalStateException(cluster.name() + " is only observed: its hosts are not logged in to");
        }
        ClusterSpec spec = cluster.everywhere();
        String sentinel = cluster.leavers().isEmpty() ? "sentinel" : WHOM;
        Login login = open.admin().over(spec.security().tls());
        Duration limit = limit(spec);
        Map<HostName, CompletableFuture<HostLook.Seen>> asked = new LinkedHashMap<>();
        for (HostSpec host : spec.hosts()) {
            Duration patience = cluster.lost(host.name()) ? LOST : limit.plus(more);
            String late = Place.access(host) + " gave no answer within " + patience.toMillis() + " ms";
            List<Script> scripts = new ArrayList<>();
            scripts.add(HostLook.script(spec, host, sentinel, limit).as(login));
            cluster.spec().host(host.name()).map(along).ifPresent(scripts::addAll);
            asked.put(
                    host.name(),
                    CompletableFuture.supplyAsync(() -> look.look(spec, host, scripts), hands)
                            .completeOnTimeout(
                                    new HostLook.Seen(new Reply.Failed(Trouble.TIMED_OUT, late), List.of()),
                                    patience.toMillis(),
                                    TimeUnit.MILLISECONDS));
        }
        Map<HostName, HostLook.Seen> seen = new LinkedHashMap<>();
        asked.forEach((host, answer) -> seen.put(host, answer.join()));
        return new Looked(seen);
    }

    /**
     * The same, and who may enter the instances that answer. For who plans, and for nobody who has to act at once: each instance is
     * asked a dozen things more.
     */
    public ClusterSurvey surveyToPlan(ClusterState cluster) {
        return sightToPlan(cluster, Optional.empty()).survey();
    }

    private Sight sightToPlan(ClusterState cluster, Optional<Also> also) {
        Instant at = clock.instant();
        ClusterSpec spec = cluster.spec();
        Accounts open = accounts.apply(cluster);
        Login login = open.admin().over(spec.security().tls());
        boolean enters = AccessLook.may(open);
        Duration entry = limit(spec).plus(ENTRY);
        Duration more =
                (enters ? entry : Duration.ZERO).plus(also.map(Also::limit).orElse(Duration.ZERO));
        Looked looked = look(cluster, open, more, host -> {
            List<Script> along = new ArrayList<>();
            if (enters) {
                along.add(AccessLook.script(spec, host, open, entry));
            }
            also.ifPresent(it -> along.add(it.script().apply(host, login)));
            return along;
        });
        ClusterSurvey seen = looked.survey(open);
        Map<InstanceId, AccessSurvey> access = new HashMap<>();
        Map<HostName, Reply> brought = new HashMap<>();
        for (HostSpec host : spec.hosts()) {
            HostSurvey found = seen.hosts().get(host.name());
            Reply users = enters ? looked.after(host.name(), 0) : null;
            if (users != null && found != null && AccessLook.due(open, found)) {
                access.putAll(AccessLook.read(host, users));
            }
            Reply other = looked.after(host.name(), enters ? 1 : 0);
            // After a part that came to no end the next was not asked: whoever wants to know asks by itself.
            if (other != null && !(users instanceof Reply.Failed)) {
                brought.put(host.name(), other);
            }
        }
        return new Sight(seen.entered(access), at, brought);
    }

    /**
     * The same, and what is known of the archive that its hosts get. Where one lacks what is built the build host is asked, which
     * may take half a minute; where one lacks what the spec names, that is looked for among the artefacts. And where instances are
     * to be added, whom each host reaches, which takes some seconds where ways are shut. For who brings it, and for nobody who has
     * to act at once.
     */
    public ClusterSurvey surveyToBring(ClusterState cluster) {
        return sightToBring(cluster, Optional.empty(), Map.of()).survey();
    }

    /**
     * The same, with something that goes along.
     *
     * @param also asked of the hosts of the spec behind the survey; one that does not come to that gives no answer to it
     * @param heard ways that were asked for a moment ago: where they are all that has to be known, nobody is asked again
     */
    public Sight sightToBring(ClusterState cluster, Optional<Also> also, Map<HostName, WaysHeard> heard) {
        Sight sight = sightToPlan(cluster, also);
        ClusterSurvey seen = sight.survey();
        ClusterSpec spec = cluster.spec();
        ClusterSurvey known = seen.knowing(
                        spec.redis().built()
                                ? BuildLook.of(spec, seen.hosts(), hosts, freight)
                                : ArchiveLook.of(spec, seen.hosts(), freight))
                .hearing(WaysLook.of(cluster, seen, this, heard));
        return new Sight(known, sight.at(), sight.also());
    }

    /**
     * What each host answers to a script of its own, all asked at once. One that is later than the limit gave no answer,
     * whatever becomes of the question.
     */
    public Map<HostName, Reply> ask(ClusterSpec spec, Duration limit, Function<HostSpec, Script> scripts) {
        return ask(spec.hosts(), limit, scripts);
    }

    /** The same of these hosts alone. */
    public Map<HostName, Reply> ask(List<HostSpec> which, Duration limit, Function<HostSpec, Script> scripts) {
        Map<HostName, CompletableFuture<Reply>> asked = new LinkedHashMap<>();
        for (HostSpec host : which) {
            HostAccess access = Place.access(host);
            Script script = scripts.apply(host);
            String late = access + " gave no answer within " + limit.toMillis() + " ms";
            asked.put(
                    host.name(),
                    CompletableFuture.supplyAsync(() -> hosts.run(access, script), hands)
                            .completeOnTimeout(
                                    new Reply.Failed(Trouble.TIMED_OUT, late),
                                    limit.toMillis(),
                                    TimeUnit.MILLISECONDS));
        }
        Map<HostName, Reply> replies = new LinkedHashMap<>();
        asked.forEach((host, answer) -> replies.put(host, answer.join()));
        return replies;
    }

    /**
     * What was believed of the cluster's hosts and jump hosts for being the first, within the last hour, in words for a person. Of
     * the time before this process began nothing is known.
     */
    public List<String> learnt(ClusterSpec spec) {
        Instant since = clock.instant().minus(JUST_NOW);
        return spec.hosts().stream()
                .flatMap(host -> hosts.learnt(Place.access(host)).stream()
                        .filter(key -> key.at().isAfter(since))
                        .map(key -> host.name() + ": the first key that " + key.place() + " showed is pinned now, "
                                + key.type() + " " + key.fingerprint() + ": compare it on its console"))
                .toList();
    }

    /** By the clock that surveys are held against. */
    public Instant now() {
        return clock.instant();
    }

    private Duration limit(ClusterSpec spec) {
        int most = spec.hosts().stream()
                .mapToInt(host -> host.instances().size())
                .max()
                .orElse(0);
        return within.plus(INSTANCE.multipliedBy(most));
    }
}
