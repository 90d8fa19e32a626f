package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.edge.ssh.Credentials;
import io.redfleet.provisioner.edge.ssh.KnownHosts;
import io.redfleet.provisioner.edge.ssh.Shelf;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts that boot systemd, with Redis's tools on them, and a provisioner's hands. Clusters are of units, with passwords; what
 * is there, root on the host says, and Redis and the Sentinels, asked over the hosts' network.
 */
abstract class BootedGround {
    static final List<Integer> THREE = List.of(1, 2, 3);
    static final String BASE = "/var/lib/redfleet";
    static final String UNITS = "/etc/systemd/system/";
    static final String DATA_UNIT = "redfleet-orders-redis-server.service";
    static final int REDIS = 6379;
    static final int SENTINEL = 26379;
    static final Duration SETTLES_WITHIN = Duration.ofMinutes(2);
    /** Nobody listens to what a Monit of ours reports. */
    static final String COLLECTOR = "http://127.0.0.1:9";

    /** A look asks everybody four things; without a pause that would be most of what the hosts do. */
    private static final Duration LOOKS_EVERY = Duration.ofMillis(100);

    static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);

    /** Data and logs grow, leases come and go, and a Sentinel and a Monit write their own files. */
    private static final String FILES = """
            for at in /etc %s /var/lib/redfleet-host; do
              if [ -d "$at" ]; then
                find "$at" -xdev -type f ! -path '*/data/*' ! -path '*/log/*' ! -name '.lease*' ! -name '*.lock' \
                  ! -name redis.pid ! -name sentinel.conf ! -path '*/.monit/state' -printf '%%p %%T@\\n'
              fi
            done
            """.formatted(BASE);

    private static final String PROCESSES = """
            for unit in $(systemctl list-units --all --plain --no-legend 'redfleet-*.service' | awk '{ print $1 }'); do
              printf '%s %s\\n' "$unit" \
                "$(systemctl show -p MainPID -p ExecMainStartTimestampMonotonic --value "$unit" | tr '\\n' ' ')"
            done
            """;

    @TempDir
    Path credentials;

    @TempDir
    Path directory;

    final ExecutorService workers = Executors.newCachedThreadPool();
    SystemdHosts hosts;
    Handwork work;
    private final Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts(COLLECTOR);

    private final int count;
    private final boolean tools;
    private SshHosts ssh;

    /** @param count of hosts, which are r1 and so on */
    BootedGround(int count) {
        this(count, true);
    }

    /** @param tools whether they have Redis's binary; else nothing of Redis's is there, and its packages lie on each host */
    BootedGround(int count, boolean tools) {
        this.count = count;
        this.tools = tools;
    }

    /** Why the test cannot be run here, beside that no hosts can be booted; empty: it can. */
    Optional<String> lacking() throws Exception {
        return Optional.empty();
    }

    /** Where archives lie that specs name. */
    Path artefacts() throws IOException {
        return Files.createDirectories(directory.resolve("artefacts"));
    }

    @BeforeEach
    void hostsWithRedisInstalled() throws Exception {
        String missing = SystemdHosts.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        String lacking = lacking().orElse("");
        assumeTrue(lacking.isEmpty(), lacking);
        hosts = SystemdHosts.boot(credentials, count);
        ssh = new SshHosts(new Credentials(credentials, false), new KnownHosts(directory.resolve("known_hosts")));
        work = new Handwork(ssh, workers, accounts, new Shelf(ssh, artefacts()));
        for (SystemdHost host : tools ? hosts.all() : List.<SystemdHost>of()) {
            // The tools alone: they hold the binary, and no service. Whatever user they bring goes.
            shell(host, "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-tools");
            shell(host, "if id -u redis; then userdel redis; fi");
        }
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        // Where there are no hosts, nothing was begun.
        if (ssh != null) {
            ssh.close();
        }
        if (hosts != null) {
            hosts.close();
        }
    }

    /**
     * A cluster of units on these hosts.
     *
     * @param more fields of its spec, beside its hosts; in {@link #BASE} unless they say where
     */
    ClusterState cluster(String name, long revision, List<Integer> numbers, Map<String, Object> more) {
        Map<String, Object> spec = new HashMap<>(more);
        spec.put("service", "systemd");
        spec.putIfAbsent("directory", BASE);
        spec.put("hosts", numbers.stream().map(this::described).toList());
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u-" + name),
                revision,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                read(Map.of("metadata", Map.of("name", name), "spec", spec)));
    }

    private Map<String, Object> described(int number) {
        SystemdHost host = hosts.host(number);
        return Map.of(
                "name",
                "r" + number,
                "address",
                host.address(),
                "ssh",
                Map.of("user", host.user(), "credential", "ops", "hostKey", host.publicHostKey()));
    }

    private static ClusterSpec read(Map<String, Object> document) {
        SpecReader.Reading reading = SpecReader.read(document);
        if (reading instanceof SpecReader.Good good) {
            return good.spec();
        }
        throw new IllegalStateException("not a good spec: " + reading);
    }

    /** Applies it, which has to succeed. */
    void applied(ClusterState cluster) {
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
    }

    /** Applies it with the restarts that it needs, one after the other. */
    Ending rolled(ClusterState cluster) {
        Journal journal = work.journal(cluster, "provision");
        Ending ending = work.provisioning().carryOut(cluster, "", new Restarts.Needed(""), journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    /** Hands that have the same passwords, and a ledger of their own, by another way to the hosts. */
    Handwork workBy(UnaryOperator<Hosts> way) throws IOException {
        return new Handwork(ssh, way.apply(ssh), workers, accounts, new Shelf(ssh, artefacts()));
    }

    /** This machine, as the hosts see it. */
    String ownAddress() throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByName(hosts.host(1).address()), 9);
            return socket.getLocalAddress().getHostAddress();
        }
    }

    /** Ends it with its data, archived or not, and gives what its plan said would stay. */
    List<String> removed(ClusterState cluster, Fate fate) {
        List<String> notes = new ArrayList<>();
        Ending ending = work.carriedOut(cluster, "decommission", seen -> {
            Plan plan = Decommission.plan(cluster, seen, fate);
            notes.addAll(plan.notes());
            return plan;
        });
        assertThat(ending.reason()).isEqualTo("done");
        return notes;
    }

    String password(ClusterState cluster, Purpose who) {
        return accounts.apply(cluster).of(who).reveal();
    }

    /** A connection as one of the cluster's users. */
    RedisCall open(ClusterState cluster, int number, int port, Purpose who) throws IOException {
        return line(hosts.host(number).address(), port).as(who.word(), password(cluster, who));
    }

    /** In the clear; a test whose cluster speaks TLS has its own. */
    RedisCall line(String address, int port) throws IOException {
        return RedisCall.open(address, port, ANSWERS_WITHIN);
    }

    /** What one answers, in one line of words; empty: nothing, or an error. */
    Optional<String> ask(ClusterState cluster, int number, int port, Purpose who, String... words) {
        try (RedisCall call = open(cluster, number, port, who)) {
            return Optional.of(text(call.call(words)));
        } catch (IOException awayOrRefused) {
            return Optional.empty();
        }
    }

    private static String text(Object reply) {
        return reply instanceof List<?> items
                ? items.stream().map(BootedGround::text).collect(Collectors.joining(" "))
                : Objects.toString(reply, "");
    }

    private Optional<String> sentinel(ClusterState cluster, int number, String word) {
        return ask(
                cluster,
                number,
                SENTINEL,
                Purpose.ADMIN,
                "SENTINEL",
                word,
                cluster.spec().sentinel().masterName());
    }

    /** The host of whom the Sentinels on all these hosts name; empty while one is silent, or they differ. */
    Optional<Integer> master(ClusterState cluster, List<Integer> sentinels) {
        Optional<String> named = Optional.empty();
        for (int number : sentinels) {
            Optional<String> said = sentinel(cluster, number, "GET-MASTER-ADDR-BY-NAME");
            if (said.isEmpty() || (named.isPresent() && !named.equals(said))) {
                return Optional.empty();
            }
            named = said;
        }
        return named.flatMap(endpoint -> IntStream.rangeClosed(1, count)
                .filter(number -> endpoint.equals(hosts.host(number).address() + " " + REDIS))
                .boxed()
                .findFirst());
    }

    /** Waits until all these Sentinels name another host than this one. */
    int successor(ClusterState cluster, List<Integer> sentinels, int old) {
        return Await.value(
                "another master than r" + old,
                SETTLES_WITHIN,
                () -> master(cluster, sentinels).filter(number -> number != old));
    }

    /** Waits until nothing is on its way, and gives the master: no failover, everybody known and well, every replica follows. */
    int whole(ClusterState cluster, List<Integer> numbers) {
        return Await.value("a cluster that is whole", SETTLES_WITHIN, () -> {
            Optional<Integer> leads = master(cluster, numbers).filter(leader -> isWhole(cluster, numbers, leader));
            if (leads.isEmpty()) {
                Await.moment(LOOKS_EVERY);
            }
            return leads;
        });
    }

    private boolean isWhole(ClusterState cluster, List<Integer> numbers, int leader) {
        int others = numbers.size() - 1;
        for (int number : numbers) {
            String info = ask(cluster, number, REDIS, Purpose.ADMIN, "INFO", "replication")
                    .orElse("");
            String master = sentinel(cluster, number, "MASTER").orElse("");
            String replicas = sentinel(cluster, number, "REPLICAS").orElse("");
            boolean inItsPlace = number == leader
                    ? info.contains("role:master") && info.contains("connected_slaves:" + others)
                    : info.contains("master_host:" + hosts.host(leader).address())
                            && info.contains("master_link_status:up");
            boolean known = master.contains(" flags master ")
                    && master.contains(" num-slaves " + others + " ")
                    && master.contains(" num-other-sentinels " + others + " ")
                    && replicas.split(" flags slave ", -1).length == numbers.size()
                    && replicas.split(" master-link-status ok ", -1).length == numbers.size();
            if (!inItsPlace || !known) {
                return false;
            }
        }
        return true;
    }

    /** When each file of the hosts' settings and of ours was written, and which process each unit has; by host and name. */
    Map<String, String> traces() {
        Map<String, String> found = new TreeMap<>();
        for (int number = 1; number <= count; number++) {
            for (String script : List.of(FILES, PROCESSES)) {
                for (String line : shell(hosts.host(number), script).lines().toList()) {
                    String[] words = line.split(" ", 2);
                    found.put("r" + number + " " + words[0], words[1].strip());
                }
            }
        }
        return found;
    }

    /** A line for the host's own shell, as root. */
    static String shell(SystemdHost host, String line) {
        return host.run("sh", "-c", line);
    }

    String shell(int number, String line) {
        return shell(hosts.host(number), line);
    }
}
