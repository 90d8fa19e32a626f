package io.redfleet.gateway.board;

import static io.redfleet.gateway.board.Hosts.ORDERS;
import static io.redfleet.gateway.board.Hosts.WELL;
import static io.redfleet.gateway.board.Hosts.facts;
import static io.redfleet.gateway.board.Hosts.health;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.gateway.Clusters;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is shown of a host beside how its checks stand. */
class HostFiguresTest {
    private static final HostName R1 = new HostName("r1");
    private static final long GIB = 1L << 30;

    /** A machine that was busy for 880 ms of ten seconds since {@link #BEFORE}. */
    private static final HostFacts NEXT = said(10, "boot", machine(1_380, 2_500, 10, 110_000));

    private static final HostFacts BEFORE = said(0, "boot", machine(1_000, 2_000, 10, 100_000));

    @Test
    void aMachineHasMonitsLines() {
        assertThat(rows("System", List.of(NEXT), List.of(BEFORE)))
                .containsExactlyElementsOf("""
                  on reboot                    start
                  load average                 [2.30] [1.46] [0.79]
                  cpu                          3.8%usr 5.0%sys 0.0%iowait
                  memory usage                 2 GB [25.0%]
                  swap usage                   512 MB [50.0%]
                """.lines().toList());
    }

    @Test
    void aFilesystemHasMonitsLinesAndTheOneThatRulesAreJudgedBy() {
        assertThat(rows("Filesystem", List.of(NEXT), List.of()))
                .containsExactlyElementsOf("""
                  on reboot                    start
                  space total                  252.0 GB (of which 59.7% is reserved for root user)
                  space free for non superuser 76.2 GB [30.2%]
                  space free total             226.7 GB [90.0%]
                  inodes total                 16777216
                  inodes free                  16341616 [97.4%]
                  space usage                  25.3 GB [24.9%]
                """.lines().toList());
    }

    /** The reason is then the monitor's silence, and says nothing of the host's. */
    @Test
    void whyThereIsNoFigureIsSaidWhereTheReasonSaysSomethingElse() {
        Board board = board(List.of(facts("r1", true, Clusters.NOON)), List.of());
        HostLine line = Hosts.disk(board, Clusters.NOON.plusSeconds(121));
        assertThat(line.reason()).startsWith("The monitor has written nothing");
        Services old = Services.of(board, new Rules(), any -> true, Clusters.NOON.plusSeconds(121));
        assertThat(MonitText.status(old, Duration.ZERO)).contains("""
                  on reboot                    start
                  figures                      unknown: r1 has said nothing since 2026-11-22T12:00:00Z
                  host                         r1
                """);
    }

    /** Nothing of it is 0, and nothing is made up. */
    @Test
    void whatARecordOfAnEarlierReleaseLacksIsLeftOut() {
        HostFacts former = said(0, "boot", MachineFacts.UNKNOWN);
        MachineFigures machine = MachineFigures.of(former, Optional.of(BEFORE));
        assertThat(machine.load()).isEqualTo(new MachineFigures.Load(2.3, null, null));
        assertThat(machine.cpu()).isNull();
        assertThat(machine.swap()).isNull();
        assertThat(machine.memory()).isEqualTo(new MachineFigures.Share(2 * GIB, 8 * GIB, 25));
        FilesystemFigures disk = FilesystemFigures.of(former).orElseThrow();
        assertThat(disk.space()).isNull();
        assertThat(disk.inodes()).isNull();
        assertThat(disk.availablePercent()).isEqualTo(30.2);
    }

    @Test
    void aMachineWithoutSwapUsesNoneAndAFilesystemMayCountNoInodes() {
        MachineFacts bare = new MachineFacts(2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0);
        HostFacts facts = said(0, "boot", bare);
        assertThat(MachineFigures.of(facts, Optional.empty()).swap()).isEqualTo(new MachineFigures.Share(0, 0, 0));
        assertThat(FilesystemFigures.of(facts).orElseThrow().inodes()).isNull();
    }

    /** df rounds each figure up: together they may be more than the whole. */
    @Test
    void nothingIsReservedRatherThanLessThanNothing() {
        MachineFacts odd = new MachineFacts(1, 0, 0, 0, 0, 41, 0, 0, 0, 0, 0, 0, 0);
        HostFacts facts = sized(100, 60, odd);
        assertThat(FilesystemFigures.of(facts).orElseThrow().space())
                .isEqualTo(new FilesystemFigures.Space(60, 60, 0, 41, 40.6));
        assertThat(MachineFigures.of(facts, Optional.empty()).memory())
                .as("how much there is was not said")
                .isNull();
    }

    /** Of the first word nothing can be said, and nothing of two that have a boot between them. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "the word before,  3.8",
                "another boot,     -",
                "unreachable,      -",
                "earlier release,  -",
                "the same moment,  -",
                "half a second,    -",
                "counts backwards, -",
            })
    void howBusyItWasIsKnownBetweenTwoWordsOfOneRun(String what, @Nullable Double user) {
        HostFacts was = switch (what) {
            case "another boot" -> said(0, "other", BEFORE.machine());
            case "unreachable" -> BEFORE.unreachable(BEFORE.at(), "no route");
            case "earlier release" -> said(0, "boot", MachineFacts.UNKNOWN);
            case "the same moment" -> said(10, "boot", BEFORE.machine());
            case "half a second" -> at(NEXT.at().minusMillis(500), "boot", BEFORE.machine());
            case "counts backwards" -> said(0, "boot", machine(1_000, 2_000, 10, 120_000));
            default -> BEFORE;
        };
        MachineFigures.Cpu cpu = MachineFigures.of(NEXT, Optional.of(was)).cpu();
        Double shown = cpu == null ? null : cpu.userPercent();
        assertThat(shown).isEqualTo(user);
    }

    /** The kernel's count of waiting for disks may go back by itself. */
    @Test
    void noTimeIsLessThanNothing() {
        HostFacts was = said(0, "boot", machine(1_000, 2_000, 400, 100_000));
        assertThat(MachineFigures.of(NEXT, Optional.of(was)).cpu()).isEqualTo(new MachineFigures.Cpu(3.8, 5, 0));
    }

    /** Seconds of the words, {@code x} of another boot: kept, last and next, and which of them is kept then. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-,-,10,-", "-,5,10,5", "2,5,10,5", "2,10,10,2", "-,10,10,-", "2,x5,10,2", "2,5,x10,-", "2,5,-,-"})
    void theLastWordThatIsLongEnoughAgoIsKept(
            @Nullable String kept, @Nullable String last, @Nullable String next, @Nullable String then) {
        HostFacts found = MachineFigures.before(word(kept), word(last), word(next));
        assertThat(found).isEqualTo(word(then));
    }

    /** No figure is shown that may be old, and it is said why there is none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fresh       |  90 | ''",
                "fresh       | 120 | ''",
                "fresh       | 121 | r1 has said nothing since 2026-11-22T12:00:00Z",
                "unreachable |  90 | Not reachable since 2026-11-22T12:00:00Z: no route",
                "unheard     |  90 | Nothing has been heard of r1",
                "no disk     |  90 | r1 does not say how large the filesystem is",
            })
    void whatMayBeOldIsNotShown(String what, int seconds, String why) {
        HostFacts said = facts("r1", true, Clusters.NOON);
        List<HostFacts> heard = switch (what) {
            case "unreachable" -> List.of(facts("r1", false, Clusters.NOON));
            case "unheard" -> List.of(facts("r2", true, Clusters.NOON));
            case "no disk" -> List.of(sized(0, 0, MachineFacts.UNKNOWN));
            default -> List.of(said);
        };
        HostLine line = Hosts.disk(board(heard, List.of()), Clusters.NOON.plusSeconds(seconds));
        assertThat(line.unmeasured()).isEqualTo(why);
        assertThat(line.filesystem() == null).isEqualTo(!why.isEmpty());
        assertThat(line.machine()).isNull();
    }

    /** What is between the lines of every check and the host's name. */
    private static List<String> rows(String type, List<HostFacts> heard, Collection<HostFacts> earlier) {
        Services services = Services.of(board(heard, earlier), new Rules(), any -> true, NEXT.at());
        String text = MonitText.status(services, Duration.ZERO);
        return text.substring(text.indexOf(type + " 'orders/r1/"))
                .lines()
                .dropWhile(line -> !line.startsWith("  on reboot"))
                .takeWhile(line -> !line.startsWith("  host"))
                .toList();
    }

    private static Board board(List<HostFacts> heard, Collection<HostFacts> earlier) {
        return new Board(
                Map.of(ORDERS.name(), ORDERS),
                Map.of(ORDERS.name(), health(ORDERS, Map.of("r1 disk", WELL))),
                Optional.empty(),
                Map.of(),
                heard,
                earlier,
                Map.of(),
                false);
    }

    private static MachineFacts machine(long user, long system, long wait, long all) {
        return new MachineFacts(
                2,
                1.46,
                0.79,
                GIB,
                GIB / 2,
                27_136_000_000L,
                16_777_216,
                16_341_616,
                user,
                system,
                wait,
                all - user - system - wait,
                all);
    }

    private static HostFacts said(int seconds, String boot, MachineFacts machine) {
        return at(Clusters.NOON.plusSeconds(seconds), boot, machine);
    }

    private static HostFacts at(Instant at, String boot, MachineFacts machine) {
        return new HostFacts(
                HostFacts.SCHEMA,
                ORDERS.name(),
                R1,
                at,
                true,
                "",
                boot,
                2.3,
                8 * GIB,
                6 * GIB,
                270_553_000_000L,
                81_820_000_000L,
                0,
                Map.of(),
                machine);
    }

    /** @param total bytes of the disk */
    private static HostFacts sized(long total, long available, MachineFacts machine) {
        return new HostFacts(
                HostFacts.SCHEMA,
                ORDERS.name(),
                R1,
                Clusters.NOON,
                true,
                "",
                "boot",
                0,
                0,
                0,
                total,
                available,
                0,
                Map.of(),
                machine);
    }

    /** At a second of the boot "boot", or of another one; null for "-". */
    private static @Nullable HostFacts word(@Nullable String text) {
        if (text == null) {
            return null;
        }
        boolean other = text.startsWith("x");
        int second = Integer.parseInt(other ? text.substring(1) : text);
        return said(second, other ? "other" : "boot", machine(0, 0, 0, second));
    }
}
