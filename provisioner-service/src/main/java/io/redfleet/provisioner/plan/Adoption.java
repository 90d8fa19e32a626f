package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How instances that somebody else built come to be managed where they lie: each has to run by the very configuration that the
 * spec names, in the role that most Sentinels say. Then it gets a directory of Redfleet's with a mark and links to what is its
 * own. Nothing is started, stopped or restarted for it, and until the mark is there nothing is done to it at all.
 */
public final class Adoption {
    /** Where gates and scripts look for a data set, and how a file says that it is elsewhere. */
    private static final Map<String, String> DATA_FILES = Map.of(
            "dbfilename", "dump.rdb",
            "appendfilename", "appendonly.aof",
            "appenddirname", "appendonlydir");

    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final Optional<Endpoint> named;

    private Adoption(ClusterSpec spec, ClusterSurvey survey) {
        this.spec = spec;
        this.survey = survey;
        this.named = survey.namedMaster(spec);
    }

    /** Why a takeover is not accepted; empty: it may be, or nobody asks for one. */
    public static Optional<String> forbidden(Plan plan, boolean adopts) {
        if (!adopts) {
            return Optional.empty();
        }
        if (!plan.obstacles().isEmpty()) {
            String reasons = plan.obstacles().stream().map(Obstacle::toString).collect(Collectors.joining("; "));
            return Optional.of("nothing is taken over, and the spec is not accepted: " + reasons);
        }
        return plan.steps().stream()
                .filter(step -> switch (plan.effect(step)) {
                    case START, STOP, RESTART -> true;
                    case NONE, LIVE -> false;
                })
                .findFirst()
                .map(step ->
                        "nothing is started, stopped or restarted while a cluster is taken over, and the plan would"
                                + " " + step.title()
                                + ": see to that first, or apply without adopt what is managed already");
    }

    /** What is in the way on hosts that answered, of instances that are to be taken over or were. */
    static List<Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        Adoption adoption = new Adoption(cluster.spec(), survey);
        List<Obstacle> found = new ArrayList<>();
        for (Member member : cluster.spec().members()) {
            Optional<OwnPlace> at = cluster.spec().at(member.id());
            Optional<InstanceSurvey> seen = survey.instance(member.id());
            if (at.isPresent() && seen.isPresent()) {
                adoption.trouble(member, at.get(), seen.get()).ifPresent(reason -> {
                    InstanceId id = member.id();
                    found.add(new Obstacle(id.host().value(), id.name(), reason));
                });
            }
        }
        return found;
    }

    /** Of one that the preflight let pass. */
    static Step adopt(StepMaker make, HostSurvey host, Member member, OwnPlace at, InstanceSurvey seen, String mark) {
        String directory = make.directory(member);
        String name = member.role() == InstanceRole.REDIS ? "redis.conf" : "sentinel.conf";
        List<String> diff = new ArrayList<>(List.of(
                "+ " + directory + "/owner " + mark,
                "+ " + directory + "/" + name + " -> " + at.config(),
                "+ " + directory + "/redis.pid -> " + seen.own().pidfile(),
                "+ " + directory + "/data -> " + seen.own().data()));
        if (!seen.own().log().isEmpty()) {
            diff.add("+ " + directory + "/log/redis.log -> " + seen.own().log());
        }
        String starter = make.place(member).vendorUnit().orElseGet(host::binary);
        diff.add("+ is started by " + starter + " from its next start on");
        Action action = new OwnAction.Adopt(
                make.place(member),
                host.base(),
                directory,
                mark,
                host.binary(),
                at,
                seen.own().pidfile(),
                seen.own().data(),
                seen.own().log(),
                seen.pid());
        String title = "take over " + member.id() + " where it lies, while it runs";
        return new Step(member.id() + "/adopt", title, diff, action);
    }

    /** @param mark what has to stand in its directory */
    static Step release(StepMaker make, Member member, String mark) {
        String directory = make.directory(member);
        Action action = new OwnAction.Release(make.place(member), directory, mark);
        String title = "let go of " + member.id() + ", which goes on as it is";
        return new Step(member.id() + "/release", title, List.of("- " + directory), action);
    }

    private Optional<String> trouble(Member member, OwnPlace at, InstanceSurvey seen) {
        if (OwnerGate.unmarked(spec, member.id(), seen)) {
            return host(at, seen)
                    .or(() -> alone(member, seen))
                    .or(() -> process(member, at, seen))
                    .or(() -> role(member, seen))
                    .or(() -> AdoptedLogin.uneven(spec, survey, seen));
        }
        return seen.configured()
                ? AdoptedLogin.locked(spec, survey.accounts(), seen)
                : Optional.of("its configuration " + at.config()
                        + " is gone, and is its builder's to write, or its removal was cut off: delete again; nothing is"
                        + " made in its place");
    }

    /** What its host finds, and what only harmless paths may be: links name them, and plans show them. */
    private static Optional<String> host(OwnPlace at, InstanceSurvey seen) {
        if (!seen.own().refused().isEmpty()) {
            return Optional.of("is not taken over: " + seen.own().refused());
        }
        List<String> paths =
                new ArrayList<>(List.of(seen.own().pidfile(), seen.own().data()));
        if (!seen.own().log().isEmpty()) {
            paths.add(seen.own().log());
        }
        return paths.stream()
                .filter(path -> !OwnPlace.plain(path))
                .findFirst()
                .map(path -> "is not taken over: '" + path.replaceAll("[^ -~]", "?") + "', which belongs to it by "
                        + at.config() + ", " + OwnPlace.RULE);
    }

    /**
     * A process counts as the instance's by its pidfile and its working directory. One that is out of date names any process,
     * another instance in the same directory too. In a unit it counts by the unit; there, as Debian has it, a Sentinel may work
     * beside a data node, and two data nodes would still write one file.
     */
    private Optional<String> alone(Member member, InstanceSurvey seen) {
        String data = seen.own().data();
        return spec.members().stream()
                .filter(other -> !inUnits(member, other))
                .map(Member::id)
                .filter(id -> id.host().equals(member.id().host()) && !id.equals(member.id()))
                .filter(id -> survey.instance(id)
                        .filter(other -> other.own().data().equals(data))
                        .isPresent())
                .findFirst()
                .map(id -> "is not taken over: it works in " + data + ", and so does " + id
                        + ": in this release each needs a directory of its own (dir)");
    }

    private boolean inUnits(Member one, Member other) {
        boolean twoNodes = one.role() == InstanceRole.REDIS && other.role() == InstanceRole.REDIS;
        return !twoNodes && inUnit(one) && inUnit(other);
    }

    private boolean inUnit(Member member) {
        return spec.at(member.id()).filter(at -> at.unit() != null).isPresent();
    }

    private Optional<String> process(Member member, OwnPlace at, InstanceSurvey seen) {
        String prefix = "is not taken over: ";
        if (!seen.answers()) {
            return Optional.of(prefix + AdoptedLogin.silent(spec, survey.accounts(), seen));
        }
        if (!seen.info("process_id").equals(String.valueOf(seen.pid()))) {
            return Optional.of(prefix + "process " + seen.info("process_id") + " answers on " + member.endpoint()
                    + ", and " + at.config() + " is that of process " + seen.pid());
        }
        if (!seen.info("config_file").equals(at.config())) {
            String runs = "it runs by '" + seen.info("config_file") + "'";
            return Optional.of(prefix + runs + ", and the spec names " + at.config());
        }
        String supervisor = seen.info("process_supervised");
        // Its unit is the one that supervises it: the host has looked.
        boolean itsUnit = at.unit() != null && supervisor.equals("systemd");
        if (!supervisor.isEmpty() && !supervisor.equals("no") && !itsUnit) {
            String said = "INFO says process_supervised:" + supervisor;
            return Optional.of(prefix + said + ": who supervises it would start it beside Redfleet");
        }
        String mode = member.role() == InstanceRole.REDIS ? "standalone" : "sentinel";
        // As Valkey calls it from 8.0 on.
        String runs = seen.info().getOrDefault("redis_mode", seen.info("server_mode"));
        return runs.equals(mode)
                ? Optional.empty()
                : Optional.of(prefix + "it runs in mode " + runs + ", and the spec says "
                        + (member.role() == InstanceRole.REDIS ? "redis" : "sentinel"));
    }

    /** What most Sentinels name is what has to be. */
    private Optional<String> role(Member member, InstanceSurvey seen) {
        String prefix = "is not taken over: ";
        if (named.isEmpty()) {
            return Optional.of(prefix + "no majority of the Sentinels names a master");
        }
        Endpoint master = named.get();
        if (member.role() == InstanceRole.SENTINEL) {
            String names = seen.master().getOrDefault("ip", "nobody") + ":"
                    + seen.master().getOrDefault("port", "");
            return names.equals(master.toString())
                    ? AdoptedLogin.unseen(seen)
                    : Optional.of(prefix + "it names " + names + ", and most Sentinels name " + master);
        }
        boolean leads = member.announce().equals(master);
        String follows = seen.info("master_host") + ":" + seen.info("master_port");
        if (leads && !seen.isMaster()) {
            String is = "its role is '" + seen.info("role") + "'";
            return Optional.of(prefix + "most Sentinels name it as the master, and " + is);
        }
        if (!leads && !(seen.isReplica() && follows.equals(master.toString()))) {
            String is = seen.isReplica() ? "it follows " + follows : "its role is '" + seen.info("role") + "'";
            return Optional.of(prefix + "most Sentinels name " + master + " as the master, and " + is);
        }
        if (!leads && !seen.info("master_link_status").equals("up")) {
            return Optional.of(prefix + "its link to its master is " + seen.info("master_link_status"));
        }
        if (seen.setting("dbfilename") == null) {
            String why = "CONFIG GET names no dbfilename: what it would lose with a restart cannot be known";
            return Optional.of(prefix + why);
        }
        return DATA_FILES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(file -> !file.getValue().equals(seen.config().getOrDefault(file.getKey(), file.getValue())))
                .findFirst()
                .map(file -> prefix + file.getKey() + " is " + seen.setting(file.getKey())
                        + ", and in this release must be " + file.getValue()
                        + ", where a data set is looked for before a start");
    }
}
