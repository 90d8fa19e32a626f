package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.provisioner.archive.TreePlace;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.packages.MonitPackage;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.tuning.KernelKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Looks at all hosts of a cluster at once, each in one round trip; in one more where init runs the instances, in one more where
 * their ports are filtered, and in one more where packages or an archive are installed for them. At the build host only for who
 * brings what is built.
 */
public final class Surveyor {
    /** A connection to a host that is switched off is given up after 10 s; a healthy one answers in a tenth of one. */
    private static final Duration WITHIN = Duration.ofSeconds(10);
    /** What a hung instance takes. */
    private static final Duration INSTANCE = Duration.ofSeconds(2);
    /** What is said to be lost may contradict so long; whoever asks for a plan is still there then. */
    private static final Duration LOST = Duration.ofSeconds(5);
    /** Below what scripts look for what belongs to the whole machine; a test has another one. */
    public static final String WHOLE_MACHINE = "/";

    /** Where the unit files lie that a host's admin, and we, write. */
    public static final String UNITS = "/etc/systemd/system";

    /** Where the init scripts lie; units.sh knows it by its last name, and where their start guards lie. */
    public static final String SCRIPTS = "/etc/init.d";

    /** What units.sh says at its end, and where there is the user redis. */
    private static final String WHOLE = "systemd.end=yes\n";

    /** To survey.sh a Sentinel that is asked whom it knows: a process more, so only where somebody leaves. */
    private static final String WHOM = "sentinel-whom";

    /** Before an instance that lies where somebody else put it. */
    private static final String OWN = "own";

    private static final String ACCOUNT = "systemd.account=yes\n";
    /** What units.sh says where something of the cluster's packet filter lies. */
    private static final String FILTERS = "systemd.firewall=yes\n";
    /** What filter.sh says at its end. */
    private static final String FILTER = "firewall.end=yes\n";
    /** What packages.sh says at its end. */
    private static final String PACKAGES = "packages.end=yes\n";
    /** What archives.sh says at its end. */
    private static final String ARCHIVES = "archive.end=yes\n";

    private static final String MUST =
            " the SSH user must be allowed to run commands as root and as redis by sudo without a password: ";

    private final Hosts hosts;
    private final Freight freight;
    private final Executor hands;
    private final InstantSource clock;
    private final Function<ClusterState, Accounts> accounts;
    private final Duration within;

    /**
     * @param hands must have a free thread per host, or surveys take their turn
     * @param accounts the passwords of a cluster
     */
    public Surveyor(Hosts hosts, Executor hands, InstantSource clock, Function<ClusterState, Accounts> accounts) {
        this(hosts, Freight.NONE, hands, clock, accounts);
    }

    /** @param freight the artefacts, of which one may have been built already */
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
    }

    /**
     * What there is, of those that leave too, of whom answers in time: about 10 s and 2 s for each instance on the host that
     * carries most. A host that is later than that gave no answer, whatever becomes of the question.
     */
    public ClusterSurvey survey(ClusterState cluster) {
        if (cluster.spec().observed()) {
            throw new IllegalStateException(cluster.name() + " is only observed: its hosts are not logged in to");
        }
        ClusterSpec spec = cluster.everywhere();
        String sentinel = cluster.leavers().isEmpty() ? "sentinel" : WHOM;
        Accounts open = accounts.apply(cluster);
        Login login = open.admin().over(spec.security().tls());
        Duration limit = limit(spec);
        Map<HostName, CompletableFuture<Object>> asked = new LinkedHashMap<>();
        for (HostSpec host : spec.hosts()) {
            Duration patience = cluster.lost(host.name()) ? LOST : limit;
            String late = Place.access(host) + " gave no answer within " + patience.toMillis() + " ms";
            asked.put(
                    host.name(),
                    CompletableFuture.<Object>supplyAsync(
                                    () -> look(
                                            spec,
                                            host,
                                            script(spec, host, sentinel, limit).as(login)),
                                    hands)
                            .completeOnTimeout(
                                    new Reply.Failed(Trouble.TIMED_OUT, late),
                                    patience.toMillis(),
                                    TimeUnit.MILLISECONDS));
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
        return new ClusterSurvey(found, unreached, open);
    }

    /**
     * The same, and what is known of the archive that its source becomes: where a host lacks it the build host is asked, which may
     * take half a minute. For who brings it, and for nobody who has to act at once.
     */
    public ClusterSurvey surveyToBring(ClusterState cluster) {
        ClusterSurvey seen = survey(cluster);
        return seen.knowing(BuildLook.of(cluster.spec(), seen.hosts(), hosts, freight));
    }

    /**
     * What each host answers to a script of its own, all asked at once. One that is later than the limit gave no answer,
     * whatever becomes of the question.
     */
    public Map<HostName, Reply> ask(ClusterSpec spec, Duration limit, Function<HostSpec, Script> scripts) {
        Map<HostName, CompletableFuture<Reply>> asked = new LinkedHashMap<>();
        for (HostSpec host : spec.hosts()) {
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

    private Object look(ClusterSpec spec, HostSpec host, Script script) {
        HostAccess access = Place.access(host);
        if (!spec.runsByInit()) {
            return brought(spec, host, "", script);
        }
        Reply reply = hosts.run(access, units(spec, host, script.deadline()));
        return switch (reply) {
            case Reply.Failed failed -> failed;
            case Reply.Done done when !done.out().endsWith(WHOLE) -> cut(access, done);
            case Reply.Done done -> {
                String refused = SurveyText.refused(done.out());
                if (!refused.isEmpty()) {
                    // What lives in directories that cannot be looked into would count as dead.
                    String must = access + ": with service: " + spec.service() + MUST;
                    yield new Reply.Failed(Trouble.NO_SUDO, must + refused);
                }
                // Without the user redis there is no directory of his.
                Script last = done.out().contains(ACCOUNT) ? script : script.by(RunAs.LOGIN);
                yield filtered(spec, host, done.out(), last);
            }
        };
    }

    /** Root alone sees what the kernel filters; he is asked only where there may be something to see. */
    private Object filtered(ClusterSpec spec, HostSpec host, String before, Script last) {
        if (!spec.firewall().wanted() && !before.contains(FILTERS)) {
            return brought(spec, host, before, last);
        }
        HostAccess access = Place.access(host);
        List<String> arguments = List.of(WHOLE_MACHINE, spec.name().value());
        Reply reply = hosts.run(
                access,
                Scripts.of(Surveyor.class, "filter", last.deadline(), arguments).by(RunAs.ROOT));
        return switch (reply) {
            case Reply.Failed failed -> failed;
            case Reply.Done done when !done.out().endsWith(FILTER) -> cut(access, done);
            case Reply.Done done -> brought(spec, host, before + done.out(), last);
        };
    }

    /**
     * Where something brings Redis to the host, what is there of that first.
     *
     * @param before what was found of the host already
     * @param last what is asked after that
     */
    private Object brought(ClusterSpec spec, HostSpec host, String before, Script last) {
        HostAccess access = Place.access(host);
        List<String> arguments = new ArrayList<>();
        if (spec.redis().packaged()) {
            arguments.add(WHOLE_MACHINE);
            arguments.addAll(HostPackages.needed(host));
            if (MonitPackage.wanted(spec)) {
                arguments.add(MonitPackage.NAME);
            }
        } else if (spec.redis().archived()) {
            arguments.addAll(Engine.of(spec.redis()).after(List.of(TreePlace.top(spec, host.directory()))));
        } else {
            return look(host, access, before, last);
        }
        String name = spec.redis().packaged() ? "packages" : "archives";
        String end = spec.redis().packaged() ? PACKAGES : ARCHIVES;
        Reply reply = hosts.run(access, Scripts.of(Surveyor.class, name, last.deadline(), arguments));
        return switch (reply) {
            case Reply.Failed failed -> failed;
            case Reply.Done done when !done.out().endsWith(end) -> cut(access, done);
            case Reply.Done done -> look(host, access, before + done.out(), last);
        };
    }

    /** @param before what was found of the host already */
    private Object look(HostSpec host, HostAccess access, String before, Script script) {
        Instant asked = clock.instant();
        Reply reply = hosts.run(access, script);
        return switch (reply) {
            case Reply.Failed failed -> failed;
            case Reply.Done done ->
                SurveyText.read(host, before + (before.isEmpty() ? done.out() : SurveyText.own(done.out())), asked)
                        .<Object>map(survey -> survey)
                        .orElseGet(() -> cut(access, done));
        };
    }

    private static Reply.Failed cut(HostAccess access, Reply.Done done) {
        return new Reply.Failed(
                Trouble.DROPPED,
                access + ": the survey was cut short: " + done.err().trim());
    }

    private static Script units(ClusterSpec spec, HostSpec host, Duration limit) {
        String directory = spec.runsOnScripts() ? SCRIPTS : UNITS;
        List<String> arguments = new ArrayList<>(List.of(directory, spec.name().value()));
        host.instances().stream().map(InstanceSpec::name).forEach(arguments::add);
        return Scripts.of(Surveyor.class, "units", limit, arguments);
    }

    /** @param sentinel what the script calls a Sentinel */
    private static Script script(ClusterSpec spec, HostSpec host, String sentinel, Duration limit) {
        List<String> arguments = new ArrayList<>(Engine.of(spec.redis())
                .after(List.of(
                        host.directory(), spec.name().value(), spec.sentinel().masterName())));
        for (InstanceSpec instance : host.instances()) {
            OwnPlace at = instance.at();
            if (at != null) {
                arguments.addAll(List.of(OWN, at.config(), "-", "-"));
            }
            arguments.add(instance.role() == InstanceRole.REDIS ? "redis" : sentinel);
            arguments.add(instance.name());
            arguments.add(host.address());
            arguments.add(String.valueOf(instance.port()));
        }
        // Whose the machine is, is looked at always: a spec that wants nothing of it any more gives it back.
        arguments.addAll(List.of("--", WHOLE_MACHINE));
        if (spec.tuning().wanted()) {
            arguments.addAll(KernelKey.names());
        }
        return Scripts.of(Surveyor.class, "survey", limit, arguments).by(RunAs.keeper(spec));
    }
}
