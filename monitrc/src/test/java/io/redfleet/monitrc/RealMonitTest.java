package io.redfleet.monitrc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.testkit.RealMonit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Monit takes of what Redfleet does we take, and whatever we write Monit takes. */
@Tag("peer")
class RealMonitTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int FILES = Integer.getInteger("files", 300);
    private static final List<String> RULES = List.of(
            "if does not exist for 3 cycles then alert",
            "if does not exist then restart",
            "if exist then unmonitor",
            "if failed port 6379 then restart",
            "if failed host 127.0.0.1 port 6379 protocol redis with timeout 2 seconds retry 3 for 2 times within 5 cycles then"
                    + " restart else if succeeded for 2 cycles then alert",
            "if failed port 6379 send \"PING\" expect \".PONG\" then alert",
            "if changed pid then alert",
            "if changed ppid for 2 cycles then exec \"/usr/bin/true\" repeat every 5 cycles",
            "if uptime > 3 days then restart",
            "if cpu usage is greater than 60% for 2 cycles then alert",
            "if total cpu > 90% then stop",
            "if total memory > 200.5 MB then stop",
            "if memory usage > 10% for 4 times within 10 cycles then unmonitor",
            "if children >= 255 then alert",
            "if threads > 50 then alert",
            "if 5 restarts within 5 cycles then timeout",
            "if 2 restarts within 10 cycles then alert",
            "group redis",
            "group \"caches\"",
            "mode passive",
            "every 3 cycles",
            "depends on other",
            "start program = \"/bin/true start\" with timeout 60 seconds",
            "stop program = \"/bin/true stop\"",
            "restart program = \"/bin/true restart\"");
    private static final List<String> OTHERS = List.of("""
            check host web with address 127.0.0.1
              if failed ping count 5 with timeout 2 seconds then alert
              if failed port 80 then alert
            """, """
            check system $HOST
              if loadavg(5min) > 4 then alert
              if loadavg(1min) per core > 2 for 15 cycles then alert
              if memory usage > 75% then alert
              if swap usage > 25% then alert
              if cpu usage (user) > 70% for 5 cycles then alert
              if cpu usage > 95% for 10 cycles then alert
              if uptime > 100 days then alert
            """, """
            check filesystem root with path /
              if space usage > 80% then alert
              if space free < 1 GB then alert
              if inode usage > 90% then alert
              if inode free < 10% then alert
            """, """
            check program up with path /bin/true with timeout 5 seconds
              if status != 0 then alert
              every 2 cycles
            """);

    @TempDir
    Path home;

    private RealMonit monit;

    @BeforeEach
    void find() {
        Optional<RealMonit> found = RealMonit.in(home);
        assumeTrue(found.isPresent(), RealMonit.MISSING);
        monit = found.orElseThrow();
    }

    @Test
    void everyRuleIsTakenAsWrittenAndAsWrittenByUs() throws IOException {
        for (String rule : RULES) {
            taken("check process redis with pidfile /run/redis.pid\n  " + rule
                    + "\ncheck process other matching other\n");
        }
        for (String other : OTHERS) {
            taken(other);
        }
        taken("set daemon 5\n" + String.join("\n", OTHERS));
    }

    /** Several rules at once, in any order, and with a slip now and then. */
    @Test
    void whateverWeTakeMonitTakesAsWrittenByUs() throws IOException {
        Random random = new Random(SEED);
        int taken = 0;
        for (int i = 0; i < FILES; i++) {
            StringBuilder file = new StringBuilder("check process redis with pidfile /run/redis.pid\n");
            for (int rules = random.nextInt(5); rules >= 0; rules--) {
                file.append("  ")
                        .append(RULES.get(random.nextInt(RULES.size())))
                        .append('\n');
            }
            file.append("check process other matching other\n");
            if (random.nextBoolean()) {
                String[] words = file.toString().split(" ");
                words[random.nextInt(words.length)] = words[random.nextInt(words.length)];
                file = new StringBuilder(String.join(" ", words));
            }
            Reading reading = Monitrc.read(file.toString());
            if (reading.ok()) {
                taken++;
                String written = Monitrc.writeForMonit(reading.file());
                assertThat(monit.syntax(written))
                        .as("seed %d, file %d:%n%s%n%s", SEED, i, file, written)
                        .extracting(RealMonit.Syntax::ok)
                        .isEqualTo(true);
            }
        }
        System.out.printf("beside monit -t: seed=%d of %d taken %d%n", SEED, FILES, taken);
        assertThat(taken).isGreaterThan(FILES / 4);
    }

    private void taken(String file) throws IOException {
        RealMonit.Syntax given = monit.syntax(file);
        assertThat(given.ok()).as("%s%n%s", given.output(), file).isTrue();
        assertThat(given.output()).contains("Control file syntax OK");

        Reading reading = Monitrc.read(file);
        assertThat(reading.faults()).as(file).isEmpty();
        String written = Monitrc.writeForMonit(reading.file());
        RealMonit.Syntax ours = monit.syntax(written);
        assertThat(ours.ok()).as("%s%n%s", ours.output(), written).isTrue();
    }
}
