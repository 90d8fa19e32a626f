package io.redfleet.provisioner.verify;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether what is written on the master is read on every data node. One key is written, of which the user canary owns the name
 * and no other; it is never written over, and is gone by itself. So nobody gets a right for it that he had not.
 *
 * <p>Why a master takes no write is told in words, and that somebody gives no answer: neither fails an operation, for no apply
 * could mend it.
 *
 * @param leader the data node that most Sentinels name
 * @param nodes those that answer, with it
 * @param offsets by how many seconds the clock of a host is ahead of ours, to a second; of hosts that were seen
 */
record Canary(ClusterSpec spec, Accounts accounts, Member leader, List<Member> nodes, Map<HostName, Long> offsets) {
    /** How long the key is there. canary.sh waits a second longer for it, and two more until it is gone. */
    static final Duration LIVES = Duration.ofSeconds(2);

    /** The script's own deadlines, a second's answer each, and the way there and back. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Pattern LINE = Pattern.compile("i\\.([a-z0-9-]+)\\.canary=(wrote|read|gone) (.*)");
    private static final String END = "canary.end=yes";

    Canary {
        nodes = List.copyOf(nodes);
        offsets = Map.copyOf(offsets);
    }

    /**
     * What is judged of one key.
     *
     * @param wrote whether the master took it
     * @param again whether another key may show that it was a host that came too late
     */
    record Seen(boolean wrote, boolean again, List<Check> checks) {
        Seen {
            checks = List.copyOf(checks);
        }
    }

    /** Empty where somebody else has made the users, or where it is not known who leads. */
    static Optional<Canary> of(ClusterSpec spec, ClusterSurvey survey) {
        if (spec.adopted() || spec.observed()) {
            return Optional.empty();
        }
        List<Member> nodes = spec.members(InstanceRole.REDIS).stream()
                .filter(member -> survey.instance(member.id())
                        .filter(InstanceSurvey::answers)
                        .isPresent())
                .toList();
        Map<HostName, Long> offsets = new HashMap<>();
        survey.hosts().forEach((host, seen) -> offsets.put(host, seen.clockOffsetSeconds()));
        return new Found(survey, Map.of(), Map.of())
                .leader(spec)
                .filter(nodes::contains)
                .map(leader -> new Canary(spec, survey.accounts(), leader, nodes, offsets));
    }

    /** Those that have a data node which is asked; nobody else is. */
    List<HostSpec> hosts() {
        return spec.hosts().stream().filter(host -> !on(host.name()).isEmpty()).toList();
    }

    /** @param token what the key holds: nobody else's */
    Script script(HostSpec host, String token) {
        List<String> arguments = new ArrayList<>(
                List.of(host.directory(), spec.name().value(), UsersFile.CANARY_KEY, token, "" + LIVES.toSeconds()));
        for (Member node : on(host.name())) {
            arguments.add(node.equals(leader) ? "master" : "replica");
            arguments.add(node.id().name());
            arguments.add(host.address());
            arguments.add(String.valueOf(node.endpoint().port()));
        }
        return Scripts.of(Canary.class, "canary", LIMIT, arguments)
                .by(RunAs.keeper(spec))
                .as(login().over(spec.security().tls()));
    }

    private Login login() {
        return accounts.isNone() ? accounts.admin() : new Login(Purpose.CANARY.word(), accounts.of(Purpose.CANARY));
    }

    /** A host that does not answer shows nothing of its data nodes, and fails no more than they do; no second key mends that. */
    Seen judge(Map<HostName, Reply> replies) {
        Checks checks = new Checks();
        Map<Member, Map<String, String>> said = new HashMap<>();
        for (HostSpec host : hosts()) {
            Reply reply = replies.get(host.name());
            if (reply instanceof Reply.Done done && done.out().strip().endsWith(END)) {
                on(host.name()).forEach(node -> said.put(node, read(node, done.out())));
            } else {
                on(host.name()).forEach(node -> checks.unknown(Rule.CANARY, node, silence(reply)));
            }
        }
        if (!said.containsKey(leader)) {
            return new Seen(false, false, checks.all());
        }
        String wrote = word(said, leader, "wrote");
        if (!wrote.equals("OK")) {
            if (wrote.isEmpty()) {
                checks.unknown(Rule.CANARY, leader, "the host does not say whether the master took the key");
            } else {
                checks.holds(Rule.CANARY, leader, false, refusal(wrote));
            }
            return new Seen(false, false, checks.all());
        }
        boolean again = false;
        for (Member node : nodes) {
            if (said.containsKey(node)) {
                again |= came(checks, node, word(said, node, "read"), word(said, node, "gone"));
            }
        }
        return new Seen(true, again, checks.all());
    }

    /** Whether another key may show something else. */
    private boolean came(Checks checks, Member node, String read, String gone) {
        long ahead = ahead(node);
        if (read.isEmpty() || (read.equals("yes") && gone.isEmpty())) {
            checks.unknown(Rule.CANARY, node, "the host does not say whether the key came, and went");
            return true;
        }
        if (read.equals("yes")) {
            String stays = UsersFile.CANARY_KEY + " is still there, " + (LIVES.toSeconds() + 2)
                    + " s after it was read, and was to be gone after " + LIVES.toSeconds();
            checks.holds(Rule.CANARY, node, gone.equals("yes"), stays);
            return !gone.equals("yes");
        }
        if (ahead >= LIVES.toSeconds() - 1) {
            checks.unknown(
                    Rule.CANARY,
                    node,
                    "its host's clock is " + ahead + " s ahead of the master's: " + UsersFile.CANARY_KEY
                            + " may be over there before it comes: " + read);
            return false;
        }
        checks.holds(Rule.CANARY, node, false, UsersFile.CANARY_KEY + " was not read in time: " + read);
        return true;
    }

    /** A master tells its replicas until when a key is there, by its own clock. */
    private long ahead(Member node) {
        return offsets.getOrDefault(node.id().host(), 0L)
                - offsets.getOrDefault(leader.id().host(), 0L);
    }

    /** Why a master takes no write, by the first word of what it answers. */
    private String refusal(String wrote) {
        String writer = login().isNone() ? "the default user" : "the user " + Purpose.CANARY.word();
        String why = switch (wrote.split("[ :]", 2)[0]) {
            case "OOM" -> "its memory is full (maxmemory)";
            case "NOREPLICAS" -> "fewer replicas follow it than min-replicas-to-write asks for";
            case "NOPERM", "NOAUTH", "WRONGPASS", "AUTH" -> writer + " may not, or is not let in";
            case "MISCONF" -> "it takes no writes while it cannot save";
            case "READONLY" -> "it is a replica by now";
            case "EXISTS" -> UsersFile.CANARY_KEY + " is there already, and is left as it is";
            default -> "";
        };
        String said = "the master did not take " + UsersFile.CANARY_KEY;
        return why.isEmpty() ? said + ": " + wrote : said + ": " + why + ": " + wrote;
    }

    private List<Member> on(HostName host) {
        return nodes.stream().filter(node -> node.id().host().equals(host)).toList();
    }

    private static String silence(@Nullable Reply reply) {
        if (reply instanceof Reply.Failed failed) {
            return failed.reason();
        }
        return reply instanceof Reply.Done done
                ? "the write of a key was cut short: " + done.err().strip()
                : "it was not asked";
    }

    private static String word(Map<Member, Map<String, String>> said, Member node, String kind) {
        return said.getOrDefault(node, Map.of()).getOrDefault(kind, "");
    }

    private static Map<String, String> read(Member node, String out) {
        Map<String, String> words = new HashMap<>();
        for (String line : out.split("\n", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && matcher.group(1).equals(node.id().name())) {
                words.put(matcher.group(2), matcher.group(3).strip());
            }
        }
        return words;
    }
}
