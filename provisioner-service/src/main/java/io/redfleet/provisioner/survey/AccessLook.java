package io.redfleet.provisioner.survey;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the instances of a host who may enter them; what is secret is compared there. */
final class AccessLook {
    private static final String END = "access.end=yes";

    private AccessLook() {}

    /**
     * Whether there is anybody to ask on the host, and somebody who may ask. Users that somebody else has made are not compared.
     */
    static boolean due(Accounts accounts, HostSurvey seen) {
        return may(accounts) && seen.instances().values().stream().anyMatch(InstanceSurvey::answers);
    }

    /** Whether there is somebody who may ask. Then each survey to plan asks: what does not run says so at once. */
    static boolean may(Accounts accounts) {
        return !accounts.isNone() && !accounts.admin().isNone();
    }

    static Script script(ClusterSpec spec, HostSpec host, Accounts accounts, Duration limit) {
        List<String> arguments = new ArrayList<>(
                List.of(host.directory(), spec.name().value(), spec.sentinel().masterName()));
        for (InstanceSpec instance : host.instances()) {
            arguments.add(instance.role() == InstanceRole.REDIS ? "redis" : "sentinel");
            arguments.add(Place.called(spec, instance));
            arguments.add(host.address());
            arguments.add(String.valueOf(instance.port()));
        }
        return Scripts.of(AccessLook.class, "access", limit, arguments)
                .by(RunAs.keeper(spec))
                .as(accounts.admin().over(spec.security().tls()))
                .carrying(wanted(accounts));
    }

    /**
     * What the script compares with. While a password is being changed an instance may take either of two, and may log in elsewhere
     * by either: both count as the user's own, and that login is not compared.
     */
    static String wanted(Accounts accounts) {
        StringBuilder text = new StringBuilder();
        for (Purpose purpose : Purpose.values()) {
            accounts.all(purpose).forEach(secret -> text.append("hash " + purpose.word() + " " + secret.hash() + "\n"));
        }
        Login group = accounts.group();
        if (!group.isNone()) {
            text.append("hash " + group.user() + " " + group.password().hash() + "\n");
        }
        login(text, accounts, Purpose.REPLICATION, "masteruser", "masterauth");
        login(text, accounts, Purpose.SENTINEL, "auth-user", "auth-pass");
        login(text, accounts, Purpose.PEER, "sentinel-user", "sentinel-pass");
        return text.toString();
    }

    private static void login(StringBuilder text, Accounts accounts, Purpose purpose, String user, String password) {
        if (accounts.second(purpose).isEmpty()) {
            text.append("login " + user + " " + purpose.word() + "\n");
            text.append("login " + password + " " + accounts.of(purpose).reveal() + "\n");
        }
    }

    /** By instance. Nothing of a host that gave no whole answer: its users are then not compared, and a plan says so. */
    static Map<InstanceId, AccessSurvey> read(HostSpec host, Reply reply) {
        if (!(reply instanceof Reply.Done done) || !done.out().stripTrailing().endsWith(END)) {
            return Map.of();
        }
        Map<InstanceId, AccessSurvey> found = new HashMap<>();
        for (InstanceSpec instance : host.instances()) {
            read(done.out(), "i." + instance.name() + ".")
                    .ifPresent(access -> found.put(InstanceId.of(host.name(), instance.name()), access));
        }
        return Map.copyOf(found);
    }

    /** Empty: the instance did not say who its users are. */
    private static Optional<AccessSurvey> read(String text, String prefix) {
        Map<String, String> live = new HashMap<>();
        Map<String, String> file = new HashMap<>();
        Map<String, Set<String>> categories = new HashMap<>();
        Map<String, Boolean> logins = new HashMap<>();
        boolean loginsRead = false;
        for (String line : text.lines().filter(said -> said.startsWith(prefix)).toList()) {
            int equals = line.indexOf('=');
            String key = equals < 0 ? "" : line.substring(prefix.length(), equals);
            String said = line.substring(equals + 1);
            String[] words = said.split(" ", -1);
            switch (key) {
                case "live" -> live.put(name(words), said);
                case "file" -> file.put(name(words), said);
                case "category" -> {
                    Set<String> commands = new HashSet<>(List.of(words).subList(1, words.length));
                    commands.remove("");
                    categories.put(words[0], Set.copyOf(commands));
                }
                case "login" -> logins.put(words[0], said.endsWith(" same"));
                case "logins" -> loginsRead = said.equals("read");
                default -> {
                    // A later script may say more.
                }
            }
        }
        return live.isEmpty()
                ? Optional.empty()
                : Optional.of(new AccessSurvey(live, file, categories, logins, loginsRead));
    }

    /** Of a line {@code user NAME RULES}. */
    private static String name(String[] words) {
        return words.length > 1 ? words[1] : "";
    }
}
