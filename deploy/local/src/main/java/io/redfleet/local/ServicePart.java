package io.redfleet.local;

import io.redfleet.bus.topics.Account;
import io.redfleet.cli.gateway.LocalGateway;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Quarkus service; ready when its own readiness check says so. */
final class ServicePart {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final int PROBE_MILLIS = 2_000;
    private static final String COLLECTOR = "REDFLEET_GATEWAY_COLLECTOR";
    /** Where the Monits of hosts report; whoever sets it knows better. */
    private static final String COLLECTOR_URL = "REDFLEET_COLLECTOR_URL";

    private static final String CERTIFICATE = "REDFLEET_GATEWAY_TLS_CERTIFICATE";
    private static final String EVERYWHERE = "0.0.0.0";

    private ServicePart() {}

    /**
     * The first of each service, or one of the others: instance k listens 10 x k above. To be called once the broker's
     * accounts are made; all instances of a service share its login.
     */
    static List<Part> all(Home home, Ports first, Built built, int instance) throws IOException, StartRefused {
        Ports ports = first.ofInstance(instance);
        Map<String, String> database = Map.of(
                "QUARKUS_DATASOURCE_JDBC_URL",
                "jdbc:postgresql://" + Ports.LOOPBACK + ":" + first.postgres() + "/" + PostgresPart.DATABASE,
                "QUARKUS_DATASOURCE_USERNAME",
                PostgresPart.ROLE,
                "REDFLEET_DB_PASSWORD_FILE",
                PostgresPart.rolePassword(home).toString());
        Map<String, String> others = Map.of(
                "REDFLEET_AUDIT_URL",
                "http://" + Ports.LOOPBACK + ":" + ports.alert(),
                COLLECTOR,
                collector(ports, instance));
        // Of the first gateway for all of them: two provisioners that disagreed would write each other's files anew.
        Map<String, String> reports = collectorUrl(collector(first, 0), System.getenv())
                .map(url -> Map.of(COLLECTOR_URL, url))
                .orElse(Map.of());
        Place place = new Place(home, first.bootstrap(), built, instance);
        return List.of(
                of(new Service(Account.PROVISIONER, "provisioner-service", ports.provisioner(), reports), place),
                of(new Service(Account.MONITOR, "monitor-service", ports.monitor(), Map.of()), place),
                of(new Service(Account.ALERT, "alert-service", ports.alert(), database), place),
                of(new Service(Account.GATEWAY, "api-gateway", ports.gateway(), others), place));
    }

    /** Hosts elsewhere reach it only where whoever starts the stack says so; of several gateways the first listens there. */
    private static String collector(Ports ports, int instance) {
        String wanted = System.getenv(COLLECTOR);
        return wanted == null || instance > 0 ? Ports.LOOPBACK + ":" + ports.collector() : wanted;
    }

    /**
     * Where a host's Monit is to report, as far as the address that the collector listens on says so; empty for one that
     * listens everywhere, whose name nobody here knows.
     */
    static Optional<String> collectorUrl(String listens, Map<String, String> environment) {
        String said = environment.getOrDefault(COLLECTOR_URL, "");
        if (!said.isBlank()) {
            return Optional.of(said);
        }
        String address = listens.substring(0, Math.max(0, listens.lastIndexOf(':')));
        boolean encrypted = !environment.getOrDefault(CERTIFICATE, "").isBlank();
        return address.equals(EVERYWHERE) || !address.matches("[A-Za-z0-9.-]+")
                ? Optional.empty()
                : Optional.of((encrypted ? "https://" : "http://") + listens);
    }

    /** What all services of one instance have in common. */
    private record Place(Home home, String bootstrap, Built built, int instance) {
        /** The first goes by the service's bare name. */
        String part(String service) {
            return instance == 0 ? service : service + "-" + instance;
        }
    }

    private record Service(Account account, String module, int port, Map<String, String> extra) {
        String name() {
            return account.word();
        }
    }

    private static Part of(Service service, Place place) throws IOException, StartRefused {
        Path app = place.built().service(service.module());
        Path jar = app.resolve("quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new StartRefused(service.name() + " is not built: " + jar + " is missing; run ./redfleet build");
        }
        List<String> command = new ArrayList<>(List.of(Built.java()));
        command.addAll(place.built().flags(service.module()));
        command.addAll(Built.archived(app.resolveSibling("classes.jsa")));
        command.addAll(List.of("-jar", jar.toString()));
        KafkaAccounts accounts = KafkaAccounts.of(place.home());
        Map<String, String> environment = new HashMap<>(service.extra());
        // glibc gives threads arenas of their own, which for a few threads is memory for nothing.
        environment.put("MALLOC_ARENA_MAX", "1");
        environment.put("REDFLEET_HOME", place.home().root().toString());
        environment.put("REDFLEET_BOOTSTRAP", place.bootstrap());
        environment.put(
                "REDFLEET_KAFKA_CLIENT", accounts.login(service.account()).toString());
        environment.put("REDFLEET_INSTANCE", service.name() + "-" + place.instance());
        environment.put("QUARKUS_HTTP_HOST", Ports.LOOPBACK);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(service.port()));
        return new Part(
                place.part(service.name()),
                service.port(),
                "TERM",
                Built.stamp(app) + "/" + accounts.stamp(service.account()),
                READY_WITHIN,
                () -> new Part.Launch(command, environment),
                life -> saysReady(place.home(), service.port()));
    }

    /** Over TLS where a gateway of this home speaks it at that port. */
    static boolean saysReady(Home home, int port) {
        try {
            HttpURLConnection connection = new LocalGateway(home.root(), port).connection("/q/health/ready");
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
