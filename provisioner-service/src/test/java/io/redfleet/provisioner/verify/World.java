package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.FirewallSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.recipe.Spoken;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.FirewallSurvey;
import io.redfleet.provisioner.survey.Footing;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.SystemdSurvey;
import io.redfleet.provisioner.survey.TlsSurvey;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.provisioner.survey.TuningSurvey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Three hosts on which everything is as it should be, until a test breaks something. r1 leads. */
final class World {
    static final String R1 = "r1/redis-server";
    static final String R2 = "r2/redis-server";
    static final String R3 = "r3/redis-server";
    static final String S1 = "r1/redis-sentinel";
    static final String S3 = "r3/redis-sentinel";

    private static final TlsSpec TLS = new TlsSpec("a CA", "/etc/tls/ca.crt", "/etc/tls/host.crt", "/etc/tls/host.key");

    /** By instance, as INFO has it. */
    final Map<String, Map<String, String>> info = new HashMap<>();
    /** By instance, as CONFIG GET has it. */
    final Map<String, Map<String, String>> config = new HashMap<>();
    /** By instance, as SENTINEL MASTER has it. */
    final Map<String, Map<String, String>> master = new HashMap<>();

    final Map<String, String> ping = new HashMap<>();
    final Map<String, String> quorum = new HashMap<>();
    /** By Sentinel, the one that it gave itself. */
    final Map<String, String> ids = new HashMap<>();
    /** On each host. */
    final List<Footing.Neighbour> beside = new ArrayList<>();
    /** By host, as verify.sh prints them; a later line of a kind stands. */
    final Map<String, List<String>> lines = new HashMap<>();

    final Set<String> stopped = new HashSet<>();
    /** Instances whose process runs another binary than their next start would. */
    final Set<String> outdated = new HashSet<>();

    final Set<String> silent = new HashSet<>();
    /** By host: by how many seconds its clock is ahead. */
    final Map<String, Long> ahead = new HashMap<>();
    /** Of each machine. */
    final Map<String, String> live = new HashMap<>(Map.of(
            "vm.overcommit_memory", "1",
            "vm.swappiness", "1",
            "net.core.somaxconn", "4096",
            "net.ipv4.tcp_max_syn_backlog", "65535",
            "fs.file-max", "9223372036854775807"));

    String hugePages = "madvise";

    /** Of each host's certificate, by host. */
    final Map<String, Long> lasts = new HashMap<>();

    /** Hosts on which nobody can look into a certificate. */
    final Set<String> withoutOpenssl = new HashSet<>();

    /** Of the Monit on each host. */
    long monit = 7;

    /** Digest of the table of nftables on each host; when it was applied it was 77. */
    String listed = "77";
    /** Why nobody can list it. */
    String unlisted = "";
    /** Whether it is loaded at boot. */
    boolean loadsAtBoot = true;

    private final ClusterState cluster =
            new ClusterState(ClusterState.SCHEMA, new ClusterUid("u"), 1, Phase.ACCEPTED, "", Instant.EPOCH, read());
    private final Accounts accounts = PlainLocksmith.accounts().apply(cluster);

    World() {
        for (Member member : spec().members()) {
            String id = member.id().value();
            ping.put(id, "PONG");
            if (member.role() == InstanceRole.REDIS) {
                redis(member);
            } else {
                sentinel(member);
            }
        }
    }

    ClusterSpec spec() {
        return cluster.spec();
    }

    private void redis(Member member) {
        String id = member.id().value();
        Map<String, String> said = new HashMap<>(Map.of(
                "role", id.equals(R1) ? "master" : "slave",
                "redis_version", "7.0.15",
                "master_replid", "f00d",
                "rdb_last_bgsave_status", "ok",
                "aof_last_write_status", "ok"));
        if (id.equals(R1)) {
            said.put("master_repl_offset", "2000000");
        } else {
            said.putAll(Map.of(
                    "master_host", "10.0.0.11",
                    "master_port", "6379",
                    "master_link_status", "up",
                    "slave_repl_offset", "1999000",
                    "slave_priority", "100"));
        }
        info.put(id, said);
        Map<String, String> set = new HashMap<>(RedisConf.owned(spec(), Place.of(spec(), member.id(), Login.NONE)));
        set.put("bind", member.endpoint().host());
        set.put("protected-mode", "yes");
        set.putAll(Spoken.lines(TLS, String.valueOf(member.endpoint().port())));
        config.put(id, set);
        same(member, "redis.conf", UsersFile.redis(accounts, "7.0"));
    }

    private void sentinel(Member member) {
        String id = member.id().value();
        Map<String, String> said = new HashMap<>(SentinelConf.owned(spec()));
        said.putAll(Map.of("ip", "10.0.0.11", "port", "6379"));
        master.put(id, said);
        info.put(id, new HashMap<>(Map.of("redis_version", "7.0.15")));
        quorum.put(id, "OK 3 usable Sentinels");
        ids.put(id, id.substring(1, 2).repeat(40));
        same(member, "sentinel.conf", UsersFile.sentinel(accounts));
        String host = member.id().host().value();
        say(host, "i.redis-sentinel.conf=bind " + member.endpoint().host());
        say(host, "i.redis-sentinel.conf=protected-mode yes");
        Spoken.lines(TLS, String.valueOf(member.endpoint().port()))
                .forEach((name, value) -> say(host, "i.redis-sentinel.conf=" + name + " " + value));
        say(host, "i.redis-sentinel.heard=replica");
        say(host, "i.redis-sentinel.heard=sentinel");
        say(host, "i.redis-sentinel.knows=replica 10.0.0.12 6379");
        say(host, "i.redis-sentinel.knows=replica 10.0.0.13 6379");
        spec().members(InstanceRole.SENTINEL).stream()
                .filter(other -> !other.equals(member))
                .forEach(other -> say(
                        host,
                        "i.redis-sentinel.knows=sentinel " + other.announce().host() + " "
                                + other.announce().port()));
    }

    private void same(Member member, String conf, String users) {
        String host = member.id().host().value();
        String prefix = "i." + member.id().name() + ".";
        List.of(".", "data", "log").forEach(part -> say(host, prefix + "mode=" + part + " 700 ops"));
        List.of(conf, "users.acl").forEach(part -> say(host, prefix + "mode=" + part + " 600 ops"));
        say(host, prefix + "pid=7");
        say(host, prefix + "files=65535 65535");
        say(host, prefix + "log=whole");
        users.lines()
                .map(line -> line.split(" ", 4))
                .forEach(words -> say(host, prefix + "acl=" + words[1] + " " + words[2]));
    }

    /** One more line of verify.sh. */
    void say(String host, String line) {
        lines.computeIfAbsent(host, key -> new ArrayList<>()).add(line);
    }

    /** Lines that begin so are not there. */
    void unsay(String host, String start) {
        lines.computeIfAbsent(host, key -> new ArrayList<>()).removeIf(line -> line.startsWith(start));
    }

    /** What is known of an instance by one name: INFO, CONFIG GET or SENTINEL MASTER. */
    static void set(Map<String, Map<String, String>> of, String instance, String name, String value) {
        of.computeIfAbsent(instance, key -> new HashMap<>()).put(name, value);
    }

    static void lose(Map<String, Map<String, String>> of, String instance, String name) {
        of.computeIfAbsent(instance, key -> new HashMap<>()).remove(name);
    }

    Judged judged() {
        return Judged.of(spec(), found(), Instant.EPOCH);
    }

    List<Check> checks() {
        return Judge.judge(spec(), found());
    }

    Found found() {
        Map<HostName, HostSurvey> hosts = new LinkedHashMap<>();
        Map<HostName, Reply.Failed> unreached = new LinkedHashMap<>();
        Map<HostName, Map<InstanceId, Evidence>> evidence = new LinkedHashMap<>();
        for (HostSpec host : spec().hosts()) {
            String name = host.name().value();
            if (silent.contains(name)) {
                unreached.put(host.name(), new Reply.Failed(Trouble.TIMED_OUT, name + " gave no answer"));
            } else {
                hosts.put(host.name(), survey(host));
                String text = String.join("\n", lines.getOrDefault(name, List.of())) + "\nverify.end=yes\n";
                evidence.put(host.name(), EvidenceText.read(host, text).orElseThrow());
            }
        }
        return new Found(new ClusterSurvey(hosts, unreached, accounts), evidence, Map.of());
    }

    private HostSurvey survey(HostSpec host) {
        Map<InstanceId, InstanceSurvey> instances = new LinkedHashMap<>();
        host.instances().forEach(instance -> {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            instances.put(id, instance(id.value(), instance.role() == InstanceRole.SENTINEL));
        });
        TuningSurvey tuning = new TuningSurvey("u", Map.of(), true, live, hugePages, Map.of());
        return new HostSurvey(
                "/base",
                "b",
                "debian 12",
                "/usr/bin/redis-server",
                "7.0.15",
                List.of(),
                1L << 40,
                ahead.getOrDefault(host.name().value(), 0L),
                instances,
                new AgentSurvey("/usr/bin/monit", "/", "u", "f", "f", monit),
                tuning,
                new SystemdSurvey(false, Map.of(), SystemdSurvey.Rotation.NONE, filter()),
                PackageSurvey.NONE,
                List.of(),
                tls(host.name().value()),
                ArchiveSurvey.NONE,
                "redis",
                footing(host));
    }

    private Footing footing(HostSpec host) {
        Map<InstanceId, String> known = new HashMap<>();
        host.instances().forEach(instance -> {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            String own = ids.get(id.value());
            if (own != null) {
                known.put(id, own);
            }
        });
        return new Footing(1L << 40, Footing.Clock.UNKNOWN, Map.of(), known, beside);
    }

    private FirewallSurvey filter() {
        return new FirewallSurvey(true, Map.of("/r", "u"), "r", "n", loadsAtBoot, true, false, "77", listed, unlisted);
    }

    private TlsSurvey tls(String host) {
        boolean openssl = !withoutOpenssl.contains(host);
        String ends = "Jan  2 03:04:05 2030 GMT";
        return new TlsSurvey("ops", "", Map.of(), "640", "", openssl, ends, lasts.getOrDefault(host, 30L), true, "OK");
    }

    private InstanceSurvey instance(String id, boolean sentinel) {
        boolean runs = !stopped.contains(id);
        return new InstanceSurvey(
                true,
                "u orders/" + id,
                "u 1",
                true,
                sentinel,
                true,
                true,
                !runs,
                false,
                "",
                runs ? 7 : 0,
                1,
                false,
                runs,
                runs ? ping.getOrDefault(id, "") : "",
                info.getOrDefault(id, Map.of()),
                config.getOrDefault(id, Map.of()),
                master.getOrDefault(id, Map.of()),
                quorum.getOrDefault(id, ""),
                Set.of(),
                outdated.contains(id));
    }

    private static ClusterSpec read() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> spec = Map.of(
                "hosts", hosts,
                "redis", Map.of("config", Map.of("databases", "16")),
                "tuning", Map.of("profile", "recommended"),
                "monit", Map.of("agent", "on"));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        if (reading instanceof SpecReader.Good good) {
            return secured(good.spec())
                    .with(new FirewallSpec(FirewallSpec.Backend.NFTABLES, List.of("10.0.9.1"), List.of()));
        }
        throw new IllegalStateException("not a good spec: " + reading);
    }

    private static ClusterSpec secured(ClusterSpec plain) {
        return new ClusterSpec(
                plain.name(),
                plain.labels(),
                plain.redis(),
                plain.durability(),
                plain.sentinel(),
                plain.hosts(),
                plain.bootstrapMaster(),
                plain.service(),
                plain.watch(),
                new SecuritySpec(SecuritySpec.Acl.GENERATED, TLS),
                plain.monit(),
                plain.tuning());
    }
}
