package io.redfleet.contracts.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "orders", "orders-eu-1", "0", "x9"})
    void aPlainNameIsAClusterName(String name) {
        assertThat(new ClusterName(name).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "Orders", "a_b", "a/b", "a b", "a\n", "a*", "ä"})
    void anythingThatAShellAGlobOrAPathReadsOtherwiseIsNone(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ClusterName(name));
    }

    @Test
    void theFleetItselfIsNoClusterThatAnyoneCouldCreate() {
        assertThat(ClusterName.allowed(ClusterName.FLEET.value())).isFalse();
    }

    @Test
    void anInstanceIdNamesItsHostAndItself() {
        InstanceId id = InstanceId.of(new HostName("r1.example"), "redis-server");
        assertThat(id.host().value()).isEqualTo("r1.example");
        assertThat(id.name()).isEqualTo("redis-server");
    }
}
