package io.redfleet.bus.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.ServiceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SealTest {
    private static final Seal BOUND = new Seal(new ClusterUid("u1"), Purpose.PROBE, ServiceName.MONITOR, "");
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path home;

    private AudienceKey key;

    @BeforeEach
    void aKey() throws IOException {
        key = keyOf(ServiceName.MONITOR);
    }

    @Test
    void whatWasSealedOpensForItsAudienceAndShowsNothing() throws Exception {
        Secret secret = fresh();
        Sealed sealed = BOUND.close(secret, key, RANDOM);
        assertThat(BOUND.open(sealed, key)).isEqualTo(secret);
        assertThat(sealed.toString()).doesNotContain(secret.reveal());
        assertThat(BOUND.close(secret, key, RANDOM).text()).isNotEqualTo(sealed.text());
    }

    @Test
    void whatIsDerivedIsTheSameForTheSamePurposeAndKeyAndForNothingElse() throws Exception {
        byte[] derived = key.derived("monit report\nu1\nr1\n1");
        assertThat(derived).hasSize(Secret.BYTES).isEqualTo(key.derived("monit report\nu1\nr1\n1"));
        assertThat(key.derived("monit report\nu1\nr2\n1")).isNotEqualTo(derived);
        assertThat(keyOf(ServiceName.PROVISIONER).derived("monit report\nu1\nr1\n1"))
                .as("another key")
                .isNotEqualTo(derived);
    }

    /** The same copy, put where it does not belong. */
    @ParameterizedTest
    @MethodSource("otherPlaces")
    void aCopyOpensNowhereElse(Seal other) {
        Sealed sealed = BOUND.close(fresh(), key, RANDOM);
        assertThatThrownBy(() -> other.open(sealed, key)).isInstanceOf(Seal.Broken.class);
    }

    static Seal[] otherPlaces() {
        return new Seal[] {
            new Seal(new ClusterUid("u2"), Purpose.PROBE, ServiceName.MONITOR, ""),
            new Seal(new ClusterUid("u1"), Purpose.ADMIN, ServiceName.MONITOR, ""),
            new Seal(new ClusterUid("u1"), Purpose.PROBE, ServiceName.GATEWAY, ""),
            new Seal(new ClusterUid("u1"), Purpose.PROBE, ServiceName.MONITOR, "c1")
        };
    }

    @Test
    void anotherKeyIsNamedAndAChangedTextDoesNotOpen() throws IOException {
        Sealed sealed = BOUND.close(fresh(), key, RANDOM);
        AudienceKey other = keyOf(ServiceName.GATEWAY);
        assertThatThrownBy(() -> BOUND.open(sealed, other))
                .hasMessageContaining(key.id())
                .hasMessageContaining(other.id());
        byte[] text = Base64.getDecoder().decode(sealed.text());
        text[3] ^= 1;
        Sealed changed =
                new Sealed(sealed.keyId(), sealed.nonce(), Base64.getEncoder().encodeToString(text));
        assertThatThrownBy(() -> BOUND.open(changed, key)).isInstanceOf(Seal.Broken.class);
    }

    @Test
    void aKeyFileIsItsOwnersAloneAndIsNeverReplaced() throws IOException {
        Path file = AudienceKey.file(home, ServiceName.MONITOR);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        AudienceKey.create(file, RANDOM);
        assertThat(AudienceKey.read(file).id()).isEqualTo(key.id());
        assertThat(Files.readString(file)).doesNotContain(key.id());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> AudienceKey.read(file)).hasMessageContaining("chmod 600");
        Files.delete(file);
        assertThatThrownBy(() -> AudienceKey.read(file)).hasMessageContaining("redfleet up");
    }

    @Test
    void aRecordComesBackAsItWentAndASecretGoesNowhere() throws Exception {
        Sealed sealed = BOUND.close(fresh(), key, RANDOM);
        SealedSecret record = new SealedSecret(
                new ClusterName("orders"),
                new ClusterUid("u1"),
                Purpose.PROBE,
                Instant.EPOCH,
                Map.of(ServiceName.MONITOR, sealed));
        assertThat(Codec.read(Codec.bytes(record), SealedSecret.class)).isEqualTo(record);
        assertThat(new String(Codec.bytes(record), StandardCharsets.UTF_8)).contains("\"keyId\":\"" + key.id());
        assertThat(record.key()).isEqualTo("orders/probe");
        assertThat(fresh()).hasToString("***");
        assertThatThrownBy(() -> Codec.mapper().writeValueAsString(fresh()))
                .isInstanceOf(InvalidDefinitionException.class);
    }

    @Test
    void aRecordOfBeforePasswordsCouldBeChangedHasNoOtherBesideIt() throws Exception {
        String before = """
                {"schema":1,"cluster":"orders","uid":"u1","purpose":"APPLICATION","since":"1970-01-01T00:00:00Z","copies":{}}""";
        SealedSecret read = Codec.read(before.getBytes(StandardCharsets.UTF_8), SealedSecret.class);
        assertThat(read.next()).isNull();
        assertThat(read.schema()).isEqualTo(1);
        assertThat(read.succeeded()).isEqualTo(read);

        Map<ServiceName, Sealed> copies = Map.of(ServiceName.PROVISIONER, BOUND.close(fresh(), key, RANDOM));
        SealedSecret both = read.beside(new NextSecret(NextSecret.Stage.BOTH, Instant.EPOCH.plusSeconds(1), copies));
        assertThat(Codec.read(Codec.bytes(both), SealedSecret.class)).isEqualTo(both);
        assertThat(both.schema())
                .as("who knows of no other one would go by the old one")
                .isEqualTo(2);
        assertThat(both.copies()).isEmpty();
        assertThat(both.succeeded().copies()).isEqualTo(copies);
        assertThat(both.succeeded().since()).isEqualTo(Instant.EPOCH.plusSeconds(1));
        assertThat(both.succeeded().next()).isNull();
        assertThat(both.succeeded().schema()).isEqualTo(1);
    }

    private AudienceKey keyOf(ServiceName audience) throws IOException {
        Path file = AudienceKey.file(home, audience);
        AudienceKey.create(file, RANDOM);
        return AudienceKey.read(file);
    }

    private static Secret fresh() {
        byte[] bytes = new byte[Secret.BYTES];
        RANDOM.nextBytes(bytes);
        return Secret.generated(bytes);
    }
}
