package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an order may say before a file is looked for by its names. */
class TakeInRulesTest {
    private static final ClusterName ORDERS = new ClusterName("orders");

    @ParameterizedTest(name = "{0}:{1} {2} {3} {4} {5}: {6}")
    @CsvSource(
            nullValues = "-",
            value = {
                "10.0.0.11,  26379, -,      -,         -,            -,       ''",
                "sentinel-1, 26379, orders, ops-key,   orders-probe, watcher, ''",
                "2001:db8::1, 26379, -,     -,         -,            -,       ''",
                "'',         26379, -,      -,         -,            -,       sentinel",
                "a b,        26379, -,      -,         -,            -,       sentinel",
                "-x,         26379, -,      -,         -,            -,       sentinel",
                "10.0.0.11,  0,     -,      -,         -,            -,       sentinel",
                "10.0.0.11,  65536, -,      -,         -,            -,       sentinel",
                "10.0.0.11,  26379, '',     -,         -,            -,       master",
                "10.0.0.11,  26379, -,      ../ops,    -,            -,       key",
                "10.0.0.11,  26379, -,      a/b,       -,            -,       key",
                "10.0.0.11,  26379, -,      x.properties, -,         -,       key",
                "10.0.0.11,  26379, -,      -,         ../ssh/x,     -,       probe.credential",
                "10.0.0.11,  26379, -,      -,         /etc/passwd,  -,       probe.credential",
                "10.0.0.11,  26379, -,      -,         orders-probe, a b,     probe.user",
                "10.0.0.11,  26379, -,      -,         -,            watcher, probe.credential"
            })
    void aFieldThatSaysSomethingElseIsNamed(
            String sentinel, int port, String master, String key, String probe, String user, String field) {
        Request.TakeIn asked = new Request.TakeIn(sentinel, port, master, null, key, probe, user, false);
        List<String> fields =
                TakeInRules.judge(ORDERS, asked).stream().map(Violation::field).toList();
        assertThat(fields).isEqualTo(field.isEmpty() ? List.of() : List.of(field));
    }

    @Test
    void onlyADryRunNeedsNoName() {
        assertThat(TakeInRules.judge(ClusterName.FLEET, asked(true))).isEmpty();
        assertThat(TakeInRules.judge(ClusterName.FLEET, asked(false)))
                .extracting(Violation::field)
                .containsExactly("name");
    }

    @Test
    void whatMayBeAPasswordByMistakeIsNotShown() {
        Request.TakeIn asked = new Request.TakeIn("10.0.0.11", 26_379, null, null, null, "ge/heim", null, false);
        assertThat(TakeInRules.judge(ORDERS, asked))
                .singleElement()
                .satisfies(broken -> assertThat(broken.toString()).doesNotContain("heim"));
    }

    private static Request.TakeIn asked(boolean dryRun) {
        return new Request.TakeIn("10.0.0.11", 26_379, null, null, null, null, null, dryRun);
    }
}
