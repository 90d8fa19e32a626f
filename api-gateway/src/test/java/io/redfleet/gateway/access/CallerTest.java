package io.redfleet.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.Label;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {
    /** Of the token, parted by commas; then the label. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                     | team=checkout | true
            team=checkout          | team=checkout | true
            team=checkout          | team=search   | false
            team=checkout          | env=prod      | false
            team=checkout          | team=         | false
            team=                  | team=         | true
            team=                  | team=checkout | false
            team=checkout,env=prod | team=checkout | false
            team=checkout,env=prod | env=prod      | false
            Team=checkout          | team=checkout | false
            """)
    void aLabelIsCoveredIfEveryClusterThatBearsItIsInScope(String scope, String label, boolean covered) {
        Map<String, String> labels = new HashMap<>();
        for (String each : scope.isEmpty() ? new String[0] : scope.split(",", -1)) {
            labels.put(each.substring(0, each.indexOf('=')), each.substring(each.indexOf('=') + 1));
        }

        Caller caller = new Caller("id", "ann", Role.OPERATOR, labels);

        assertThat(caller.covers(new Label(label))).isEqualTo(covered);
    }
}
