package io.redfleet.contracts.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelTest {
    @ParameterizedTest
    @ValueSource(strings = {"team=checkout", "a=b", "redfleet.io/team=a/b", "Tier_1=x.y-z", "team="})
    void aKeyAndAValueAsSpecsHaveThemIsALabel(String label) {
        assertThat(new Label(label)).hasToString(label);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "team",
                "=checkout",
                "team=a=b",
                "team=a b",
                " team=a",
                "team=a\n",
                "team=a\nenv=b",
                "-a=b",
                "a-=b",
                "a=/b",
                "a=../b",
                "../a=b",
                "a=b%2f",
                "tëam=a",
                "team=a\0b",
                "team=*"
            })
    void anythingElseIsNone(String label) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Label(label));
    }

    @Test
    void aPartHasAtMost63Characters() {
        assertThat(Label.allowed("k".repeat(63) + "=" + "v".repeat(63))).isTrue();
        assertThat(Label.allowed("k".repeat(64) + "=v")).isFalse();
        assertThat(Label.allowed("k=" + "v".repeat(64))).isFalse();
        assertThat(Label.allowed("k".repeat(1_000_000))).isFalse();
    }

    /** Labels of the cluster parted by commas. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            team=checkout | team=checkout          | true
            team=checkout | team=checkout,env=prod | true
            team=checkout | team=search            | false
            team=checkout | env=checkout           | false
            team=checkout | team=Checkout          | false
            team=checkout | team=checkout2         | false
            team=checkout | ``                     | false
            team=         | team=                  | true
            team=         | team=checkout          | false
            team=         | ``                     | false
            env=prod      | team=checkout,env=prod | true
            """)
    void aClusterBearsItByKeyAndValue(String label, String carried, boolean bears) {
        Map<String, String> labels = new HashMap<>();
        for (String each : carried.isEmpty() ? new String[0] : carried.split(",", -1)) {
            labels.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }

        assertThat(new Label(label).isOn(labels)).isEqualTo(bears);
    }
}
