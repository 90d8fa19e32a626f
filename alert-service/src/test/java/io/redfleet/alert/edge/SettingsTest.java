package io.redfleet.alert.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.alert.edge.config.AlertSettings;
import io.redfleet.alert.edge.config.Wiring;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.alert.route.Repeat;
import io.redfleet.alert.route.Route;
import io.redfleet.alert.route.Routes;
import io.redfleet.contracts.alert.Severity;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole table of settings: what they are by themselves, and every one of them set. */
class SettingsTest {
    private static final Map<String, String> NEEDED =
            Map.of("redfleet.alert.home", "/srv/redfleet", "redfleet.alert.bootstrap", "127.0.0.1:19092");

    @Test
    void theDefaultsAreThoseOfACarefulOperator() {
        AlertSettings settings = settings(Map.of());
        assertThat(settings.home()).isEqualTo(Path.of("/srv/redfleet"));
        assertThat(settings.bootstrap()).isEqualTo("127.0.0.1:19092");
        assertThat(settings.instance()).isEqualTo("alert-0");
        assertThat(settings.kafkaClient()).isEmpty();
        assertThat(settings.holdDown().critical()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.holdDown().warning()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.holdDown().flapWindow()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.holdDown().longest()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.attempts().firstPause()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.attempts().longestPause()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.attempts().lasting()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.webhook().deadline()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.webhook().allowLoopback()).isFalse();
        assertThat(settings.keep().resolved()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.keep().audit()).isEqualTo(Duration.ofDays(400));
        assertThat(settings.receivers()).isEmpty();
    }

    @Test
    void everyOneOfThemCanBeSet() {
        AlertSettings settings = settings(Map.ofEntries(
                Map.entry("instance", "alert-1"),
                Map.entry("kafka-client", "/etc/redfleet/alert.properties"),
                Map.entry("hold-down.critical", "PT0S"),
                Map.entry("hold-down.warning", "PT1M"),
                Map.entry("hold-down.flap-window", "PT1H"),
                Map.entry("hold-down.longest", "PT20M"),
                Map.entry("attempts.first-pause", "PT3S"),
                Map.entry("attempts.longest-pause", "PT4M"),
                Map.entry("attempts.lasting", "PT5H"),
                Map.entry("webhook.deadline", "PT6S"),
                Map.entry("webhook.allow-loopback", "true"),
                Map.entry("keep.resolved", "P7D"),
                Map.entry("keep.audit", "P800D"),
                Map.entry("receivers.pager.url", "https://pager.example/hook"),
                Map.entry("receivers.pager.at-least", "CRITICAL"),
                Map.entry("receivers.pager.repeat", "30m"),
                Map.entry("receivers.pager.secret-file", "/etc/redfleet/pager")));
        assertThat(settings.instance()).isEqualTo("alert-1");
        assertThat(settings.kafkaClient()).contains(Path.of("/etc/redfleet/alert.properties"));
        assertThat(settings.holdDown().critical()).isZero();
        assertThat(settings.holdDown().warning()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.holdDown().flapWindow()).isEqualTo(Duration.ofHours(1));
        assertThat(settings.holdDown().longest()).isEqualTo(Duration.ofMinutes(20));
        assertThat(settings.attempts().firstPause()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.attempts().longestPause()).isEqualTo(Duration.ofMinutes(4));
        assertThat(settings.attempts().lasting()).isEqualTo(Duration.ofHours(5));
        assertThat(settings.webhook().deadline()).isEqualTo(Duration.ofSeconds(6));
        assertThat(settings.webhook().allowLoopback()).isTrue();
        assertThat(settings.keep().resolved()).isEqualTo(Duration.ofDays(7));
        assertThat(settings.keep().audit()).isEqualTo(Duration.ofDays(800));
        assertThat(settings.receivers()).containsOnlyKeys("pager");
        AlertSettings.ReceiverSettings pager =
                Objects.requireNonNull(settings.receivers().get("pager"));
        assertThat(pager.url()).isEqualTo(URI.create("https://pager.example/hook"));
        assertThat(pager.atLeast()).isEqualTo(Severity.CRITICAL);
        assertThat(pager.repeat()).contains(Duration.ofMinutes(30));
        assertThat(Wiring.routes(settings))
                .isEqualTo(new Routes(List.of(new Route(
                        new ReceiverName("pager"), Severity.CRITICAL, new Repeat.Every(Duration.ofMinutes(30))))));
        assertThat(pager.secretFile()).contains(Path.of("/etc/redfleet/pager"));
    }

    @Test
    void aReceiverIsRemindedOnlyIfItsSettingsSaySo() {
        AlertSettings settings = settings(Map.of("receivers.pager.url", "https://pager.example/hook"));
        assertThat(Wiring.routes(settings).periods()).isEmpty();
        assertThat(Wiring.routes(settings).routes())
                .containsExactly(new Route(new ReceiverName("pager"), Severity.WARNING, new Repeat.Never()));
    }

    @ParameterizedTest
    @CsvSource({"59s, PT59S", "8d, PT192H", "0, PT0S", "-30m, PT-30M", "PT604801S, PT168H1S"})
    void aPeriodThatIsTooShortOrTooLongStopsTheStart(String written, String named) {
        AlertSettings settings = settings(
                Map.of("receivers.pager.url", "https://pager.example/hook", "receivers.pager.repeat", written));
        assertThatThrownBy(() -> Wiring.routes(settings))
                .hasMessageContainingAll("receivers.pager.repeat is " + named, "from 1m to 7d");
    }

    @Test
    void aPeriodThatIsNoneStopsTheStart() {
        assertThatThrownBy(() -> settings(
                        Map.of("receivers.pager.url", "https://pager.example/hook", "receivers.pager.repeat", "often")))
                .hasMessageContainingAll("redfleet.alert.receivers.pager.repeat", "often");
    }

    @Test
    void anUnknownSettingStopsTheStart() {
        assertThatThrownBy(() -> settings(Map.of("hold-down.criticle", "PT1S")))
                .hasMessageContaining("redfleet.alert.hold-down.criticle");
    }

    private static AlertSettings settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(NEEDED);
        more.forEach((name, value) -> all.put("redfleet.alert." + name, value));
        return new SmallRyeConfigBuilder()
                .withMapping(AlertSettings.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .addDiscoveredConverters()
                .build()
                .getConfigMapping(AlertSettings.class);
    }
}
