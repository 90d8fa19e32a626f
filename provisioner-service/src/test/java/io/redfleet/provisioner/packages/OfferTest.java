package io.redfleet.provisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code apt-cache policy} says, as apt 2.6 writes it. */
class OfferTest {
    @Test
    void theCandidateAndWhatCanBeFetchedAreReadInAptsOrder() {
        Map<String, Offer> offers = read("""
                redis-tools:
                  Installed: 5:7.0.11-1
                  Candidate: 5:7.0.15-1~deb12u5
                  Version table:
                     6:7.4.1-1rl1~bookworm1 400
                        400 https://packages.example/deb bookworm/main amd64 Packages
                     5:7.0.15-1~deb12u5 500
                        500 http://deb.debian.org/debian bookworm/main amd64 Packages
                        500 http://security.debian.org bookworm-security/main amd64 Packages
                 *** 5:7.0.11-1 100
                        100 /var/lib/dpkg/status
                redis-server:
                  Installed: (none)
                  Candidate: (none)
                  Version table:
                """);
        assertThat(offers)
                .containsOnly(
                        Map.entry(
                                "redis-tools",
                                new Offer(
                                        "5:7.0.15-1~deb12u5", List.of("6:7.4.1-1rl1~bookworm1", "5:7.0.15-1~deb12u5"))),
                        Map.entry("redis-server", Offer.NONE));
    }

    @Test
    void whatTheAdminHasForbiddenIsNotOfferedAndWhatIsInstalledIsIfItCanBeFetchedToo() {
        Map<String, Offer> offers = read("""
                redis-tools:
                  Installed: 5:7.0.15-1
                  Candidate: 5:7.0.15-1
                  Version table:
                     5:7.2.4-1 -1
                         -1 http://deb.debian.org/debian sid/main amd64 Packages
                 *** 5:7.0.15-1 1001
                       1001 file:/srv/packages ./ Packages
                        100 /var/lib/dpkg/status
                """);
        assertThat(offers).containsOnly(Map.entry("redis-tools", new Offer("5:7.0.15-1", List.of("5:7.0.15-1"))));
    }

    @Test
    void aShareOfTheMachinesThatAnUpdateIsForChangesNothing() {
        assertThat(read("""
                redis-tools:
                  Installed: (none)
                  Candidate: 5:7.0.15-1ubuntu0.24.04.1
                  Version table:
                     5:7.0.15-1ubuntu0.24.04.1 500 (phased 10%)
                        500 http://archive.ubuntu.com/ubuntu noble-updates/universe amd64 Packages
                """))
                .containsOnly(Map.entry(
                        "redis-tools", new Offer("5:7.0.15-1ubuntu0.24.04.1", List.of("5:7.0.15-1ubuntu0.24.04.1"))));
    }

    @Test
    void whatIsNoVersionIsNoneAndNothingSaysNothing() {
        assertThat(read("""
                redis-tools:
                  Candidate: $(reboot)
                  Version table:
                     1;reboot 500
                        500 file:/srv/packages ./ Packages
                """)).containsOnly(Map.entry("redis-tools", Offer.NONE));
        assertThat(read("")).isEmpty();
        assertThat(read("N: Unable to locate package redis-tools")).isEmpty();
    }

    private static Map<String, Offer> read(String policy) {
        return Offer.read(policy.lines().toList());
    }
}
