package io.redfleet.provisioner.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.Verification;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a record, a reason and an event say of a look. */
class JudgedTest {
    private final World world = new World();

    @Test
    void whereAllIsWellHostsAreCountedAndNothingIsFound() {
        Judged judged = world.judged();
        assertThat(judged.holds()).isTrue();
        assertThat(judged.reason()).isEmpty();
        assertThat(judged.report().findings()).isEmpty();
        assertThat(judged.report().hosts())
                .extracting(Verification.HostCount::host)
                .containsExactly("r1", "r2", "r3");
        assertThat(judged.report().hosts()).allSatisfy(host -> {
            assertThat(host.passed()).isGreaterThan(40);
            assertThat(host.failed() + host.warned() + host.unverified()).isZero();
        });
        assertThat(judged.event().passed()).isEqualTo(judged.checks().size());
    }

    /** Requirement R14. */
    @Test
    void theLimitsOfEachProcessAreWrittenDownAlsoWhereTheyAreWide() {
        assertThat(world.judged().report().limits())
                .hasSize(6)
                .contains(new Verification.ProcessLimits("r1/redis-server", 7, "65535 65535"));
    }

    @Test
    void whatIsToldAloneFailsNothing() {
        world.say("r1", "i.redis-server.logged=overcommit 1 WARNING Memory overcommit must be enabled!");
        Judged judged = world.judged();
        assertThat(judged.holds()).isTrue();
        assertThat(judged.report().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.ruling()).isEqualTo(Verification.Ruling.WARNED);
            assertThat(finding.rule()).isEqualTo("log-overcommit");
            assertThat(finding.found()).contains("Memory overcommit must be enabled");
        });
        assertThat(judged.event().warned()).isEqualTo(1);
        assertThat(judged.summary()).startsWith("verified: ").contains("1 told");
    }

    @Test
    void aHostWithoutAnAnswerIsNotVerifiedAndFails() {
        world.silent.add("r3");
        Judged judged = world.judged();
        assertThat(judged.holds()).isFalse();
        assertThat(judged.reason()).isEqualTo("r3: not verified: reached: r3 gave no answer");
        assertThat(judged.report().hosts().getLast()).isEqualTo(new Verification.HostCount("r3", 0, 0, 0, 1));
        assertThat(judged.report().limits()).hasSize(4);
    }

    @Test
    void findingsAreBoundedAndWhatFailsComesFirst() {
        for (String host : List.of("r1", "r2", "r3")) {
            for (String name : List.of("redis-server", "redis-sentinel")) {
                world.say(host, "i." + name + ".log=cut");
                world.say(host, "i." + name + ".logged=save 2 " + "x".repeat(1_000));
            }
        }
        for (int i = 0; i < 10; i++) {
            world.say("r2", "i.redis-server.acl=mallory" + i + " on");
            world.live.remove("vm.swappiness");
        }
        world.say("r3", "i.redis-server.mode=. 777 ops");
        Verification report = world.judged().report();
        long open = world.checks().stream()
                .filter(check -> check.result() != Check.Result.PASSED)
                .count();
        assertThat(report.findings()).hasSize(Verification.MOST_FINDINGS);
        assertThat(report.more()).isEqualTo((int) open - report.findings().size());
        assertThat(report.findings().getFirst().rule()).isEqualTo("modes");
        assertThat(report.findings()).extracting(Verification.Finding::ruling).isSorted();
        assertThat(report.findings()).allMatch(finding -> finding.found().length() <= 203);
        assertThat(world.judged().event().first()).hasSize(3);
    }

    @Test
    void moreThanThreeThatFailAreCountedInTheReason() {
        for (String host : List.of("r1", "r2", "r3")) {
            world.say(host, "i.redis-server.mode=. 755 ops");
            world.say(host, "i.redis-server.mode=data 755 ops");
        }
        assertThat(world.judged().reason())
                .startsWith("r1/redis-server .: modes: has mode 755")
                .endsWith("; and 3 more");
    }

    /** Only what may heal by itself is waited for, and only if nothing beside it fails. */
    @Test
    void aLinkThatIsDownMaySettleAndAModeDoesNot() {
        assertThat(world.judged().settles()).isFalse();
        World.set(world.info, World.R2, "master_link_status", "down");
        assertThat(world.judged().settles()).isTrue();
        world.say("r3", "i.redis-server.mode=. 755 ops");
        assertThat(world.judged().settles()).isFalse();
    }
}
