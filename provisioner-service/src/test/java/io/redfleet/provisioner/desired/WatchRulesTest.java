package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.wire.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WatchRulesTest {
    private static final String SERVER = "check process redis-server with pidfile /run/redis.pid\n";

    @Test
    void theArticlesTwoFilesAreTakenAsTheyAre() {
        String article = """
                #Default settings
                #watch by pid
                check process redis-server
                    with pidfile "/var/run/redis.pid"
                    start program = "/etc/init.d/redis-server start"
                    stop program = "/etc/init.d/redis-server stop"
                    if failed host 127.0.0.1 port 6379 then restart
                    if 5 restarts within 5 cycles then timeout
                #watch by process name TODO: pid file
                check process redis-sentinel
                    matching "redis-sentinel"
                    start program = "/etc/init.d/redis-sentinel start"
                    stop program = "/etc/init.d/redis-sentinel stop"
                    if failed host 127.0.0.1 port 26379 then restart
                    if 5 restarts within 5 cycles then timeout
                """;
        SpecReader.Reading reading = SpecReader.read(document(article));
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        assertThat(((SpecReader.Good) reading).spec().watch().rules()).isEqualTo(article);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start program = '/usr/bin/systemctl start redis-orders'",
                "start program = '/bin/systemctl start redis-server.service'",
                "start program = '/bin/systemctl start redfleet-orders-redis-server.service'",
                "restart program = '/usr/sbin/service redis-server restart'",
                "stop program = '/usr/bin/systemctl stop redis-server@orders' with timeout 60 seconds",
                "if failed port 6379 protocol redis for 2 times within 4 cycles then restart else if succeeded then alert",
                "if failed host 10.0.0.11 port 6379 then alert",
                "if does not exist for 2 cycles then start",
                "if changed pid then alert",
                "if uptime < 60 seconds then alert",
                "if memory > 2 GB for 3 cycles then alert",
                "if memory > 50% then alert",
                "if cpu > 80% for 5 cycles then alert if total cpu > 90% then alert",
                "if total memory > 4 GB then alert if children > 2 then alert if threads > 50 then alert",
                "check system machine if loadavg(5min) > 4 for 3 cycles then alert if cpu(wait) > 20% then alert",
                "check system machine group hosts group all if memory > 90% then alert",
                "check system machine every 2 cycles if memory > 90% then alert if swap > 10% then alert",
                "check filesystem disk with path /home/ops/redfleet if space > 80% then alert if inode > 80% then alert",
                "check filesystem disk with path /srv/redfleet/orders if space free < 2 GB for 2 cycles then alert",
                "if 3 restarts within 10 cycles then alert if 5 restarts within 10 cycles then unmonitor",
                "mode passive group caches every 2 cycles",
                "if failed port 6379 for 3 cycles then stop",
                "if total memory > 8 GB for 2 cycles then stop if uptime > 12 hours then stop",
                "if 5 restarts within 5 cycles then stop",
                "if failed port 6379 then exec '/etc/redfleet/exec.d/page'",
                "if memory > 2 GB then exec '/etc/redfleet/exec.d/dump-1.sh' repeat every 60 cycles",
                "if failed port 6379 then alert else if succeeded then exec '/etc/redfleet/exec.d/all_well'",
                "check process redis-sentinel matching x depends on redis-server if failed port 26379 then restart",
                "depends on redis-sentinel, machine check process redis-sentinel matching x check system machine",
                "depends on disk check filesystem disk with path /home/ops/redfleet if space > 80% then alert",
                "check host r1 with address 10.0.0.11 if failed port 6379 protocol redis for 3 cycles then alert",
                "check host both with address r2 group ports if failed port 6379 then alert if failed port 26379 then alert",
                "check host c with address r3 every 2 cycles if failed host r3 port 6379 with timeout 2 seconds retry 3 then alert",
            })
    void whatIsSeenOfAnInstanceCanBeARule(String rule) {
        assertThat(SpecReader.read(document(SERVER + rule))).isInstanceOf(SpecReader.Good.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "if failed port 6380 then restart | port 6380 | must be the port of redis-server, 6379",
                "if failed host 10.9.9.9 port 6379 then restart | 10.9.9.9 | must be the instance's own host",
                "if failed port 6379 send 'PING' expect 'PONG' then alert | send, expect | use protocol redis",
                "if failed port 6379 then alert else if succeeded then stop | else stop | who has recovered is not stopped",
                "if failed port 6379 then exec '/bin/true' | then exec \"/bin/true\" | must be /etc/redfleet/exec.d/NAME",
                "if failed port 6379 then exec '/etc/redfleet/exec.d/a b' | a b | without arguments",
                "if failed port 6379 then exec '/etc/redfleet/exec.d/../a' | ../a | must be /etc/redfleet/exec.d/NAME",
                "if failed port 6379 then exec '/etc/redfleet/exec.d/a;b' | a;b | must be /etc/redfleet/exec.d/NAME",
                "if failed port 6379 then exec '/etc/redfleet/exec.d/.a' | .a | begins with a letter or a digit",
                "if failed port 6379 then exec '/etc/redfleet/exec.d/' | exec.d/ | in line 1: must be",
                "if changed pid then exec '/etc/redfleet/exec.d/a' repeat every 59 cycles | every 59 cycles | are 295 s; must be",
                "if 5 restarts within 5 cycles then exec '/etc/redfleet/exec.d/a' | restarts within | in a rule of its own",
                "if memory > 2 GB then restart | then restart | who lives is not restarted by a rule",
                "if changed pid then start | then restart | who lives is not restarted by a rule",
                "if failed port 6379 then alert else if succeeded then restart | then restart | who lives is not restarted",
                "if changed ppid then alert | changed ppid | not measured",
                "depends on redis-server | line 1, column 1 | depends on itself",
                "depends on machine | line 1, column 1 | depends on machine, which is not checked in this file",
                "depends on a check process a matching a | a | there are redis-server, redis-sentinel",
                "start program = '/usr/bin/systemctl start nginx' | /usr/bin/systemctl start nginx | Redfleet itself starts",
                "start program = '/bin/sh -c reboot' | /bin/sh -c reboot | Redfleet itself starts",
                "start program = '/usr/bin/systemctl start redis-server; reboot' | /usr/bin/systemctl | Redfleet itself starts",
                "check process other matching x | other | there are redis-server, redis-sentinel",
                "check host web with address 10.0.0.1 if failed port 6379 then alert | 10.0.0.1 | such as 10.0.0.11 or r1",
                "check host web with address 127.0.0.1 if failed port 6379 then alert | 127.0.0.1 | such as 10.0.0.11 or r1",
                "check host web with address 169.254.169.254 if failed port 80 then alert | 169.254.169.254 | nothing else",
                "check host web with address r1 if failed port 22 then alert | port 22 | at r1, which has 6379, 26379",
                "check host web with address r1 if failed host 10.9.9.9 port 6379 then alert | host 10.9.9.9 | the check, r1,",
                "check host web with address r1 if failed ping then alert | failed ping | host.unreachable",
                "check host web with address r1 if failed port 6379 send 'a' expect 'b' then alert | send, expect | use protocol",
                "check host web with address r1 if failed port 6379 then restart | then | nothing is done because of a host",
                "check host web with address r1 if failed port 6379 then alert else if succeeded then stop | then | use alert",
                "check host web with address r1 | r1 | tests nothing",
                "check host web with address r1 depends on redis-server if failed port 6379 then alert | depends | leave it out",
                "check host w with address r1 stop program = '/bin/true' if failed port 6379 then alert | start program | neither",
                "check host w address r1 if failed port 6379 then alert if 2 restarts within 3 cycles then stop | restarts | not",
                "check host redis-sentinel with address r1 if failed port 6379 then alert | redis-sentinel | are called so",
                "depends on w check host w with address r1 if failed port 6379 then alert | depends on w | nobody waits for",
                "check program p with path /bin/true | program | not judged in this release",
                "check system redis-sentinel if cpu > 90% then alert | redis-sentinel | instances are called so",
                "check system 'my machine' if cpu > 90% then alert | my machine | letters, digits, dots",
                "check system m if cpu > 90% then exec '/bin/true' | then | nothing is done because of a host",
                "check system m if cpu > 90% then unmonitor | then | nothing is done because of a host",
                "check system m depends on redis-server | depends | not supported",
                "check filesystem disk with path / if space > 80% then alert | / | must be redfleet, the cluster's directory on r1",
                "check filesystem disk with path /redfleets if space > 80% then alert | /redfleets | must be redfleet",
                "set daemon 30 | set daemon | watch.cycle here",
                "if failed prt 6379 then restart | line 2, column | failed prt is not tested",
            })
    void whatIsNotJudgedIsRefusedByItsName(String rule, String value, String why) {
        assertThat(SpecReader.read(document(SERVER + rule))).isInstanceOf(SpecReader.Bad.class);
        List<Violation> broken = ((SpecReader.Bad) SpecReader.read(document(SERVER + rule))).violations();
        assertThat(broken).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.watch.rules");
            assertThat(violation.value()).contains(value);
            assertThat(violation.rule()).contains(why);
        });
    }

    /** Each row is the program of an instance under its builder's unit, and whether it is that unit's. */
    @ParameterizedTest
    @CsvSource({
        "/usr/bin/systemctl start redis-server@main, true",
        "/bin/systemctl start redis-server@main.service, true",
        "/usr/sbin/service redis-server@main start, true",
        "/usr/bin/systemctl start redis-server, false",
        "/usr/bin/systemctl start redis-server@orders, false",
        "/usr/bin/systemctl start redfleet-orders-redis-server, false",
        "/usr/bin/systemctl start redis-sentinel, false",
    })
    void oneUnderItsBuildersUnitIsStartedByThatAndByNoOtherName(String program, boolean taken) {
        Map<String, Object> document = OwnSpecs.unitDocument("full");
        for (int host = 0; host < 3; host++) {
            SpecReaderTest.put(document, "spec.hosts." + host + ".instances.0.at.unit", "redis-server@main.service");
        }
        SpecReaderTest.put(document, "spec.watch.rules", SERVER + "start program = '" + program + "'");
        switch (SpecReader.read(document)) {
            case SpecReader.Good good -> assertThat(taken).isTrue();
            case SpecReader.Bad bad -> {
                assertThat(taken).isFalse();
                assertThat(bad.violations()).singleElement().satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("spec.watch.rules");
                    assertThat(violation.value()).contains(program);
                    assertThat(violation.rule()).contains("of redis-server@main, its unit (at.unit): Redfleet itself");
                });
            }
        }
    }

    @Test
    void whoDependOnEachOtherInACircleAreNamedWithTheirLines() {
        List<Violation> broken = ((SpecReader.Bad) SpecReader.read(document(SERVER + "depends on redis-sentinel\n"
                        + "check process redis-sentinel matching x depends on redis-server")))
                .violations();
        assertThat(broken).extracting(Violation::value).containsExactly("line 1, column 1", "line 3, column 1");
        assertThat(broken)
                .extracting(Violation::rule)
                .satisfiesExactly(
                        rule -> assertThat(rule).endsWith("depends on itself, by way of redis-sentinel"),
                        rule -> assertThat(rule).endsWith("depends on itself, by way of redis-server"));
    }

    @Test
    void aDependenceOnWhatNoHostHasBesideItIsRefused() {
        Map<String, Object> sentinel = new HashMap<>(host("r4", "10.0.0.14"));
        sentinel.put("roles", List.of("sentinel"));
        Map<String, Object> server = new HashMap<>(host("r1", "10.0.0.11"));
        server.put("roles", List.of("redis"));
        Map<String, Object> rules =
                Map.of("rules", SERVER + "depends on redis-sentinel\ncheck process redis-sentinel matching x");
        Map<String, Object> document = Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of("hosts", List.of(server, sentinel), "watch", rules));
        assertThat(((SpecReader.Bad) SpecReader.read(document)).violations())
                .filteredOn(violation -> violation.field().equals("spec.watch.rules"))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.value()).isEqualTo("depends on redis-sentinel");
                    assertThat(violation.rule()).contains("check redis-server in line 1", "no host has both");
                });
    }

    /** What looks like an address may be the name of a host: it is that of the host that has the address. */
    @Test
    void anAddressIsThatOfAHostBeforeItIsTheNameOfOne() {
        Map<String, Object> server = new HashMap<>(host("10.0.0.12", "10.0.0.11"));
        server.put("roles", List.of("redis"));
        Map<String, Object> sentinel = new HashMap<>(host("r2", "10.0.0.12"));
        sentinel.put("roles", List.of("sentinel"));
        String rules =
                "check host web with address 10.0.0.12 if failed port 26379 then alert if failed port 6379 then alert";
        Map<String, Object> document = Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of("hosts", List.of(server, sentinel), "watch", Map.of("rules", rules)));
        assertThat(((SpecReader.Bad) SpecReader.read(document)).violations())
                .filteredOn(violation -> violation.field().equals("spec.watch.rules"))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.value()).isEqualTo("port 6379");
                    assertThat(violation.rule()).contains("at 10.0.0.12, which has 26379:");
                });
    }

    /** @param window null: not said */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | redfleet | 100 | TUMBLING | -",
                "tumbling | monit | 100 | TUMBLING | -",
                "sliding | redfleet | 63 | SLIDING | -",
                "sliding | redfleet | 64 | - | spec.watch.rules: within 64 cycles: looks at 63 cycles at most",
                "sliding | monit | 63 | - | spec.watch.restartWindow: sliding: with compat: monit it must be tumbling",
                "rolling | redfleet | 63 | - | spec.watch.restartWindow: rolling: must be one of tumbling, sliding",
            })
    void aWindowSlidesWhereItIsSaid(
            @Nullable String window, String compat, int cycles, @Nullable String read, @Nullable String refusal) {
        Map<String, Object> watch = new HashMap<>(
                Map.of("compat", compat, "rules", SERVER + "if 5 restarts within " + cycles + " cycles then timeout"));
        if (window != null) {
            watch.put("restartWindow", window);
        }
        List<Object> hosts = List.of(host("r1", "10.0.0.11"), host("r2", "10.0.0.12"), host("r3", "10.0.0.13"));
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "watch", watch)));
        switch (reading) {
            case SpecReader.Good good ->
                assertThat(good.spec().watch().restartWindow().name()).isEqualTo(read);
            case SpecReader.Bad bad ->
                assertThat(bad.violations())
                        .singleElement()
                        .satisfies(violation -> assertThat(
                                        violation.field() + ": " + violation.value() + ": " + violation.rule())
                                .contains(String.valueOf(refusal).split(": (?=looks)", -1)));
        }
    }

    @Test
    void whatIsNoTextAndWhatIsTooLongIsRefused() {
        assertThat(SpecReader.read(document(List.of("check")))).isInstanceOf(SpecReader.Bad.class);
        assertThat(SpecReader.read(document("#".repeat(40_000)))).isInstanceOf(SpecReader.Bad.class);
    }

    private static Map<String, Object> document(Object rules) {
        return Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of(
                        "hosts",
                        List.of(host("r1", "10.0.0.11"), host("r2", "10.0.0.12"), host("r3", "10.0.0.13")),
                        "watch",
                        Map.of("rules", rules)));
    }

    private static Map<String, Object> host(String name, String address) {
        return Map.of(
                "name",
                name,
                "address",
                address,
                "roles",
                List.of("redis", "sentinel"),
                "ssh",
                Map.of("user", "ops", "credential", "ops-key"));
    }
}
