package io.redfleet.monitor.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentinelLineTest {
    @Test
    void anInstanceOfTheMasterIsReadWithTheMasterBehindIt() {
        SentinelLine line =
                SentinelLine.parse("+slave-reconf-done", "slave 127.0.0.1:6302 127.0.0.1 6302 @ orders 127.0.0.1 6300");

        assertThat(line.type()).isEqualTo("slave");
        assertThat(line.master()).isEqualTo("orders");
        assertThat(line.subject()).contains(new Endpoint("127.0.0.1", 6302));
        assertThat(line.masterAddress()).contains(new Endpoint("127.0.0.1", 6300));
    }

    @Test
    void aMasterIsItsOwnMasterAndKeepsWhatFollows() {
        SentinelLine line = SentinelLine.parse("+odown", "master orders 127.0.0.1 6300 #quorum 2/2");

        assertThat(line.master()).isEqualTo("orders");
        assertThat(line.masterAddress()).contains(new Endpoint("127.0.0.1", 6300));
        assertThat(line.fields()).containsEntry("extra", "#quorum 2/2");
    }

    @Test
    void aRoleChangeKeepsItsWords() {
        SentinelLine line = SentinelLine.parse(
                "-role-change",
                "slave 127.0.0.1:6302 127.0.0.1 6302 @ orders 127.0.0.1 6300 new reported role is master");

        assertThat(line.fields()).containsEntry("extra", "new reported role is master");
    }

    @Test
    void aSwitchNamesBothAddresses() {
        SentinelLine line = SentinelLine.parse("+switch-master", "orders 10.0.0.1 6379 fd00::2 6380");

        assertThat(line.switchedFrom()).contains(new Endpoint("10.0.0.1", 6379));
        assertThat(line.switchedTo()).contains(new Endpoint("fd00::2", 6380));
    }

    @Test
    void epochsAreReadFromBothOfTheirForms() {
        assertThat(SentinelLine.parse("+new-epoch", "17").epoch()).isEqualTo(17);
        assertThat(SentinelLine.parse("+vote-for-leader", "a".repeat(40) + " 17")
                        .epoch())
                .isEqualTo(17);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "#tilt mode entered", "slave only-a-name", "guest a b c d", "master m 1.2.3.4 port"})
    void whatDoesNotFitHasNoAddressAndHarmsNobody(String payload) {
        SentinelLine line = SentinelLine.parse("+sdown", payload);

        assertThat(line.subject()).isEqualTo(Optional.empty());
        assertThat(line.epoch()).isZero();
        assertThat(line.payload()).isEqualTo(payload);
    }
}
