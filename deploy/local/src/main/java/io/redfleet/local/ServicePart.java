package io.redfleet.local;

import io.redfleet.bus.topics.Account;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Quarkus service; ready when its own readiness check says so. */
final class ServicePart {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final int PROBE_MILLIS = 2_000;

    private ServicePart() {}

    /** To be called once the broker's accounts are made. */
    static List<Part> all(Home home, Ports ports, Built built) throws IOException, StartRefused {
        Map<String, String> database = Map.of(
                "QUARKUS_DATASOURCE_JDBC_URL",
                "jdbc:postgresql://" + Ports.LOOPBACK + ":" + ports.postgres() + "/" + PostgresPart.DATABASE,
                "QUARKUS_DATASOURCE_USERNAME",
                PostgresPart.ROLE,
                "REDFLEET_DB_PASSWORD_FILE",
                PostgresPart.rolePassword(home).toString());
        Map<String, String> audit = Map.of("REDFLEET_AUDIT_URL", "http://" + Ports.LOOPBACK + ":" + ports.alert());
        return List.of(
                of(
                        new Service(Account.PROVISIONER, "provisioner-service", ports.provisioner(), Map.of()),
                        home,
                        ports,
                        built),
                of(new Service(Account.MONITOR, "monitor-service", ports.monitor(), Map.of()), home, ports, built),
                of(new Service(Account.ALERT, "alert-service", ports.alert(), database), home, ports, built),
                of(new Service(Account.GATEWAY, "api-gateway", ports.gateway(), audit), home, ports, built));
    }

    private record Service(Account account, String module, int port, Map<String, String> extra) {
        String name() {
            return account.word();
        }
    }

    private static Part of(Service service, Home home, Ports ports, Built built) throws IOException, StartRefused {
        Path app = built.service(service.module());
        Path jar = app.resolve("quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new StartRefused(service.name() + " is not built: " + jar + " is missing; run ./redfleet build");
        }
        List<String> command = List.of(
                Built.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx96m",
                "-Xss512k",
                "-XX:MaxMetaspaceSize=112m",
                "-XX:+ExitOnOutOfMemoryError",
                Built.UNSEEN,
                "-jar",
                jar.toString());
        KafkaAccounts accounts = KafkaAccounts.of(home);
        Map<String, String> environment = new HashMap<>(service.extra());
        environment.put("REDFLEET_HOME", home.root().toString());
        environment.put("REDFLEET_BOOTSTRAP", ports.bootstrap());
        environment.put(
                "REDFLEET_KAFKA_CLIENT", accounts.login(service.account()).toString());
        environment.put("REDFLEET_INSTANCE", service.name() + "-0");
        environment.put("QUARKUS_HTTP_HOST", Ports.LOOPBACK);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(service.port()));
        return new Part(
                service.name(),
                service.port(),
                "TERM",
                Built.stamp(app) + "/" + accounts.stamp(service.account()),
                READY_WITHIN,
                () -> new Part.Launch(command, environment),
                life -> saysReady(service.port()));
    }

    static boolean saysReady(int port) {
        try {
            var connection = (HttpURLConnection) URI.create("http://" + Ports.LOOPBACK + ":" + port + "/q/health/ready")
                    .toURL()
                    .openConnection();
            connection.setConnectTimeout(PROBE_MILLIS);
            connection.setReadTimeout(PROBE_MILLIS);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }
}
