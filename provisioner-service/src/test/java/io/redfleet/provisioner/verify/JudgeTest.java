package io.redfleet.provisioner.verify;

import static io.redfleet.provisioner.verify.World.R1;
import static io.redfleet.provisioner.verify.World.R2;
import static io.redfleet.provisioner.verify.World.R3;
import static io.redfleet.provisioner.verify.World.S1;
import static io.redfleet.provisioner.verify.World.S3;
import static io.redfleet.provisioner.verify.World.lose;
import static io.redfleet.provisioner.verify.World.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.survey.Footing;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule: passed where all is as it should be, broken and unknown by one thing alone. */
class JudgeTest {
    /** @param says what the finding has to name */
    private record Row(Rule rule, Check.Result result, Consumer<World> done, String says) {
        @Override
        public String toString() {
            return rule.id() + " " + result;
        }
    }

    static Stream<Row> broken() {
        return Stream.of(
                breaks(Rule.ANSWERS, world -> world.ping.put(R2, "LOADING Redis is loading"), "LOADING"),
                breaks(Rule.ROLE, world -> set(world.info, R2, "role", "master"), "the role master"),
                breaks(Rule.FOLLOWS, world -> set(world.info, R2, "master_link_status", "down"), "the link is down"),
                breaks(Rule.FOLLOWS, world -> set(world.info, R2, "master_port", "6380"), "10.0.0.11:6380"),
                breaks(Rule.HISTORY, world -> set(world.info, R2, "master_replid", "beef"), "beef"),
                breaks(Rule.LAG, world -> set(world.info, R2, "slave_repl_offset", "900000"), "1100000 bytes"),
                breaks(Rule.PROMOTABLE, JudgeTest::nobodyMayLead, "priority"),
                breaks(
                        Rule.VERSION,
                        world -> runs(world, R2, "7.0.4"),
                        "7.0.4, not 7.0.15; apply --rolling restarts it"),
                breaks(
                        Rule.VERSION,
                        world -> runs(world, S1, "7.2.4"),
                        "7.2.4, not 7.0.15; no apply starts an older one"),
                breaks(Rule.VERSION, world -> world.outdated.add(S3), "a binary that was replaced"),
                breaks(Rule.PERSISTENCE, world -> set(world.info, R1, "rdb_last_bgsave_status", "err"), "err"),
                breaks(Rule.PERSISTENCE, world -> set(world.info, R1, "aof_last_write_status", "err"), "aof_last"),
                breaks(Rule.CONFIG, world -> set(world.config, R1, "timeout", "5"), "is '5', and the spec wants '0'"),
                breaks(Rule.CONFIG, world -> set(world.master, S1, "quorum", "1"), "is '1', and the spec wants '2'"),
                breaks(Rule.CONFIG_AT_START, world -> set(world.config, R1, "databases", "32"), "is '32'"),
                breaks(Rule.BIND, world -> set(world.config, R2, "bind", "10.0.0.12 0.0.0.0"), "0.0.0.0"),
                breaks(Rule.BIND, world -> set(world.config, R2, "bind", "127.0.0.1"), "127.0.0.1"),
                breaks(Rule.BIND, world -> world.say("r1", "i.redis-sentinel.conf=bind * -::*"), "* -::*"),
                breaks(Rule.PROTECTED, world -> set(world.config, R2, "protected-mode", "no"), "is no"),
                breaks(Rule.PROTECTED, world -> world.say("r1", "i.redis-sentinel.conf=protected-mode no"), "is no"),
                breaks(Rule.USERS, world -> world.say("r1", "i.redis-server.acl=default on nopass"), "default is on"),
                breaks(Rule.USERS, world -> world.say("r1", "i.redis-server.acl=probe off"), "probe is off"),
                breaks(Rule.USERS, world -> world.say("r1", "i.redis-server.acl=probe on nopass"), "nopass"),
                breaks(Rule.USERS, world -> world.unsay("r1", "i.redis-server.acl=admin"), "admin is missing"),
                breaks(Rule.USERS_BESIDE, world -> world.say("r1", "i.redis-server.acl=mallory on"), "mallory"),
                breaks(Rule.MODES, world -> world.say("r3", "i.redis-server.mode=. 755 ops"), "755"),
                breaks(Rule.MODES, world -> world.say("r3", "i.redis-sentinel.mode=users.acl 640 ops"), "640"),
                breaks(Rule.MODES, world -> world.unsay("r3", "i.redis-server.mode=users.acl"), "not there"),
                breaks(Rule.OPEN_FILES, world -> world.say("r2", "i.redis-server.files=1024 4096"), "10032"),
                breaks(Rule.QUORUM, world -> world.quorum.put(S1, "NOQUORUM 1 usable"), "NOQUORUM"),
                breaks(Rule.NAMED, world -> set(world.master, S3, "ip", "10.0.0.12"), "10.0.0.12:6379"),
                breaks(Rule.KNOWN, world -> world.unsay("r1", "i.redis-sentinel.knows=replica 10.0.0.12"), "10.0.0.12"),
                breaks(Rule.KNOWN, world -> world.unsay("r1", "i.redis-sentinel.knows=sentinel"), "10.0.0.13 26379"),
                breaks(
                        Rule.STALE,
                        world -> world.say("r1", "i.redis-sentinel.knows=replica 10.0.0.9 6379"),
                        "10.0.0.9"),
                breaks(Rule.IDS, world -> world.ids.put(S1, "3".repeat(40)), "and so has r3/redis-sentinel"),
                breaks(Rule.IDS, JudgeTest::anotherClustersId, "and so has u2 carts/r1/redis-sentinel"),
                breaks(Rule.TUNING, world -> world.live.put("vm.overcommit_memory", "0"), "wants 1"),
                breaks(Rule.TUNING, world -> world.hugePages = "always", "is always"),
                breaks(Rule.FIREWALL, world -> world.listed = "78", "not as it was applied"),
                breaks(Rule.FIREWALL, world -> world.listed = "", "no such table"),
                breaks(Rule.FIREWALL, world -> world.loadsAtBoot = false, "not loaded at boot"),
                breaks(Rule.TLS, world -> set(world.config, R1, "port", "6379"), "port is '6379'"),
                breaks(Rule.TLS, world -> set(world.config, R1, "tls-replication", "no"), "tls-replication is 'no'"),
                breaks(Rule.TLS, world -> world.say("r1", "i.redis-sentinel.conf=port 26379"), "port is '26379'"),
                breaks(Rule.CERTIFICATE, world -> world.lasts.put("r2", 7L), "less than 30 days are left; it ends Jan"),
                breaks(Rule.CERTIFICATE, world -> world.lasts.put("r2", 0L), "less than 7 days"),
                breaks(Rule.CERTIFICATE, world -> world.lasts.put("r2", -1L), "it is over"),
                breaks(Rule.AGENT, world -> world.monit = 0, "it does not run"),
                breaks(Rule.LOG_OVERCOMMIT, world -> logged(world, "overcommit"), "3 time(s), the last: a line"),
                breaks(Rule.LOG_BACKLOG, world -> logged(world, "backlog"), "a line"),
                breaks(Rule.LOG_HUGE_PAGES, world -> logged(world, "hugepages"), "a line"),
                breaks(Rule.LOG_OPEN_FILES, world -> logged(world, "openfiles"), "a line"),
                breaks(Rule.LOG_SAVE, world -> logged(world, "save"), "a line"),
                breaks(Rule.LOG_FILE, world -> logged(world, "file"), "a line"));
    }

    static Stream<Row> unknown() {
        return Stream.of(
                hides(Rule.REACHED, world -> world.silent.add("r2"), "r2 gave no answer"),
                hides(Rule.ANSWERS, world -> world.stopped.add(R2), "a person stopped it"),
                hides(Rule.ROLE, world -> lose(world.info, R2, "role"), "no role"),
                hides(Rule.FOLLOWS, world -> lose(world.info, R2, "master_host"), "no master"),
                hides(Rule.HISTORY, world -> lose(world.info, R2, "master_replid"), "not known"),
                hides(Rule.LAG, world -> lose(world.info, R3, "slave_repl_offset"), "not known"),
                hides(Rule.VERSION, world -> lose(world.info, S1, "redis_version"), "INFO says no version"),
                hides(Rule.PERSISTENCE, world -> lose(world.info, R1, "rdb_last_bgsave_status"), "last save"),
                hides(Rule.CONFIG, world -> lose(world.config, R1, "timeout"), "CONFIG GET"),
                hides(Rule.CONFIG_AT_START, world -> lose(world.config, R1, "databases"), "CONFIG GET"),
                hides(Rule.BIND, world -> lose(world.config, R1, "bind"), "CONFIG GET"),
                hides(Rule.BIND, world -> world.unsay("r1", "i.redis-sentinel.conf=bind"), "no line"),
                hides(Rule.PROTECTED, world -> lose(world.config, R1, "protected-mode"), "CONFIG GET"),
                hides(Rule.USERS, world -> world.unsay("r1", "i.redis-server.acl"), "ACL LIST"),
                hides(Rule.MODES, world -> world.unsay("r1", "i.redis-server.mode"), "could not be read"),
                hides(Rule.OPEN_FILES, world -> world.unsay("r1", "i.redis-server.files"), "could not be read"),
                hides(Rule.QUORUM, world -> world.quorum.put(S1, ""), "not answered"),
                hides(Rule.KNOWN, JudgeTest::saysNoReplicas, "replicas"),
                hides(Rule.IDS, world -> world.ids.remove(S1), "did not say which id"),
                hides(Rule.TLS, world -> lose(world.config, R1, "tls-port"), "tls-port"),
                hides(Rule.TLS, world -> world.unsay("r1", "i.redis-sentinel.conf=tls-"), "tls-cert-file"),
                hides(Rule.CERTIFICATE, world -> world.withoutOpenssl.add("r3"), "no openssl"),
                hides(
                        Rule.FIREWALL,
                        world -> world.unlisted = "nft list tables: no",
                        "nobody knows: nft list tables: no"),
                hides(Rule.TUNING, world -> world.live.remove("vm.swappiness"), "no value"));
    }

    @Test
    void whereAllIsAsItShouldBeEveryRuleIsJudgedAndPasses() {
        List<Check> checks = new World().checks();
        assertThat(checks)
                .allSatisfy(check -> assertThat(check.result()).as("%s", check).isEqualTo(Check.Result.PASSED));
        assertThat(checks)
                .extracting(Check::rule)
                .containsAll(EnumSet.complementOf(EnumSet.of(Rule.CANARY)))
                .as("a look writes no key")
                .doesNotContain(Rule.CANARY);
    }

    @ParameterizedTest
    @MethodSource({"broken", "unknown"})
    void oneThingAloneIsFoundAndNamed(Row row) {
        World world = new World();
        row.done().accept(world);
        List<Check> open = world.checks().stream()
                .filter(check -> check.result() != Check.Result.PASSED)
                .toList();
        assertThat(open).isNotEmpty().allSatisfy(check -> {
            assertThat(check.rule()).as("%s", check).isEqualTo(row.rule());
            assertThat(check.result()).as("%s", check).isEqualTo(row.result());
        });
        assertThat(open).anySatisfy(check -> assertThat(check.found()).contains(row.says()));
        boolean fails = row.rule() == Rule.REACHED
                || (row.result() == Check.Result.BROKEN && row.rule().decides());
        assertThat(world.judged().holds()).isEqualTo(!fails);
    }

    @Test
    void noRuleIsWithoutARow() {
        Set<Rule> rows = broken().map(Row::rule).collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));
        rows.add(Rule.REACHED);
        // CanaryTest has those.
        rows.add(Rule.CANARY);
        assertThat(rows).containsExactlyInAnyOrder(Rule.values());
    }

    @Test
    void ofALogThatIsNotSeenToItsStartNothingPasses() {
        for (String how : List.of("cut", "")) {
            World world = new World();
            world.unsay("r1", "i.redis-server.log=");
            if (!how.isEmpty()) {
                world.say("r1", "i.redis-server.log=" + how);
            }
            assertThat(world.checks())
                    .filteredOn(check -> check.result() != Check.Result.PASSED)
                    .hasSize(6)
                    .allMatch(check -> check.rule().id().startsWith("log-")
                            && check.subject().equals(R1))
                    .allMatch(check -> check.result() == Check.Result.UNKNOWN);
        }
    }

    /** A line of trouble counts also where the start is out of sight. */
    @Test
    void whatWasSeenInACutLogIsBroken() {
        World world = new World();
        world.say("r1", "i.redis-server.log=cut");
        world.say("r1", "i.redis-server.logged=save 1 Can't save in background: fork: Cannot allocate memory");
        assertThat(world.checks())
                .filteredOn(check -> check.result() == Check.Result.BROKEN)
                .extracting(Check::rule)
                .containsExactly(Rule.LOG_SAVE);
    }

    /** Two of three Sentinels name another: then the node that leads is not the one that most name. */
    @Test
    void whomMostSentinelsNameIsHeldAgainstTheRoles() {
        World world = new World();
        set(world.master, S1, "ip", "10.0.0.12");
        set(world.master, S3, "ip", "10.0.0.12");
        assertThat(world.checks())
                .filteredOn(check -> check.rule() == Rule.ROLE && check.result() == Check.Result.BROKEN)
                .extracting(Check::subject)
                .containsExactly(R1, R2);
    }

    @Test
    void hugePagesAreHeldAgainstTheSpecOnlyWhereTheKernelHasThem() {
        for (String mode : List.of("", "never", "madvise")) {
            World world = new World();
            world.hugePages = mode;
            assertThat(world.judged().holds()).as(mode).isTrue();
        }
    }

    private static void runs(World world, String instance, String version) {
        set(world.info, instance, "redis_version", version);
    }

    private static void nobodyMayLead(World world) {
        set(world.info, R2, "slave_priority", "0");
        set(world.info, R3, "slave_priority", "0");
    }

    private static void anotherClustersId(World world) {
        world.beside.add(new Footing.Neighbour("u2 carts/r1/redis-sentinel", 0, "1".repeat(40)));
    }

    private static void saysNoReplicas(World world) {
        world.unsay("r1", "i.redis-sentinel.heard=replica");
        world.unsay("r1", "i.redis-sentinel.knows=replica");
    }

    private static void logged(World world, String kind) {
        world.say("r2", "i.redis-server.logged=" + kind + " 3 a line");
    }

    private static Row breaks(Rule rule, Consumer<World> done, String says) {
        return new Row(rule, Check.Result.BROKEN, done, says);
    }

    private static Row hides(Rule rule, Consumer<World> done, String says) {
        return new Row(rule, Check.Result.UNKNOWN, done, says);
    }
}
