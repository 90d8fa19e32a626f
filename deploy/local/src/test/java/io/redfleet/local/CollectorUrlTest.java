package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectorUrlTest {
    /** Where the collector listens, the certificate and what a person has said (- nothing); where hosts' Monits report. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8474, -, -, http://127.0.0.1:8474",
        "10.0.0.1:8474, -, -, http://10.0.0.1:8474",
        "gw.example.com:8474, /c.pem, -, https://gw.example.com:8474",
        "0.0.0.0:8474, -, -, -",
        "[::]:8474, -, -, -",
        "0.0.0.0:8474, /c.pem, https://gw.example.com, https://gw.example.com",
        "10.0.0.1:8474, -, http://10.9.9.9:80, http://10.9.9.9:80",
        "'', -, -, -"
    })
    void itIsWhereTheCollectorListensUnlessAPersonKnowsBetter(
            String listens, String certificate, String said, String reports) {
        Map<String, String> environment = new HashMap<>();
        if (!certificate.equals("-")) {
            environment.put("REDFLEET_GATEWAY_TLS_CERTIFICATE", certificate);
        }
        if (!said.equals("-")) {
            environment.put("REDFLEET_COLLECTOR_URL", said);
        }
        assertThat(ServicePart.collectorUrl(listens, environment).orElse("-")).isEqualTo(reports);
    }
}
