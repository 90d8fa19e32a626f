package io.redfleet.monitor.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.sealed.Seal;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.NextSecret.Stage;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.ServiceName;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With which password the probes log in while one becomes another: always with one that every instance takes. */
class ProbePasswordsTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final ClusterUid UID = new ClusterUid("u1");
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path home;

    private final List<Secret> learnt = new ArrayList<>();

    @BeforeEach
    void aKey() throws IOException {
        AudienceKey.create(AudienceKey.file(home, ServiceName.MONITOR), RANDOM);
    }

    @ParameterizedTest
    @CsvSource({"ADDING,old", "BOTH,new", "REMOVING,new"})
    void whileOneBecomesAnother(Stage stage, String wanted) throws Exception {
        NextSecret next = new NextSecret(stage, Instant.EPOCH.plusSeconds(1), copies("new"));
        assertThat(taken(standing().beside(next))).containsExactly(Secret.of(wanted));
    }

    @Test
    void whereNoneBecomesAnother() throws Exception {
        assertThat(taken(standing())).containsExactly(Secret.of("old"));
    }

    private List<Secret> taken(SealedSecret record) throws Exception {
        ProbePasswords passwords = new ProbePasswords(home, (cluster, uid, password) -> learnt.add(password));
        assertThat(passwords.take(arrived(record), Runnable::run)).hasValue(record);
        return learnt;
    }

    private SealedSecret standing() throws IOException {
        return new SealedSecret(ORDERS, UID, Purpose.PROBE, Instant.EPOCH, copies("old"));
    }

    private Map<ServiceName, Sealed> copies(String password) throws IOException {
        AudienceKey key = AudienceKey.read(AudienceKey.file(home, ServiceName.MONITOR));
        Seal seal = new Seal(UID, Purpose.PROBE, ServiceName.MONITOR, "");
        return Map.of(ServiceName.MONITOR, seal.close(Secret.of(password), key, RANDOM));
    }

    private static BusRecord arrived(SealedSecret record) {
        return BusRecord.of(new ConsumerRecord<>(
                Topic.SECRETS.fullName(),
                0,
                0,
                0,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                record.key().getBytes(UTF_8),
                Codec.bytes(record),
                new RecordHeaders(),
                Optional.empty()));
    }
}
