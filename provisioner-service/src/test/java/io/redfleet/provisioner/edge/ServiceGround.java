package io.redfleet.provisioner.edge;

import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.edge.config.Assembly;
import io.redfleet.provisioner.edge.keys.KeyRing;
import io.redfleet.provisioner.secret.Locksmith;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A service on a broker of its own, and three hosts. */
abstract class ServiceGround {
    static final InstanceId REPLICA = new InstanceId("r3/redis-server");
    static final InstanceId MASTER = new InstanceId("r1/redis-server");

    @TempDir
    Path home;

    LoopbackTrio trio;
    TestBroker broker;
    BusTap bus;
    Assembly service;

    @BeforeEach
    void aServiceAndThreeHosts() throws Exception {
        trio = new LoopbackTrio(home);
        Files.createDirectories(home.resolve("home/credentials"));
        Files.createSymbolicLink(home.resolve("home/credentials/ssh"), trio.credentials());
        for (ServiceName audience : List.of(ServiceName.PROVISIONER, ServiceName.MONITOR, ServiceName.GATEWAY)) {
            AudienceKey.create(AudienceKey.file(home.resolve("home"), audience), new SecureRandom());
        }
        broker = TestBroker.start();
        bus = new BusTap(broker, new ClusterName("orders"));
        service = opened();
    }

    @AfterEach
    void end() {
        service.close();
        bus.close();
        trio.close();
        broker.close();
    }

    /** A connection as one of the cluster's users. */
    RedisCall call(int host, int port, Purpose who) throws IOException {
        return RedisCall.open("127.0.0.1" + host, port, Duration.ofSeconds(2))
                .as(who.word(), password(who).reveal());
    }

    /** A data node that has just synchronised rewrites its append-only file, and is neither stopped nor restarted then. */
    void awaitNothingSaved(int host) throws IOException {
        try (RedisCall node = call(host, trio.redisPort(host), Purpose.PROBE)) {
            Await.until(
                    "a data node on host " + host + " that neither loads nor saves",
                    Duration.ofSeconds(30),
                    () -> isIdle(node));
        }
    }

    private static boolean isIdle(RedisCall node) {
        try {
            String info = String.valueOf(node.call("INFO"));
            return info.contains("\nloading:0")
                    && info.contains("\nrdb_bgsave_in_progress:0")
                    && info.contains("\naof_rewrite_in_progress:0")
                    && info.contains("\naof_rewrite_scheduled:0")
                    && (info.contains("\nrole:master") || info.contains("\nmaster_link_status:up"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the topic has it for the provisioner; while one becomes another, the one that every instance takes. */
    Secret password(Purpose purpose) {
        SealedSecret record = Await.value(
                "the password of " + purpose,
                Duration.ofSeconds(10),
                () -> bus.all(Topic.SECRETS, SealedSecret.class).stream()
                        .filter(secret -> secret.purpose() == purpose)
                        .reduce((earlier, later) -> later));
        Locksmith.Opening opening = new KeyRing(home.resolve("home"), new SecureRandom()).open(record.current());
        return ((Locksmith.Opened) opening).secret();
    }

    /** What the last record of the host says of the replica. */
    void awaitProcess(Predicate<ProcessFacts> holds) {
        Await.until(
                "facts of " + REPLICA,
                Duration.ofSeconds(10),
                () -> bus.all(Topic.HOSTS, HostFacts.class).stream()
                        .filter(facts -> facts.host().equals(REPLICA.host()))
                        .reduce((earlier, later) -> later)
                        .map(facts -> facts.processes().getOrDefault(REPLICA, ProcessFacts.ABSENT))
                        .filter(holds)
                        .isPresent());
    }

    /** One that looks at no cluster unasked. */
    Assembly opened() throws Exception {
        return opened(Optional.empty());
    }

    /** @param looks how often it looks at each cluster on which nobody works */
    Assembly opened(Optional<Duration> looks) throws Exception {
        Assembly made = Assembly.of(
                new SmallSettings(
                        home.resolve("home").toString(),
                        broker.bootstrap(),
                        "provisioner-0",
                        broker.login("provisioner")),
                looks);
        made.open();
        Await.until(
                "a ready service",
                Duration.ofSeconds(30),
                () -> made.bus().notReady().isEmpty());
        return made;
    }

    Request.Apply apply(Map<String, String> config, Long revision, boolean create) {
        return new Request.Apply(document(config), revision, create, false);
    }

    String document(Map<String, String> config) {
        return new String(Codec.bytes(trio.document(config)), java.nio.charset.StandardCharsets.UTF_8);
    }

    Remediation remediation(String id, InstanceId instance) {
        return remediation(id, instance, Liveness.DOWN, MASTER);
    }

    /** As the monitor asks; {@code master} is whom the Sentinels named when it looked. */
    Remediation remediation(String id, InstanceId instance, Liveness seen, InstanceId master) {
        ClusterState cluster = bus.cluster().orElseThrow();
        Endpoint named = cluster.spec().member(master).orElseThrow().announce();
        Remediation.Evidence evidence = new Remediation.Evidence(seen, "", ReplicationRole.UNKNOWN, 0, named, -1);
        return new Remediation(
                id,
                cluster.name(),
                cluster.uid(),
                instance,
                Remediation.Action.RESTART,
                "connection refused",
                evidence,
                Instant.EPOCH.plusSeconds(id.hashCode()),
                Instant.now().plusSeconds(60));
    }

    String lastWithheldRule() {
        return ((RestartEvent.Withheld) bus.events("restart.withheld").getLast().event()).rule();
    }

    Phase phase() {
        return bus.cluster().map(ClusterState::phase).orElse(Phase.REMOVING);
    }

    long pid(InstanceId instance) {
        return trio.process(instance).orElseThrow().pid();
    }

    void awaitEvents(String type, int count) {
        Await.until(type, Duration.ofSeconds(30), () -> bus.events(type).size() >= count);
    }
}
