package io.redfleet.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientFileTest {
    private static final String SECRET = "hunter2hunter2";

    @TempDir
    Path directory = Path.of("");

    @Test
    void aClientHasTheSettingsOfItsFileAndShowsNoneOfThem() throws IOException {
        Path file = file("rw-------", """
                security.protocol=SASL_SSL
                sasl.jaas.config=x required username="m" password="%s";
                ssl.truststore.location=/etc/ca.pem
                """.formatted(SECRET));
        BusSettings settings = BusSettings.of("broker:9092", "monitor-0", file);

        assertThat(settings.common())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("ssl.truststore.location", "/etc/ca.pem")
                .containsEntry("bootstrap.servers", "broker:9092");
        assertThat(settings.toString()).isEqualTo("monitor-0 at broker:9092");
    }

    /** What Kafka's own classes make of the maps, by which they configure themselves, and not only what stands in them. */
    @Test
    void everyKindOfClientSpeaksTlsAsTheFileSays() throws IOException {
        Path file = file("rw-------", """
                security.protocol=SASL_SSL
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=x required username="m" password="%s";
                ssl.truststore.type=PEM
                ssl.truststore.location=/etc/ca.pem
                """.formatted(SECRET));
        BusSettings settings = BusSettings.of("broker:9092", "monitor-0", file);

        Map<String, AbstractConfig> clients = Map.of(
                "producer", new ProducerConfig(settings.producer(Duration.ofSeconds(5))),
                "reader", new ConsumerConfig(settings.reader()),
                "member", new ConsumerConfig(settings.member("g")),
                "admin", new AdminClientConfig(settings.common()));
        clients.forEach((kind, client) -> {
            assertThat(client.getString("security.protocol")).as(kind).isEqualTo("SASL_SSL");
            assertThat(client.getString("ssl.truststore.type")).as(kind).isEqualTo("PEM");
            assertThat(client.getString("ssl.truststore.location")).as(kind).isEqualTo("/etc/ca.pem");
            assertThat(client.getString("ssl.endpoint.identification.algorithm"))
                    .as("%s looks whether the certificate is for the broker", kind)
                    .isEqualTo("https");
            assertThat(client.getPassword("sasl.jaas.config").value()).as(kind).contains(SECRET);
        });
    }

    @Test
    void anEmptyFileAsksForNoLogin() throws IOException {
        assertThat(ClientFile.read(file("rw-r-----", ""))).isEqualTo(Map.of());
    }

    @Test
    void aMissingFileIsNotTakenForNone() {
        Path missing = directory.resolve("monitor.properties");
        assertThatThrownBy(() -> ClientFile.read(missing))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("./redfleet up makes it");
    }

    @Test
    void aFileThatEverybodyCanReadIsRefused() throws IOException {
        Path open = file("rw-r--r--", "");
        assertThatThrownBy(() -> ClientFile.read(open)).hasMessageContaining("chmod 600");
    }

    @Test
    void whatDoesNotBelongThereIsNamedWithoutItsValue() throws IOException {
        Path foreign = file("rw-------", "group.id=" + SECRET);
        assertThatThrownBy(() -> ClientFile.read(foreign))
                .hasMessageContaining("group.id")
                .hasMessageNotContaining(SECRET);
        Path broken = file("rw-------", "sasl.jaas.config=" + SECRET + "\\u00");
        assertThatThrownBy(() -> ClientFile.read(broken))
                .hasMessageContaining("not a properties file")
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
    }

    private Path file(String permissions, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("login.properties"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
