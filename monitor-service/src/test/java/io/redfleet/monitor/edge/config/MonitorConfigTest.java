package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MonitorConfigTest {
    private static final Map<String, String> LEAST =
            Map.of("redfleet.home", "/var/lib/redfleet", "redfleet.bootstrap", "127.0.0.1:19092");

    @Test
    void everythingElseHasADefault() {
        MonitorConfig config = read(LEAST);

        assertThat(config.home()).isEqualTo(Path.of("/var/lib/redfleet"));
        assertThat(config.bootstrap()).isEqualTo("127.0.0.1:19092");
        assertThat(config.instance()).isEqualTo("monitor-0");
        assertThat(config.kafkaClient()).isEmpty();
        assertThat(config.monitor().settle()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.monitor().outboxBytes()).isEqualTo(16L << 20);
    }

    @Test
    void everythingCanBeSet() {
        Map<String, String> all = new HashMap<>(LEAST);
        all.put("redfleet.instance", "monitor-3");
        all.put("redfleet.kafka-client", "/etc/redfleet/monitor.properties");
        all.put("redfleet.monitor.settle", "PT2S");
        all.put("redfleet.monitor.outbox-bytes", "1000");
        MonitorConfig config = read(all);

        assertThat(config.instance()).isEqualTo("monitor-3");
        assertThat(config.kafkaClient()).contains(Path.of("/etc/redfleet/monitor.properties"));
        assertThat(config.monitor().settle()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.monitor().outboxBytes()).isEqualTo(1_000);
    }

    @Test
    void aKeyThatNobodyKnowsEndsTheStart() {
        Map<String, String> misspelt = new HashMap<>(LEAST);
        misspelt.put("redfleet.monitor.setle", "PT2S");

        assertThatThrownBy(() -> read(misspelt)).hasMessageContaining("redfleet.monitor.setle");
    }

    @Test
    void withoutABrokerThereIsNoStart() {
        assertThatThrownBy(() -> read(Map.of("redfleet.home", "/tmp"))).hasMessageContaining("redfleet.bootstrap");
    }

    private static MonitorConfig read(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(MonitorConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withDefaultValue("smallrye.config.mapping.validate-unknown", "true")
                .build()
                .getConfigMapping(MonitorConfig.class);
    }
}
