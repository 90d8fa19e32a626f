package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.Account;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.TempDirectory;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is let in by the broker that {@code up} starts. */
class KafkaAccountsTest {
    private final TempDirectory directory = TempDirectory.named("home");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final Ports ports = FreePorts.choose();
    private final RecordedScreen screen = new RecordedScreen();
    private final KafkaAccounts accounts = KafkaAccounts.of(home);

    @BeforeEach
    void prepare() throws IOException {
        home.prepare();
    }

    @AfterEach
    void endAll() throws Exception {
        Down.run(home, screen.screen());
        directory.close();
    }

    @Test
    void aPasswordIsDrawnAnewByRemovingItsFileAndTheOldOneOpensNothing() throws Exception {
        raise();
        Running before = kafka();
        String old = Files.readString(accounts.login(Account.MONITOR));
        String others = Files.readString(accounts.login(Account.GATEWAY));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(accounts.login(Account.MONITOR))))
                .isEqualTo("rw-------");
        assertThat(nodes(login(old))).isOne();

        Files.delete(accounts.login(Account.MONITOR));
        raise();
        assertThat(kafka().life()).isNotEqualTo(before.life());
        assertThat(Files.readString(accounts.login(Account.MONITOR))).isNotEqualTo(old);
        assertThat(nodes(login(Files.readString(accounts.login(Account.MONITOR)))))
                .isOne();
        assertThat(nodes(login(others))).isOne();
        assertThatThrownBy(() -> nodes(login(old))).isInstanceOf(SaslAuthenticationException.class);

        raise();
        assertThat(screen.text()).contains("kafka        already runs");
        nobodyComesInByAnotherWay();
    }

    private void nobodyComesInByAnotherWay() throws Exception {
        Map<String, String> plain = new HashMap<>(login(Files.readString(accounts.login(Account.ADMIN))));
        plain.put("sasl.mechanism", "PLAIN");
        plain.put(
                "sasl.jaas.config",
                plain.getOrDefault("sasl.jaas.config", "").replace("scram.ScramLoginModule", "plain.PlainLoginModule"));
        assertThatThrownBy(() -> nodes(plain)).isInstanceOf(UnsupportedSaslMechanismException.class);

        Properties broker = properties(Files.readString(home.data().resolve("kafka/server.properties")));
        List<Integer> listening = List.of(broker.getProperty("listeners").split(",")).stream()
                .map(listener -> Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1)))
                .toList();
        assertThat(listening).hasSize(3).contains(ports.kafka());
        for (int port : listening) {
            // A request that is good on a listener without logins; here it ends the connection.
            assertThat(Greeting.metadata(port)).isEqualTo(Greeting.Reply.HUNG_UP);
        }
        for (int inner : listening.subList(1, 3)) {
            Map<String, String> guess = Map.of(
                    "security.protocol", "SASL_PLAINTEXT",
                    "sasl.mechanism", "PLAIN",
                    "sasl.jaas.config",
                            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\""
                                    + " password=\"guess\";");
            assertThatThrownBy(() -> nodes("127.0.0.1:" + inner, guess))
                    .isInstanceOf(SaslAuthenticationException.class);
        }
        for (Account account : Account.values()) {
            String password = Files.readString(accounts.login(account))
                    .split("password=\"")[1]
                    .split("\"")[0];
            assertThat(password).hasSize(43);
            assertThat(Files.readString(home.data().resolve("kafka/server.properties")))
                    .doesNotContain(password);
            assertThat(Files.readString(home.log(KafkaPart.NAME))).doesNotContain(password);
            assertThat(ProcessHandle.of(kafka().life().pid())
                            .orElseThrow()
                            .info()
                            .commandLine()
                            .orElse(""))
                    .doesNotContain(password);
        }
    }

    @Test
    @Tag("long")
    void aHomeFromBeforeThereWereLoginsKeepsItsRecords() throws Exception {
        RawBroker old = RawBroker.withoutLogins(home.data().resolve("kafka"), ports.kafka());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", ports.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("redfleet.clusters.v1", 12, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", ports.bootstrap()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("redfleet.clusters.v1", 3, "orders", "a spec"))
                    .get(30, TimeUnit.SECONDS);
        }
        old.stop();

        raise();
        TopicPartition partition = new TopicPartition("redfleet.clusters.v1", 3);
        try (Admin admin = Admin.create(BusSettings.of(ports.bootstrap(), "look", accounts.login(Account.ADMIN))
                .common())) {
            assertThat(admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                            .partitionResult(partition)
                            .get(30, TimeUnit.SECONDS)
                            .offset())
                    .isOne();
        }
        assertThat(Greeting.metadata(ports.kafka())).isEqualTo(Greeting.Reply.HUNG_UP);
    }

    @Test
    @Tag("long")
    void tlsIsAMatterOfTheFile() throws Exception {
        TestAuthority ours = TestAuthority.in(directory.path().resolve("ours"));
        TestAuthority theirs = TestAuthority.in(directory.path().resolve("theirs"));
        RawBroker broker = RawBroker.withTls(
                directory.path().resolve("tls"), ports.kafka(), ours.signed("broker", "ip:127.0.0.1"));
        try {
            BusSettings bus = BusSettings.of(ports.bootstrap(), "tls", clientFile("ours", ours, "changeit"));
            assertThat(nodes(bus.security())).isOne();
            try (Admin admin = Admin.create(bus.common())) {
                admin.createTopics(List.of(new NewTopic("tls", 1, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            try (var producer = new KafkaProducer<String, byte[]>(bus.producer(Duration.ofSeconds(20)))) {
                producer.send(new ProducerRecord<>("tls", 0, "orders", new byte[] {7}))
                        .get(30, TimeUnit.SECONDS);
            }
            try (var consumer = new KafkaConsumer<byte[], byte[]>(bus.reader())) {
                TopicPartition partition = new TopicPartition("tls", 0);
                consumer.assign(List.of(partition));
                List<Integer> read = new ArrayList<>();
                Await.until("the record", Duration.ofSeconds(30), () -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(record -> read.add((int) record.value()[0]));
                    return !read.isEmpty();
                });
                assertThat(read).containsExactly(7);
            }

            BusSettings fooled = BusSettings.of(ports.bootstrap(), "tls", clientFile("theirs", theirs, "changeit"));
            assertThatThrownBy(() -> nodes(fooled.security())).isInstanceOf(SslAuthenticationException.class);
            BusSettings guess = BusSettings.of(ports.bootstrap(), "tls", clientFile("guess", ours, "guess"));
            assertThatThrownBy(() -> nodes(guess.security())).isInstanceOf(SaslAuthenticationException.class);
        } finally {
            broker.stop();
        }
    }

    private Path clientFile(String name, TestAuthority authority, String password) throws IOException {
        Path file = OwnerOnly.file(directory.path().resolve(name + ".properties"));
        return Files.writeString(file, """
                security.protocol=SASL_SSL
                sasl.mechanism=PLAIN
                sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
                  username="service" password="%s";
                ssl.truststore.type=PEM
                ssl.truststore.location=%s
                """.formatted(password, authority.certificate()));
    }

    private void raise() throws Exception {
        new Stack(home, screen.screen()).raise(List.of(KafkaPart.of(home, ports, new Built(Checkout.root()))));
    }

    private Running kafka() throws IOException {
        return Running.read(home.run(), KafkaPart.NAME).orElseThrow();
    }

    private int nodes(Map<String, String> login) throws Exception {
        return nodes(ports.bootstrap(), login);
    }

    private static int nodes(String bootstrap, Map<String, String> login) throws Exception {
        BusSettings settings = new BusSettings(bootstrap, "look", login);
        try (Admin admin = Admin.create(settings.common())) {
            return admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Map<String, String> login(String text) throws IOException {
        Map<String, String> login = new HashMap<>();
        properties(text).forEach((key, value) -> login.put(key.toString(), value.toString()));
        return login;
    }

    private static Properties properties(String text) throws IOException {
        var properties = new Properties();
        properties.load(new StringReader(text));
        return properties;
    }
}
