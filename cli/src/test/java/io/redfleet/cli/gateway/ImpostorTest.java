package io.redfleet.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines as the kernel writes them; 1F90 is port 8080. */
class ImpostorTest {
    private static final int ALICE = 1000;
    private static final int MALLORY = 1001;

    @Test
    void aStrangerOnTheGatewaysPortIsFound() {
        assertThat(Impostor.stranger(List.of(heading(), v4("0100007F:1F90", "0A", MALLORY)), 8080, ALICE))
                .hasValue(MALLORY);
        assertThat(Impostor.stranger(List.of(v4("0000000000000000FFFF00000100007F:1F90", "0A", MALLORY)), 8080, ALICE))
                .hasValue(MALLORY);
        assertThat(Impostor.stranger(List.of(v4("00000000:1F90", "0A", MALLORY)), 8080, ALICE))
                .hasValue(MALLORY);
    }

    @Test
    void theOwnerAndRootAreNoStrangers() {
        assertThat(Impostor.stranger(List.of(v4("0100007F:1F90", "0A", ALICE)), 8080, ALICE))
                .isEmpty();
        assertThat(Impostor.stranger(List.of(v4("0100007F:1F90", "0A", 0)), 8080, ALICE))
                .isEmpty();
    }

    @Test
    void otherPortsOtherAddressesAndConnectionsDoNotCount() {
        assertThat(Impostor.stranger(
                        List.of(
                                v4("0100007F:1F91", "0A", MALLORY),
                                v4("0B00007F:1F90", "0A", MALLORY),
                                v4("0100007F:1F90", "01", MALLORY)),
                        8080,
                        ALICE))
                .isEmpty();
    }

    private static String heading() {
        return "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    }

    private static String v4(String local, String state, int user) {
        return "   0: " + local + " 00000000:0000 " + state + " 00000000:00000000 00:00000000 00000000 " + user
                + "        0 408446 1 00000000c77c5de1 100 0 0 10 0";
    }
}
