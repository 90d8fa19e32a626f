package io.redfleet.provisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseTest {
    @ParameterizedTest(name = "{0} before {1}: {2}")
    @CsvSource({
        "7.0.15, 7.0.15, false",
        "7.0.9, 7.0.15, true",
        "7.0.15, 7.0.9, false",
        "7.0, 7.0.1, true",
        "7.0, 7.0.0, false",
        "6.2.14, 7.0.0, true",
        "10.0.0, 9.9.9, false",
        "'', 7.0.15, false",
        "7.0.15, '', false",
        "7.x, 7.0.15, false",
        "7.0.15, 99999999999.0, false",
    })
    void versionsAreComparedNumberByNumber(String one, String other, boolean older) {
        assertThat(Release.older(one, other)).isEqualTo(older);
    }
}
