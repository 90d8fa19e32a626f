package io.redfleet.gateway.edge.rest;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.TempDirectory;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** A broker of its own for the gateway's tests: the first token is only made where there is none yet. */
public final class BusResource implements QuarkusTestResourceLifecycleManager {
    /** What the tests of limits run into, and the others do not. */
    private static final Map<String, String> LIMITS = Map.of(
            "redfleet.gateway.wrong-tokens-window",
            "2s",
            "redfleet.gateway.viewer-rate",
            "20",
            "redfleet.gateway.admin-rate",
            "1000",
            "redfleet.gateway.streams-per-token",
            "3");

    private @Nullable TestBroker broker;
    private @Nullable TempDirectory home;

    @Override
    public Map<String, String> start() {
        TestBroker started = TestBroker.start();
        broker = started;
        TempDirectory made = TempDirectory.named("gateway");
        home = made;
        BusSettings settings = new BusSettings(started.bootstrap(), "test", started.admin());
        try (Admin admin = Admin.create(settings.common())) {
            new TopicAdmin(admin, Duration.ofSeconds(30)).create();
        }
        Map<String, String> all = new HashMap<>(LIMITS);
        all.putAll(Map.of(
                "redfleet.bootstrap",
                started.bootstrap(),
                "redfleet.kafka-client",
                started.login("gateway").toString(),
                Stage.ADMIN,
                started.login("admin").toString(),
                "redfleet.home",
                made.path().toString(),
                "redfleet.audit-url",
                "http://127.0.0.1:" + PlayedAudit.start(started),
                "redfleet.gateway.answer-within",
                "3s",
                "redfleet.gateway.heartbeat",
                "300ms",
                "redfleet.gateway.audit-within",
                "1s"));
        return all;
    }

    @Override
    public void stop() {
        PlayedAudit.stop();
        if (broker != null) {
            broker.close();
        }
        if (home != null) {
            home.close();
        }
    }
}
