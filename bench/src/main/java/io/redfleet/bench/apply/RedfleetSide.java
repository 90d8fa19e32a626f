package io.redfleet.bench.apply;

import io.redfleet.testkit.Installation;
import io.redfleet.testkit.SystemdHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The whole stack, asked by {@code ./redfleet apply --wait}: the command line, the gateway, Kafka and the provisioner. */
final class RedfleetSide implements Side {
    private static final Duration WITHIN = Duration.ofSeconds(200);
    private static final String UNIT = "redfleet-" + EndState.NAME + "-";
    /** Where a spec that says nothing of it has its instances. */
    private static final String BASE = "/var/lib/redfleet/" + EndState.NAME + "/";

    private final CommandLine redfleet;
    private final Path spec;
    private final Map<String, String> passwords = new HashMap<>();

    /**
     * @param directory of its own, there already
     * @param credential what the hosts' key is called in the stack, new each time
     */
    RedfleetSide(Installation stack, Trio hosts, Path directory, String credential) throws IOException {
        this.redfleet = new CommandLine(stack, directory);
        Path keys = Files.createDirectories(stack.home().resolve("credentials/ssh"));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
        Path key = Files.copy(hosts.key(), keys.resolve(credential));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        this.spec = Files.writeString(directory.resolve("orders.yaml"), spec(hosts, credential));
    }

    @Override
    public String name() {
        return "Redfleet";
    }

    @Override
    public Ran apply() throws IOException, InterruptedException {
        return redfleet.waiting(WITHIN, "apply", "-f", spec.toString());
    }

    @Override
    public boolean changedNothing(Ran ran) {
        return ran.text().contains("nothing to change");
    }

    @Override
    public Footing footing() {
        return new Footing(
                UNIT + "redis-server.service",
                UNIT + "redis-sentinel.service",
                BASE + "redis-server/users.acl",
                BASE + "redis-sentinel/users.acl",
                "/etc/sysctl.d/60-redfleet.conf",
                "redfleet-thp.service",
                "/etc/security/limits.d/redfleet.conf",
                List.of("/etc/logrotate.d/redfleet-" + EndState.NAME),
                List.of(BASE + "redis-server/log/redis.log", BASE + "redis-sentinel/log/redis.log"),
                List.of(BASE + "redis-server", BASE + "redis-sentinel"));
    }

    /** Each is revealed once. */
    @Override
    public String password(String user) throws IOException, InterruptedException {
        String known = passwords.get(user);
        if (known == null) {
            known = redfleet.asking("secret", "reveal", EndState.NAME, user)
                    .text()
                    .strip();
            if (!known.matches("\\S{16,}")) {
                throw new IllegalStateException("what was revealed of " + user + " is no password");
            }
            passwords.put(user, known);
        }
        return known;
    }

    /** While its hosts are there: what the fleet forgets is not looked for by the next round's provisioner. */
    @Override
    public void leave() throws IOException, InterruptedException {
        var unused = redfleet.waiting(WITHIN, "delete", EndState.NAME, "--confirm", EndState.NAME, "--remove-data");
    }

    private static String spec(Trio hosts, String credential) {
        StringBuilder text = new StringBuilder("""
                apiVersion: redfleet.io/v1
                kind: Cluster
                metadata: {name: %s}
                spec:
                  service: systemd
                  redis:
                    install: packages
                    port: %d
                    config: {maxmemory: 64mb, maxmemory-policy: noeviction, tcp-backlog: "65535"}
                  durability: {minReplicasToWrite: 1, maxLag: 10s}
                  tuning: {profile: article}
                  sentinel: {port: %d, quorum: 2, downAfter: 5s, failoverTimeout: 60s}
                  bootstrapMaster: r1
                  hosts:
                """.formatted(EndState.NAME, Trio.REDIS, Trio.SENTINEL));
        List<SystemdHost> all = hosts.all();
        for (int i = 0; i < all.size(); i++) {
            SystemdHost host = all.get(i);
            text.append("    - {name: r%d, address: %s, ssh: {user: %s, credential: %s, hostKey: \"%s\"}}%n"
                    .formatted(i + 1, host.address(), host.user(), credential, host.publicHostKey()));
        }
        return text.toString();
    }
}
