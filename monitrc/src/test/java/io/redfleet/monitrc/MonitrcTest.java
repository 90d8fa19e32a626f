package io.redfleet.monitrc;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.monitrc.Test.Connection;
import io.redfleet.monitrc.Test.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MonitrcTest {
    private static final String PROCESS = "check process redis with pidfile /run/redis.pid\n";

    @org.junit.jupiter.api.Test
    void theArticlesFilesAreReadByteForByte() throws IOException {
        Check server = only(article("article-redis.conf"));
        assertThat(server.name()).isEqualTo("redis-server");
        assertThat(server.target()).isEqualTo(new Target.Pidfile("/var/run/redis.pid"));
        assertThat(server.programs())
                .isEqualTo(new Check.Programs(
                        new Command("/etc/init.d/redis-server start", Command.SERVICE_TIMEOUT),
                        new Command("/etc/init.d/redis-server stop", Command.SERVICE_TIMEOUT),
                        Command.NONE));
        assertThat(server.rules())
                .containsExactly(Rule.of(
                        new Connection("127.0.0.1", 6379, new Protocol.None(), Connection.TIMEOUT, 1),
                        new Action.Restart()));
        assertThat(server.limits()).containsExactly(new RestartLimit(5, 5, new Action.Unmonitor()));
        assertThat(server.line()).isEqualTo(3);

        Check sentinel = only(article("article-redis-sentinel.conf"));
        assertThat(sentinel.target()).isEqualTo(new Target.Matching("redis-sentinel"));
        assertThat(sentinel.limits()).isEqualTo(server.limits());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "if does not exist for 3 cycles then alert | if does not exist for 3 cycles then alert",
                "IF DOES NOT EXIST THEN START | if does not exist then start",
                "if exist then unmonitor | if exist then unmonitor",
                "if failed port 6379 then restart | if failed port 6379 then restart",
                "if failed host '::1' port 6379 type tcp protocol redis with timeout 2 seconds retry 3 for 2 times within 5 cycles"
                        + " then restart else if succeeded for 2 cycles then alert"
                        + "| if failed host \"::1\" port 6379 protocol redis with timeout 2 seconds retry 3 for 2 times within 5"
                        + " cycles then restart else if succeeded for 2 cycles then alert",
                "if failed port 6379 send 'PING' expect '.PONG' then alert"
                        + "| if failed port 6379 send \"PING\" expect \".PONG\" then alert",
                "if failed port 6379 for 90 seconds then restart | if failed port 6379 for 90000 ms then restart",
                "if changed pid then alert | if changed pid then alert",
                "if changed ppid then exec \"/usr/bin/true\" repeat every 5 cycles"
                        + "| if changed ppid then exec \"/usr/bin/true\" repeat every 5 cycles",
                "if uptime > 3 days then restart | if uptime > 259200 seconds then restart",
                "if cpu usage is greater than 60% for 2 cycles then alert | if cpu > 60% for 2 cycles then alert",
                "if total memory > 200.5 MB then stop | if total memory > 210239488 B then stop",
                "if totalmem > 1 GB then alert | if total memory > 1073741824 B then alert",
                "if children >= 255 then alert | if children >= 255 then alert",
            })
    void aRuleIsReadAndWrittenInMonitsWords(String written, String expected) {
        String file = PROCESS + "  " + written + "\n";
        Reading reading = Monitrc.read(file);
        assertThat(reading.faults()).isEmpty();
        String again = Monitrc.write(reading.file());
        assertThat(again.lines().skip(1)).containsExactly("  " + expected.strip());
        assertThat(Monitrc.read(again).file()).as("what was written, read").isEqualTo(reading.file());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                check host web with address 10.0.0.1
                  if failed ping count 5 with timeout 2 seconds then alert
                """,
                """
                check system $HOST
                  if loadavg(5min) > 4 then alert
                  if memory > 75% then alert
                  if swap > 1 GB then alert
                """,
                """
                check system here
                  if loadavg (1min) per core > 2 for 15 cycles then alert
                  if cpu usage (user) > 70% then alert
                """,
                """
                check filesystem root with path /
                  if space usage > 80% then alert
                  if space free < 1 GB then alert
                  if inode usage > 90% then alert
                """,
                """
                check program up with path /usr/bin/true with timeout 5 seconds
                  if status != 0 then alert
                """,
                """
                check process a matching 'redis-server .*:6379'
                  group redis
                  group "caches"
                  mode passive
                  every 3 cycles

                check host b address 127.0.0.1 depends on a
                """,
            })
    void everyKindOfCheckIsWrittenAsItIsRead(String file) {
        Reading reading = Monitrc.read(file);
        assertThat(reading.faults()).isEmpty();
        ControlFile again = Monitrc.read(Monitrc.write(reading.file())).file();
        assertThat(again.checks())
                .usingRecursiveComparison()
                .ignoringFields("line")
                .isEqualTo(reading.file().checks());
        assertThat(again.checks()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, 90, 45", "120, 90, 1", "7, 90, 13", "1, 600, 64"})
    void forMonitWhatLastsForATimeLastsForAsManyCycles(int cycle, int seconds, int cycles) {
        Reading reading = Monitrc.read(
                "set daemon " + cycle + "\n" + PROCESS + "if failed port 1 for " + seconds + " seconds then alert");
        assertThat(Monitrc.writeForMonit(reading.file()))
                .contains("if failed port 1 for " + cycles + " cycles then alert");
    }

    @org.junit.jupiter.api.Test
    void whatIsNotNeededIsSaid() {
        Reading reading = Monitrc.read("""
                set daemon 5 with start delay 240
                set log /var/log/monit.log
                set pidfile /run/monit.pid
                set httpd port 8081 and
                    use address localhost  # only accept connection from localhost
                    allow localhost        # allow localhost to connect to the server and
                    allow admin:monit      # require user "admin" with password "monit"
                check process a matching b
                    start program = "/bin/a" as uid redis and gid redis with timeout 60 seconds
                """);
        assertThat(reading.faults()).isEmpty();
        assertThat(reading.file().cycle()).isEqualTo(Duration.ofSeconds(5));
        assertThat(only(reading).programs().start()).isEqualTo(new Command("/bin/a", Duration.ofSeconds(60)));
        assertThat(reading.remarks()).map(Remark::line).containsExactly(1, 2, 3, 4, 9);
        assertThat(reading.remarks())
                .allSatisfy(remark -> assertThat(remark.text()).contains("not needed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "2:3 | if failed port 70000 then alert | port 70000 is not from 1 to 65535",
                "2:3 | if failed port 6379 for 65 cycles then alert | cycles 65 is not from 1 to 64",
                "2:3 | if failed port 6379 for 4 times within 2 cycles then alert | 4 times within 2 cycles can never be",
                "2:3 | if 6 restarts within 5 cycles then timeout | can never be",
                "2:3 | if failed port 6379 protocol http then alert | protocol http is not spoken; use redis, or send and expect",
                "2:3 | if failed port 6379 type udp then alert | type udp is not tested; use tcp",
                "2:3 | if failed port 6379 using ssl then alert | ssl is not done",
                "2:3 | if failed host a then alert | needs a port",
                "2:3 | if failed checksum expect 12 then alert | failed checksum is not tested",
                "2:3 | if changed timestamp then alert | changed timestamp is not tested",
                "2:3 | if failed ping then alert | ping cannot be tested of a process",
                "2:3 | if swap > 10% then alert | swap cannot be tested of a process",
                "2:3 | if children > 10.5 then alert | children is counted: 10.5 is no whole number",
                "2:3 | if threads >= 2.0 then alert | threads is counted: 2.0 is no whole number",
                "2:3 | if cpu > 10 MB then alert | cpu 10mb is not counted in %",
                "2:3 | if status != 0 then alert | status cannot be tested of a process",
                "2:3 | if failed port 1 then exec 'reboot' | 'reboot' is not an absolute path",
                "2:3 | if failed port 1 then reboot | syntax error 'reboot'",
                "2:3 | every '* * * * *' | a schedule in cron's form is not done; use `every N cycles`",
                "2:3 | mode manual | mode manual is not active or passive",
                "2:3 | onreboot nostart | only `onreboot start` is done",
                "2:3 | alert root@localhost | alert is not done here; people are told through the receivers",
                "2:3 | noalert root@localhost | noalert is not done here",
                "2:3 | start program = 'redis-server' | 'redis-server' is not an absolute path",
                "2:3 | depends on nobody | redis depends on nobody, which is not checked in this file",
                "2:3 | depends on redis | redis depends on itself",
                "2:3 | set alert root@localhost | set alert is not done; people are told through the receivers",
                "2:3 | set limits { programTimeout: 5 s } | set limits is not done; write `with timeout N seconds`",
                "2:3 | include /etc/monit/conf.d/* | include is not followed",
                "2:3 | check file passwd with path /etc/passwd | check file is not watched; check a process, host",
                "2:3 | check process redis matching x | service name conflict: redis is already checked in line 1",
                "2:3 | check process other matching '(' | '(' is not a regular expression",
                "2:3 | check process /run/x matching x | '/run/x' is not the name of a service",
                "2:3 | if failed host /run/x port 1 then alert | '/run/x' is not a host name or an address",
                "2:3 | group 'all of them' | the name of a group has no blanks",
                "2:3 | if failed port 1 for 0 seconds then alert | the time is not from 1 ms to 10 years: 0",
                "2:3 | if uptime > 99999999999999999999 days then alert | uptime is not from 1 ms to 10 years",
                "2:3 | if failed port 1 timeout 0 seconds then alert | timeout in seconds 0 is not from 1 to 86400",
                "2:3 | if | syntax error: the file ends too soon",
            })
    void whatIsNotDoneIsNamedWithItsPlaceAndWhatToUseInstead(String place, String line, String expected) {
        Reading reading = Monitrc.read(PROCESS + "  " + line);
        assertThat(reading.ok()).isFalse();
        assertThat(reading.file().checks()).isEmpty();
        assertThat(reading.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.toString()).contains(expected);
            assertThat(fault.line() == 2 || fault.line() == 1).isTrue();
            assertThat(fault.column()).isPositive();
        });
    }

    /** Whoever only depends on one of them is not named. */
    @org.junit.jupiter.api.Test
    void aCircleIsNamedFromEachOfItsChecks() {
        Reading reading = Monitrc.read("""
                check process a matching a depends on c
                check process b matching b depends on a
                check process c matching c depends on b
                check process d matching d depends on a
                """);
        assertThat(reading.faults())
                .extracting(Fault::toString)
                .containsExactly(
                        "1:1: a depends on itself, by way of c, b",
                        "2:1: b depends on itself, by way of a, c",
                        "3:1: c depends on itself, by way of b, a");
    }

    @org.junit.jupiter.api.Test
    void ofALongCircleTheFirstFiveAreNamed() {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            file.append("check process p%d matching p depends on p%d%n".formatted(i, (i + 1) % 8));
        }
        assertThat(Monitrc.read(file.toString()).faults())
                .hasSize(8)
                .first()
                .extracting(Fault::what)
                .isEqualTo("p0 depends on itself, by way of p1, p2, p3, p4, p5 and 2 more");
    }

    private static Reading article(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(MonitrcTest.class.getResourceAsStream(name))) {
            return Monitrc.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Check only(Reading reading) {
        assertThat(reading.faults()).isEqualTo(List.of());
        assertThat(reading.file().checks()).hasSize(1);
        return reading.file().checks().getFirst();
    }
}
