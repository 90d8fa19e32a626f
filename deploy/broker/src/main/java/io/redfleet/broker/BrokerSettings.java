package io.redfleet.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.kafka.common.Uuid;

/**
 * What the broker is told.
 *
 * <p>The listen port is one that clients know and outlives a restart; the two that broker and controller use between
 * themselves are nobody's business and are chosen anew at each start. Nobody talks to any of the three without a login
 * ({@link InnerLogin}, {@link Accounts}), and nobody may do what no right says.
 */
record BrokerSettings(Path data, int port, int innerPort, int controllerPort, String clusterId) {
    static final String LOOPBACK = "127.0.0.1";

    /** Reads the cluster id of an earlier run, or makes one: storage formatted under another id refuses to start. */
    static BrokerSettings of(Path data, int port) throws IOException {
        int listen = port == 0 ? FreePort.choose(Set.of()) : port;
        int inner = FreePort.choose(Set.of(listen));
        int controller = FreePort.choose(Set.of(listen, inner));
        Path idFile = data.resolve("cluster-id");
        if (!Files.exists(idFile)) {
            Path draft = data.resolve("cluster-id.new");
            Files.writeString(draft, Uuid.randomUuid().toString());
            Files.move(draft, idFile);
        }
        return new BrokerSettings(
                data, listen, inner, controller, Files.readString(idFile).strip());
    }

    String bootstrap() {
        return LOOPBACK + ":" + port;
    }

    /** Where this process itself logs in before any account can. */
    String innerBootstrap() {
        return LOOPBACK + ":" + innerPort;
    }

    Path write() throws IOException {
        Path file = data.resolve("server.properties");
        Files.writeString(file, properties());
        return file;
    }

    private String properties() {
        return """
                process.roles=broker,controller
                node.id=1
                listeners=CLIENTS://%1$s:%2$d,INNER://%1$s:%3$d,CONTROLLER://%1$s:%4$d
                advertised.listeners=CLIENTS://%1$s:%2$d,INNER://%1$s:%3$d
                listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,INNER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
                inter.broker.listener.name=INNER
                controller.listener.names=CONTROLLER
                controller.quorum.voters=1@%1$s:%4$d
                log.dirs=%5$s

                # Passwords are nowhere in this file: the login configuration is set in the process.
                listener.name.clients.sasl.enabled.mechanisms=SCRAM-SHA-512
                listener.name.inner.sasl.enabled.mechanisms=PLAIN
                listener.name.controller.sasl.enabled.mechanisms=PLAIN
                sasl.mechanism.inter.broker.protocol=PLAIN
                sasl.mechanism.controller.protocol=PLAIN
                authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
                allow.everyone.if.no.acl.found=false
                super.users=User:%6$s;User:%7$s

                # Topics come from the one table, never from a misspelt name.
                auto.create.topics.enable=false

                # One broker holds the only replica of everything.
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=8
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=1

                # A restart after a kill waits for the old session to run out: 3 s instead of 11 s.
                broker.session.timeout.ms=1500
                broker.heartbeat.interval.ms=250
                controlled.shutdown.enable=true
                group.initial.rebalance.delay.ms=0
                # Offsets of a consumer that was away for a while are still there: as long as events are kept.
                offsets.retention.minutes=576000

                # Small: one machine, some 170 partitions. The cleaner alone would take 128 MiB of heap.
                log.cleaner.dedupe.buffer.size=8388608
                log.cleaner.threads=1
                log.index.size.max.bytes=2097152
                num.network.threads=2
                num.io.threads=4
                background.threads=4
                num.replica.fetchers=1
                """.formatted(
                LOOPBACK, port, innerPort, controllerPort, data.resolve("log"), Accounts.ADMIN, InnerLogin.USER);
    }
}
