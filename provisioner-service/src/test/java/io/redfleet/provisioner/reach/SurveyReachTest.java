package io.redfleet.provisioner.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Violation;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a survey may connect to, by the limits of the key and by what a person wrote. */
class SurveyReachTest {
    private static final ClusterName ORDERS = new ClusterName("orders");

    /** Limits {@code none}, or ranges with blanks; an empty word for the Sentinel: it was a name. */
    @ParameterizedTest(name = "{0}: {2} by {1}: {3}")
    @CsvSource({
        "10.0.0.0/24,           10.0.0.11, 10.0.0.12,              true",
        "10.0.0.0/24,           10.0.0.11, 10.0.1.12,              false",
        "10.0.0.0/24,           10.0.0.11, ::ffff:10.0.0.12,       true",
        "10.0.0.0/24,           10.0.0.11, ::ffff:10.0.1.12,       false",
        "10.0.0.0/24,           10.0.0.11, 2001:db8::1,            false",
        "none,                  10.0.0.11, 203.0.113.9,            true",
        // This machine: by a limit that names it, or because a person wrote that very address.
        "none,                  10.0.0.11, 127.0.0.1,              false",
        "none,                  10.0.0.11, ::1,                    false",
        "none,                  10.0.0.11, ::ffff:127.0.0.1,       false",
        "none,                  10.0.0.11, 64:ff9b::7f00:1,        false",
        "none,                  10.0.0.11, ::127.0.0.1,            false",
        "0.0.0.0/0 ::/0,        10.0.0.11, 127.0.0.1,              false",
        "0.0.0.0/0 ::/0,        10.0.0.11, ::1,                    false",
        "10.0.0.0/24 127.0.0.0/8, 10.0.0.11, 127.0.0.1,            true",
        "127.0.0.2,             10.0.0.11, 127.0.0.2,              true",
        "127.0.0.2,             10.0.0.11, 127.0.0.1,              false",
        "::1,                   10.0.0.11, ::1,                    true",
        "none,                  127.0.0.1, 127.0.0.1,              true",
        "none,                  127.0.0.1, ::ffff:127.0.0.1,       true",
        "none,                  127.0.0.1, 127.0.0.2,              false",
        "10.0.0.0/24,           127.0.0.1, 127.0.0.1,              false",
        "none,                  '',        127.0.0.1,              false",
        // Nobody's, whoever names it.
        "none,                  169.254.1.1, 169.254.1.1,          false",
        "169.254.0.0/16,        10.0.0.11, 169.254.169.254,        false",
        "none,                  10.0.0.11, fe80::1,                false",
        "none,                  10.0.0.11, 224.0.0.1,              false",
        "none,                  10.0.0.11, ff02::1,                false",
        "none,                  0.0.0.0,   0.0.0.0,                false",
        "none,                  10.0.0.11, ::,                     false",
        "none,                  10.0.0.11, 255.255.255.255,        false",
        "none,                  10.0.0.11, 2002:a9fe:a9fe::1,      false"
    })
    void anAddressIsAskedWithinTheLimitsAlone(String limits, String written, String address, boolean asked) {
        SurveyReach reach = new SurveyReach(
                new SurveyReach.Bound("default", limits(limits)), null, written.isEmpty() ? null : address(written));
        assertThat(reach.forbids(address(address)).isEmpty()).isEqualTo(asked);
    }

    @Test
    void aPasswordGoesNoFurtherThanItsOwnLimits() {
        SurveyReach reach = reach(limits("10.0.0.0/24"), limits("10.0.0.8/29"));
        assertThat(reach.forbids(address("10.0.0.12"))).isEmpty();
        assertThat(reach.forbids(address("10.0.0.16")))
                .hasValue("is outside of what key orders-probe reaches: 10.0.0.8/29");
        assertThat(reach.forbids(address("10.0.1.12"))).hasValue("is outside of what key default reaches: 10.0.0.0/24");
    }

    @Test
    void whatIsRefusedBeforeAnybodyIsAskedIsNamedByItsField() {
        KeyLimits others = new KeyLimits.Limited(List.of(), Set.of(new ClusterName("carts")), Map.of(), false);
        KeyLimits labelled = new KeyLimits.Limited(List.of(), Set.of(), Map.of("team", "checkout"), false);
        KeyLimits unusable = new KeyLimits.Unusable("needs limits");
        KeyLimits any = new KeyLimits.None();
        assertThat(fields(reach(others, null), Map.of())).containsExactly("key");
        assertThat(fields(reach(unusable, null), Map.of())).containsExactly("key");
        assertThat(fields(reach(labelled, null), Map.of())).containsExactly("key");
        assertThat(fields(reach(labelled, null), Map.of("team", "checkout"))).isEmpty();
        assertThat(fields(reach(any, unusable), Map.of())).containsExactly("probe.credential");
        assertThat(fields(reach(any, others), Map.of())).containsExactly("probe.credential");
        assertThat(fields(reach(limits("10.9.0.0/16"), null), Map.of())).containsExactly("sentinel");
        assertThat(fields(reach(any, limits("10.9.0.0/16")), Map.of())).containsExactly("sentinel");
    }

    /** A survey of all masters has no name: limits by name do not let it. */
    @Test
    void aKeyOfCertainClustersSurveysNoneThatIsNotNamed() {
        KeyLimits orders = new KeyLimits.Limited(List.of(), Set.of(ORDERS), Map.of(), false);
        assertThat(reach(orders, null).judge(ORDERS, Map.of())).isEmpty();
        assertThat(reach(orders, null).judge(ClusterName.FLEET, Map.of())).hasSize(1);
    }

    private static List<String> fields(SurveyReach reach, Map<String, String> labels) {
        return reach.judge(ORDERS, labels).stream().map(Violation::field).toList();
    }

    private static SurveyReach reach(KeyLimits key, @Nullable KeyLimits password) {
        return new SurveyReach(
                new SurveyReach.Bound("default", key),
                password == null ? null : new SurveyReach.Bound("orders-probe", password),
                address("10.0.0.11"));
    }

    private static KeyLimits limits(String text) {
        if (text.equals("none")) {
            return new KeyLimits.None();
        }
        List<Range> ranges = Arrays.stream(text.split(" ", -1))
                .map(range -> Range.of(range).orElseThrow())
                .toList();
        return new KeyLimits.Limited(ranges, Set.of(), Map.of(), false);
    }

    private static InetAddress address(String text) {
        return Addresses.literal(text).orElseThrow();
    }
}
