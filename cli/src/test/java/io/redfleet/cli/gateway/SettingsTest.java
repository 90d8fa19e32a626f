package io.redfleet.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080, true, false",
        "http://127.8.9.10, true, false",
        "http://localhost:8080, true, false",
        "http://LOCALHOST:8080, true, false",
        "http://[::1]:8080, true, false",
        "https://localhost:8080, true, false",
        "http://127.0.0.1.example.org, false, true",
        "http://127.example.org, false, true",
        "http://localhost.example.org, false, true",
        "http://10.0.0.7:8080, false, true",
        "http://[2001:db8::1]:8080, false, true",
        "https://10.0.0.7:8080, false, false"
    })
    void onlyThisMachineIsAskedInTheClear(String url, boolean local, boolean open) {
        Settings settings = settings(url, Map.of());
        assertThat(settings.local()).isEqualTo(local);
        assertThat(settings.open()).isEqualTo(open);
        assertThat(settings.tooOpen().isPresent()).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "TRUE, true", "yes, true", "1, true", "'', true"})
    void oneWordAloneOpensIt(String word, boolean kept) {
        Settings settings = settings("http://10.0.0.7", Map.of("REDFLEET_CLEARTEXT", word));
        assertThat(settings.tooOpen().isPresent()).isEqualTo(kept);
    }

    private static Settings settings(String url, Map<String, String> env) {
        return Settings.of(env, Optional.of(url), Optional.empty());
    }
}
