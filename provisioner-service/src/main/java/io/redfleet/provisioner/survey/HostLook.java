package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.provisioner.archive.TreePlace;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.packages.MonitPackage;
import io.redfleet.provisioner.tuning.KernelKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A look at one host: what init runs there, what is filtered, what brings Redis, each where it is asked for, and its instances. */
final class HostLook {
    /** What units.sh says at its end, and where there is the user redis. */
    private static final String WHOLE = "systemd.end=yes\n";

    /** Before an instance that lies where somebody else put it. */
    private static final String OWN = "own";

    private static final String ACCOUNT = "systemd.account=yes\n";
    /** What units.sh says where something of the cluster's packet filter lies. */
    private static final String FILTERS = "systemd.firewall=yes\n";
    /** What filter.sh says at its end. */
    private static final String FILTER = "firewall.end=yes\n";
    /** What packages.sh says at its end. */
    private static final String PACKAGES = "packages.end=yes\n";
    /** What packages.sh says of a host of the RHEL family, and what packages-rpm.sh says at its end. */
    private static final String RPM = "packages.rpm=yes\n";

    private static final String RPM_END = "packages.rpm.end=yes\n";
    /** What archives.sh says at its end. */
    private static final String ARCHIVES = "archive.end=yes\n";

    private static final String MUST =
            " the SSH user must be allowed to run commands as root and as redis by sudo without a password: ";

    private final Hosts hosts;
    private final InstantSource clock;

    HostLook(Hosts hosts, InstantSource clock) {
        this.hosts = hosts;
        this.clock = clock;
    }

    /**
     * What became of a look.
     *
     * @param found the host's survey, or why there is none: a {@link HostSurvey} or a {@link Reply.Failed}
     * @param after what became of each script that went along, as far as it was run
     */
    record Seen(Object found, List<Reply> after) {
        Seen {
            after = List.copyOf(after);
        }

        private static Seen none(Reply.Failed why) {
            return new Seen(why, List.of());
        }
    }

    /** @param last the survey, and what goes along with it in its session, all by one user */
    Seen look(ClusterSpec spec, HostSpec host, List<Script> last) {
        HostAccess access = Place.access(host);
        if (!spec.runsByInit()) {
            return brought(spec, host, "", last, Optional.empty());
        }
        Duration limit = last.getFirst().deadline();
        List<Script> first = new ArrayList<>(List.of(units(spec, host, limit)));
        bringing(spec, host, limit).ifPresent(first::add);
        // The SSH user asks both.
        List<Reply> replies = hosts.runAll(access, first);
        Optional<Reply> brings = replies.size() > 1 ? Optional.of(replies.get(1)) : Optional.empty();
        return switch (replies.getFirst()) {
            case Reply.Failed failed -> Seen.none(failed);
            case Reply.Done done when !done.out().endsWith(WHOLE) -> Seen.none(cut(access, done));
            case Reply.Done done -> {
                String refused = SurveyText.refused(done.out());
                if (!refused.isEmpty()) {
                    // What lives in directories that cannot be looked into would count as dead.
                    String must = access + ": with service: " + spec.service() + MUST;
                    yield Seen.none(new Reply.Failed(Trouble.NO_SUDO, must + refused));
                }
                // Without the user redis there is no directory of his, and nothing that more could be asked of.
                boolean account = done.out().contains(ACCOUNT);
                List<Script> left = account ? last : List.of(last.getFirst().by(RunAs.LOGIN));
                yield filtered(spec, host, done.out(), left, brings);
            }
        };
    }

    /** Root alone sees what the kernel filters; he is asked only where there may be something to see. */
    private Seen filtered(ClusterSpec spec, HostSpec host, String before, List<Script> last, Optional<Reply> brings) {
        if (!spec.firewall().wanted() && !before.contains(FILTERS)) {
            return brought(spec, host, before, last, brings);
        }
        HostAccess access = Place.access(host);
        List<String> arguments = List.of(Surveyor.WHOLE_MACHINE, spec.name().value());
        Reply reply = hosts.run(
                access,
                Scripts.of(HostLook.class, "filter", last.getFirst().deadline(), arguments)
                        .by(RunAs.ROOT));
        return switch (reply) {
            case Reply.Failed failed -> Seen.none(failed);
            case Reply.Done done when !done.out().endsWith(FILTER) -> Seen.none(cut(access, done));
            case Reply.Done done -> brought(spec, host, before + done.out(), last, brings);
        };
    }

    /**
     * Where something brings Redis to the host, what is there of that first.
     *
     * @param before what was found of the host already
     * @param last what is asked after that
     * @param known what it has answered to that already
     */
    private Seen brought(ClusterSpec spec, HostSpec host, String before, List<Script> last, Optional<Reply> known) {
        HostAccess access = Place.access(host);
        Optional<Script> bringing = bringing(spec, host, last.getFirst().deadline());
        if (bringing.isEmpty()) {
            return look(host, access, before, last);
        }
        Script script = bringing.get();
        String end = spec.redis().packaged() ? PACKAGES : ARCHIVES;
        return switch (known.orElseGet(() -> hosts.run(access, script))) {
            case Reply.Failed failed -> Seen.none(failed);
            case Reply.Done done when !done.out().endsWith(end) -> Seen.none(cut(access, done));
            case Reply.Done done
            when spec.redis().packaged() && done.out().contains(RPM) -> rpm(spec, host, before + done.out(), last);
            case Reply.Done done -> look(host, access, before + done.out(), last);
        };
    }

    /** What asks for that; empty: nothing brings Redis. */
    private static Optional<Script> bringing(ClusterSpec spec, HostSpec host, Duration limit) {
        List<String> arguments = new ArrayList<>();
        if (spec.redis().packaged()) {
            arguments.add(Surveyor.WHOLE_MACHINE);
            if (!spec.redis().version().isEmpty()) {
                arguments.add("redis=" + spec.redis().version());
            }
            arguments.addAll(HostPackages.needed(host));
            if (MonitPackage.wanted(spec)) {
                arguments.add(MonitPackage.NAME);
            }
            return Optional.of(Scripts.of(HostLook.class, "packages", limit, arguments));
        }
        if (spec.redis().archived()) {
            arguments.addAll(Engine.of(spec.redis()).after(List.of(TreePlace.top(spec, host.directory()))));
            return Optional.of(Scripts.of(HostLook.class, "archives", limit, arguments));
        }
        return Optional.empty();
    }

    /** What dnf keeps of its lists is root's to read, and so is SELinux's list of ports. */
    private Seen rpm(ClusterSpec spec, HostSpec host, String before, List<Script> last) {
        HostAccess access = Place.access(host);
        List<String> arguments = new ArrayList<>(List.of(Surveyor.WHOLE_MACHINE, host.directory()));
        // A data node calls its master at the master's port, which may be another one than its own.
        spec.hosts().stream()
                .flatMap(each -> each.instances().stream())
                .map(instance -> String.valueOf(instance.port()))
                .distinct()
                .forEach(arguments::add);
        Reply reply = hosts.run(
                access,
                Scripts.of(HostLook.class, "packages-rpm", last.getFirst().deadline(), arguments)
                        .by(RunAs.ROOT));
        return switch (reply) {
            case Reply.Failed failed -> Seen.none(failed);
            case Reply.Done done when !done.out().endsWith(RPM_END) -> Seen.none(cut(access, done));
            case Reply.Done done -> look(host, access, before + done.out(), last);
        };
    }

    /** @param before what was found of the host already */
    private Seen look(HostSpec host, HostAccess access, String before, List<Script> last) {
        Instant asked = clock.instant();
        List<Reply> replies = hosts.runAll(access, last);
        Object found = switch (replies.getFirst()) {
            case Reply.Failed failed -> failed;
            case Reply.Done done ->
                SurveyText.read(host, before + (before.isEmpty() ? done.out() : SurveyText.own(done.out())), asked)
                        .<Object>map(survey -> survey)
                        .orElseGet(() -> cut(access, done));
        };
        return new Seen(found, replies.subList(1, replies.size()));
    }

    private static Reply.Failed cut(HostAccess access, Reply.Done done) {
        return new Reply.Failed(
                Trouble.DROPPED,
                access + ": the survey was cut short: " + done.err().trim());
    }

    private static Script units(ClusterSpec spec, HostSpec host, Duration limit) {
        String directory = spec.runsOnScripts() ? Surveyor.SCRIPTS : Surveyor.UNITS;
        List<String> arguments = new ArrayList<>(List.of(directory, spec.name().value()));
        for (InstanceSpec instance : host.instances()) {
            OwnPlace at = instance.at();
            String called = Place.called(spec, instance);
            arguments.add(at == null || at.unit() == null ? called : called + "=" + at.unit());
        }
        return Scripts.of(HostLook.class, "units", limit, arguments);
    }

    /**
     * Its last question.
     *
     * @param sentinel what the script calls a Sentinel
     */
    static Script script(ClusterSpec spec, HostSpec host, String sentinel, Duration limit) {
        List<String> arguments = new ArrayList<>(Engine.of(spec.redis())
                .after(List.of(
                        host.directory(), spec.name().value(), spec.sentinel().masterName())));
        for (InstanceSpec instance : host.instances()) {
            OwnPlace at = instance.at();
            if (at != null) {
                String unit = at.unit();
                arguments.addAll(List.of(OWN, at.config(), unit == null ? "-" : unit, "-"));
            }
            arguments.add(instance.role() == InstanceRole.REDIS ? "redis" : sentinel);
            arguments.add(Place.called(spec, instance));
            arguments.add(host.address());
            arguments.add(String.valueOf(instance.port()));
        }
        // Whose the machine is, is looked at always: a spec that wants nothing of it any more gives it back.
        arguments.addAll(List.of("--", Surveyor.WHOLE_MACHINE));
        if (spec.tuning().wanted()) {
            arguments.addAll(KernelKey.names());
        }
        return Scripts.of(HostLook.class, "survey", limit, arguments).by(RunAs.keeper(spec));
    }
}
