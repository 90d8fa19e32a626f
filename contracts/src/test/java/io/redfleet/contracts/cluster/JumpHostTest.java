package io.redfleet.contracts.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JumpHostTest {
    @ParameterizedTest
    @CsvSource({
        "ops@10.0.0.9,        ops@10.0.0.9:22",
        "ops@10.0.0.9:22,     ops@10.0.0.9:22",
        "_a-1@10.0.0.9:65535, _a-1@10.0.0.9:65535",
    })
    void aUserAnAddressAndAPortAreAJumpHost(String text, String kept) {
        assertThat(JumpHost.read(text))
                .hasValueSatisfying(jump -> assertThat(jump)
                        .hasToString(kept)
                        .isEqualTo(JumpHost.read(kept).orElseThrow()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.9",
                "ops@",
                "ops@bastion",
                "ops@10.0.0",
                "ops@10.0.0.9:",
                "ops@10.0.0.9:0",
                "ops@10.0.0.9:022",
                "ops@10.0.0.9:65536",
                "ops@10.0.0.9:99999999999",
                "ops@10.0.0.9:22\n",
                "ops@10.0.0.9 -oX",
                "-o@10.0.0.9",
                "Ops@10.0.0.9",
                "a@b@10.0.0.9",
                "a@10.0.0.8,b@10.0.0.9",
                "ops@[::1]:22"
            })
    void anythingElseIsNone(String text) {
        assertThat(JumpHost.read(text)).isEmpty();
    }
}
