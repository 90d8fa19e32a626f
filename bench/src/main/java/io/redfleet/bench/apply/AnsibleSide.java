package io.redfleet.bench.apply;

import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.SystemdHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The playbook of {@code bench/ansible}, by Debian's Ansible: pipelining, one connection to a host kept open, ten forks. */
final class AnsibleSide implements Side {
    private static final Duration WITHIN = Duration.ofMinutes(6);
    private static final Pattern RECAP =
            Pattern.compile("(?m)^\\S+ +: ok=\\d+ +changed=(\\d+) +unreachable=(\\d+) +failed=(\\d+) ");
    private static final List<String> USERS =
            List.of("application", "replication", "sentinel", "probe", "canary", "admin", "peer");

    private final Path directory;
    private final int hosts;
    private final Map<String, String> passwords = new HashMap<>();
    private final Path inventory;
    private Style style = Style.USUAL;
    private int commands;

    /** Which of the files that Redis and Sentinel write to as well are put back at each run. */
    enum Style {
        /** redis.conf is, sentinel.conf is written once. */
        USUAL("redis.conf from its template each time, sentinel.conf once", false, true),
        ONCE("both files once", true, true),
        ALWAYS("both files from their templates each time", false, false);

        private final String words;
        private final boolean redisOnce;
        private final boolean sentinelOnce;

        Style(String words, boolean redisOnce, boolean sentinelOnce) {
            this.words = words;
            this.redisOnce = redisOnce;
            this.sentinelOnce = sentinelOnce;
        }

        String words() {
            return words;
        }
    }

    /** @param directory of its own, there already */
    AnsibleSide(Trio hosts, Path directory) throws IOException {
        this.directory = directory;
        this.hosts = hosts.all().size();
        SecureRandom random = new SecureRandom();
        for (String user : USERS) {
            byte[] bytes = new byte[24];
            random.nextBytes(bytes);
            passwords.put(user, HexFormat.of().formatHex(bytes));
        }
        closed(directory.resolve("known_hosts"), knownHosts(hosts));
        closed(directory.resolve("passwords.yml"), passwordFile());
        this.inventory = closed(directory.resolve("inventory.ini"), inventory(hosts, directory.resolve("known_hosts")));
    }

    /** Its first line; empty if there is none in the PATH. */
    static String version(Path directory) throws IOException, InterruptedException {
        Ran ran = Ran.of(
                List.of("sh", "-c", "command -v ansible-playbook >/dev/null || exit 0; ansible-playbook --version"),
                Map.of(),
                directory.resolve("ansible-version"),
                Duration.ofMinutes(1));
        return ran.text().lines().findFirst().orElse("");
    }

    /** From now on. */
    void style(Style wanted) {
        style = wanted;
    }

    @Override
    public String name() {
        return "Ansible";
    }

    @Override
    public Ran apply() throws IOException, InterruptedException {
        Path playbook = Checkout.root().resolve("bench/ansible");
        List<String> command = new ArrayList<>(List.of("ansible-playbook", "-i", inventory.toString()));
        command.addAll(List.of("-e", "@" + directory.resolve("passwords.yml")));
        command.addAll(List.of("-e", "redis_conf_once=" + style.redisOnce));
        command.addAll(List.of("-e", "sentinel_conf_once=" + style.sentinelOnce));
        command.add(playbook.resolve("site.yml").toString());
        Map<String, String> environment = Map.of(
                "ANSIBLE_CONFIG",
                playbook.resolve("ansible.cfg").toString(),
                "ANSIBLE_NOCOLOR",
                "1",
                "ANSIBLE_HOME",
                directory.resolve("home").toString());
        return Ran.of(command, environment, directory.resolve("ansible-" + commands++ + ".log"), WITHIN)
                .orFail("ansible-playbook");
    }

    @Override
    public boolean changedNothing(Ran ran) {
        return changes(ran.text(), hosts) == 0;
    }

    /**
     * How many tasks of a play have changed something, on all hosts together, by its recap.
     *
     * @throws IllegalStateException if the recap is not one of so many hosts, all reached and without a failure
     */
    static int changes(String text, int hosts) {
        Matcher line = RECAP.matcher(text);
        int changes = 0;
        int lines = 0;
        while (line.find()) {
            lines++;
            changes += Integer.parseInt(line.group(1));
            if (!line.group(2).equals("0") || !line.group(3).equals("0")) {
                throw new IllegalStateException("a host has failed: " + line.group());
            }
        }
        if (lines != hosts) {
            throw new IllegalStateException("the recap of " + lines + " hosts, not " + hosts);
        }
        return changes;
    }

    @Override
    public Footing footing() {
        return new Footing(
                "redis-server.service",
                "redis-sentinel.service",
                "/etc/redis/users.acl",
                "/etc/redis/sentinel-users.acl",
                "/etc/sysctl.d/60-redis.conf",
                "redis-thp.service",
                "/etc/security/limits.d/redis.conf",
                List.of("/etc/logrotate.d/redis-server", "/etc/logrotate.d/redis-sentinel"),
                List.of("/var/log/redis/redis-server.log", "/var/log/redis/redis-sentinel.log"),
                List.of("/etc/redis", "/var/lib/redis", "/var/log/redis"));
    }

    @Override
    public String password(String user) {
        return Objects.requireNonNull(passwords.get(user), user);
    }

    /** The connections that Ansible keeps end by themselves, a minute after their last use, or with their hosts. */
    @Override
    public void leave() {}

    private static String knownHosts(Trio hosts) {
        StringBuilder text = new StringBuilder();
        for (SystemdHost host : hosts.all()) {
            text.append(host.address()).append(' ').append(host.publicHostKey()).append('\n');
        }
        return text.toString();
    }

    private String passwordFile() {
        StringBuilder text = new StringBuilder("redis_passwords:\n");
        USERS.forEach(user -> text.append("  ")
                .append(user)
                .append(": \"")
                .append(passwords.get(user))
                .append("\"\n"));
        return text.toString();
    }

    private static String inventory(Trio hosts, Path known) {
        StringBuilder text = new StringBuilder("[redis]\n");
        List<SystemdHost> all = hosts.all();
        for (int i = 0; i < all.size(); i++) {
            text.append("r%d ansible_host=%s ansible_user=%s%n"
                    .formatted(i + 1, all.get(i).address(), all.get(i).user()));
        }
        return text.append("\n[redis:vars]\nansible_ssh_private_key_file=")
                .append(hosts.key())
                .append("\nansible_ssh_common_args=-F /dev/null -o UserKnownHostsFile=")
                .append(known)
                .append(" -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes\n")
                .toString();
    }

    private static Path closed(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }
}
