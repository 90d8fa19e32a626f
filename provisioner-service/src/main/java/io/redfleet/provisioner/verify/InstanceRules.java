package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.RunAs;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What any instance is held against: its version, its users, its files, its limits, its log. */
final class InstanceRules {
    /** Any release that the generated users were made for: their names are the same. */
    private static final String VERSION = "7.0";

    private static final String DEFAULT_USER = "default";

    /** What Redis keeps for itself beside its clients (E3). */
    private static final long OWN_FILES = 32;

    /** Redis's own, where a spec says nothing. */
    private static final String MAX_CLIENTS = "10000";

    /** What each unit has (R13). */
    private static final long UNIT_FILES = 65_535;

    /** By the kinds of verify.sh. */
    private static final Map<Rule, String> LOGGED = new EnumMap<>(Map.of(
            Rule.LOG_OVERCOMMIT, "overcommit",
            Rule.LOG_BACKLOG, "backlog",
            Rule.LOG_HUGE_PAGES, "hugepages",
            Rule.LOG_OPEN_FILES, "openfiles",
            Rule.LOG_SAVE, "save",
            Rule.LOG_FILE, "file"));

    private final ClusterSpec spec;
    private final Found found;
    private final Checks checks;

    InstanceRules(ClusterSpec spec, Found found, Checks checks) {
        this.spec = spec;
        this.found = found;
        this.checks = checks;
    }

    void judge(Member member) {
        Evidence evidence = found.of(member.id());
        modes(member, evidence);
        if (evidence.pid() == 0) {
            return;
        }
        openFiles(member, evidence);
        log(member, evidence);
        Accounts accounts = found.survey().accounts();
        if (!accounts.isNone()) {
            users(member, evidence, accounts);
        }
    }

    /**
     * Of one that answers. A version out of an archive is the spec's to name; any other is what the host has. It is told alone, for
     * an apply restarts nobody for it unless somebody says so.
     */
    void version(Member member, InstanceSurvey seen) {
        HostSurvey host = found.survey().hosts().get(member.id().host());
        String installed = host == null ? "" : host.version();
        String wanted = spec.redis().archived() ? spec.redis().version() : installed;
        String runs = seen.version();
        if (runs.isEmpty() || wanted.isEmpty()) {
            String why = runs.isEmpty() ? "INFO says no version" : "its host says no version";
            checks.unknown(Rule.VERSION, member, why);
            return;
        }
        String title = Engine.of(spec.redis()).title();
        String what = runs.equals(wanted)
                ? "runs a binary that was replaced since it started"
                : "runs " + title + " " + runs + ", not " + wanted;
        String way = Release.older(wanted, runs) ? "no apply starts an older one" : "apply --rolling restarts it";
        checks.holds(Rule.VERSION, member, runs.equals(wanted) && !seen.outdated(), what + "; " + way);
    }

    private void users(Member member, Evidence evidence, Accounts accounts) {
        HostName host = member.id().host();
        String subject = member.id().value();
        if (evidence.users().isEmpty()) {
            checks.unknown(Rule.USERS, host, subject, "ACL LIST was not answered");
            return;
        }
        String text =
                member.role() == InstanceRole.REDIS ? UsersFile.redis(accounts, VERSION) : UsersFile.sentinel(accounts);
        Set<String> wanted = text.lines()
                .map(line -> line.split(" ", 3)[1])
                .filter(name -> !name.equals(DEFAULT_USER))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> broken = new ArrayList<>();
        if (!evidence.users().getOrDefault(DEFAULT_USER, "").equals("off")) {
            broken.add("default is on");
        }
        for (String name : wanted) {
            String state = evidence.users().getOrDefault(name, "missing");
            if (!state.equals("on")) {
                broken.add(name + " is " + state);
            }
        }
        checks.holds(Rule.USERS, host, subject, broken.isEmpty(), String.join(", ", broken));
        List<String> beside = evidence.usersThatAreOn().stream()
                .filter(name -> !wanted.contains(name) && !name.equals(DEFAULT_USER))
                .toList();
        checks.holds(Rule.USERS_BESIDE, host, subject, beside.isEmpty(), "there are users beside: " + beside);
    }

    private void modes(Member member, Evidence evidence) {
        HostName host = member.id().host();
        if (evidence.modes().isEmpty()) {
            checks.unknown(Rule.MODES, host, member.id().value(), "the modes of its files could not be read");
            return;
        }
        String conf = member.role() == InstanceRole.REDIS ? "redis.conf" : "sentinel.conf";
        // Of one that was adopted the rest is its builder's.
        boolean own = spec.at(member.id()).isPresent();
        List<String> parts = new ArrayList<>(own ? List.of(".", "log") : List.of(".", "data", "log", conf));
        if (!found.survey().accounts().isNone()) {
            parts.add(UsersFile.NAME);
        }
        for (String part : parts) {
            Evidence.Mode mode = evidence.modes().get(part);
            String subject = member.id() + " " + part;
            if (mode == null) {
                checks.holds(Rule.MODES, host, subject, false, "is not there");
            } else {
                boolean ours = !spec.runsByInit() || mode.owner().equals(RunAs.USER);
                String said = "has mode " + mode.bits() + " and is " + mode.owner() + "'s";
                checks.holds(Rule.MODES, host, subject, ours && mode.closed(), said);
            }
        }
    }

    /** A Sentinel that init does not run has a handful of clients, and whatever limit its login has. */
    private void openFiles(Member member, Evidence evidence) {
        boolean redis = member.role() == InstanceRole.REDIS;
        if (!redis && !spec.runsByInit()) {
            return;
        }
        String clients = spec.redis().config().getOrDefault("maxclients", MAX_CLIENTS);
        long wanted = redis && clients.matches("\\d{1,9}") ? Long.parseLong(clients) + OWN_FILES : 0;
        // What its builder's unit allows stays its builder's to say.
        boolean ours = spec.runsByInit() && spec.at(member.id()).isEmpty();
        long least = ours ? Math.max(wanted, UNIT_FILES) : wanted;
        String soft = evidence.openFiles().split(" ", 2)[0];
        HostName host = member.id().host();
        if (!soft.equals("unlimited") && !soft.matches("\\d{1,18}")) {
            checks.unknown(Rule.OPEN_FILES, host, member.id().value(), "its limits could not be read");
            return;
        }
        boolean enough = soft.equals("unlimited") || Long.parseLong(soft) >= least;
        String said = "its limits are " + evidence.openFiles() + ", and it needs " + least;
        checks.holds(Rule.OPEN_FILES, host, member.id().value(), enough, said);
    }

    private void log(Member member, Evidence evidence) {
        LOGGED.forEach((rule, kind) -> {
            Evidence.Logged lines = evidence.logged().get(kind);
            HostName host = member.id().host();
            String subject = member.id().value();
            if (lines != null) {
                String said = lines.times() + " time(s), the last: " + lines.last();
                checks.holds(rule, host, subject, false, said);
            } else {
                switch (evidence.log()) {
                    case WHOLE -> checks.holds(rule, host, subject, true, "");
                    case CUT -> checks.unknown(rule, host, subject, "its start lies beyond the last 4 MB of its log");
                    case NONE -> checks.unknown(rule, host, subject, "its log could not be read");
                }
            }
        });
    }
}
