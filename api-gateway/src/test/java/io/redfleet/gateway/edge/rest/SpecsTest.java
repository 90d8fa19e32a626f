package io.redfleet.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.access.Role;
import io.redfleet.gateway.access.Caller;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By which labels a caller is judged. */
class SpecsTest {
    private static final MediaType YAML = new MediaType("application", "yaml");

    /** The provisioner stores them so: SpecReaderTest there has the same rows, as they travel. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            prod   | prod   | "prod"
            yes    | yes    | "yes"
            true   | true   | true
            false  | false  | false
            7      | 7      | 7
            7.0    | 7.0    | 7.0
            1.10   | 1.10   | 1.10
            1E-400 | 1E-400 | "1E-400"
            0.12345678901234567890123 | 0.12345678901234567890123 | 0.12345678901234567890123
            12345678901234567890123   | 12345678901234567890123   | 12345678901234567890123
            """)
    void aLabelIsJudgedByTheTextThatTravels(String yaml, String text, String travels) {
        Specs.Draft draft = read("{metadata: {name: x, labels: {env: " + yaml + "}}}");
        assertThat(draft.labels()).containsExactly(Map.entry("env", text));
        assertThat(draft.document()).contains("{\"env\":" + travels + "}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            true   | true
            1.10   | 1.1
            1e-400 | 1E-400
            """)
    void inJsonToo(String json, String text) {
        byte[] body =
                ("{\"metadata\":{\"name\":\"x\",\"labels\":{\"env\":" + json + "}}}").getBytes(StandardCharsets.UTF_8);
        Specs.Draft draft = Specs.read(new ByteArrayInputStream(body), null);
        assertThat(draft.labels()).containsExactly(Map.entry("env", text));
        assertThat(draft.document()).contains("{\"env\":" + text + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "~", "[prod]", "{a: prod}"})
    void whatTheProvisionerRefusesGivesNoAuthority(String yaml) {
        Specs.Draft draft = read("{metadata: {name: x, labels: {env: " + yaml + "}}}");
        assertThat(draft.labels()).isEmpty();
    }

    @Test
    void aTruthValueIsNotTheWordOfRedisForIt() {
        Specs.Draft draft = read("{metadata: {name: x, labels: {prod: true}}}");
        assertThat(draft.within(scope("true"))).isSameAs(draft);
        assertThatThrownBy(() -> draft.within(scope("yes"))).isInstanceOf(ProblemException.class);
    }

    /** A role, what the spec says of install, whether it may. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            OPERATOR | present  | true
            OPERATOR | packages | true
            OPERATOR | archive  | false
            OPERATOR | source   | false
            ADMIN    | archive  | true
            ADMIN    | source   | true
            """)
    void whatNoDistributionHasSignedAnAdminChooses(Role role, String install, boolean may) {
        Specs.Draft draft = read("{metadata: {name: x}, spec: {redis: {install: " + install + "}}}");
        Caller caller = new Caller("t1", "ann", role, Map.of());
        if (may) {
            assertThat(draft.within(caller)).isSameAs(draft);
        } else {
            assertThatThrownBy(() -> draft.within(caller)).isInstanceOf(ProblemException.class);
        }
    }

    private static Caller scope(String value) {
        return new Caller("t1", "ann", Role.OPERATOR, Map.of("prod", value));
    }

    private static Specs.Draft read(String yaml) {
        return Specs.read(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), YAML);
    }
}
