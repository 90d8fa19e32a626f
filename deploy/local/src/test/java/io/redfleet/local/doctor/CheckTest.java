package io.redfleet.local.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.local.doctor.BusCheck.Letter;
import io.redfleet.local.doctor.Finding.State;
import io.redfleet.local.doctor.MachineCheck.NeededFile;
import io.redfleet.local.doctor.MachineCheck.SeenFile;
import io.redfleet.local.doctor.MachineCheck.SeenPort;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the doctor makes of what was seen; a row is a sentence. */
class CheckTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String CLUSTERS = "redfleet.clusters.v1";
    private static final String HEALTH = "redfleet.health.v1";

    static Stream<Arguments> findings() {
        return Stream.of(
                row("a JDK that is old enough", MachineCheck.jdk(21), State.WELL, ""),
                row("a JDK that is too old", MachineCheck.jdk(17), State.WRONG, "JAVA_HOME"),
                row("room enough", MachineCheck.disk("/h", 1L << 30), State.WELL, ""),
                row("a disk that is full", MachineCheck.disk("/h", (1L << 30) - 1), State.WRONG, "make room"),
                row("files that are their owner's alone", file("/h/c", "rw-------", "me"), State.WELL, ""),
                row("a file that others may read", file("/h/c", "rw-r--r--", "me"), State.WRONG, "chmod 600 /h/c"),
                row("a file that the group may write", file("/h/c", "rw--w----", "me"), State.WRONG, "chmod 600"),
                row("a file of another user", file("/h/c", "rw-------", "root"), State.WRONG, "chown me /h/c"),
                row("a key that is there", needed(true), State.WELL, ""),
                row("a key that is missing", needed(false), State.WRONG, "restore"),
                row("a port of ours", port(true, "x"), State.WELL, ""),
                row("a port that is free", port(false, ""), State.WELL, ""),
                row("a port that a stranger has", port(false, "nginx (pid 8)"), State.WRONG, "--port-offset"),
                row("a clock that is slewed", MachineCheck.clock("kafka", Duration.ofMillis(-1900)), State.WELL, ""),
                row("a clock that jumped", MachineCheck.clock("kafka", Duration.ofHours(-1)), State.WRONG, "NTP"),
                row("a clock that is in time", MachineCheck.ntp(Optional.of(true)), State.WELL, ""),
                row("a clock that is not", MachineCheck.ntp(Optional.of(false)), State.WRONG, "timedatectl"),
                row("a clock of which nothing is told", MachineCheck.ntp(Optional.empty()), State.UNSEEN, ""),
                row("a part that is ready", part(StackCheck.alive(7, Optional.empty()), true), State.WELL, ""),
                row(
                        "a part that waits",
                        part(StackCheck.alive(7, Optional.of("why")), true),
                        State.WRONG,
                        "logs alert"),
                row("a part that has died", part(StackCheck.dead(), true), State.WRONG, "./redfleet up"),
                row("a part that has died with all others", part(StackCheck.dead(), false), State.WRONG, "up"),
                row("a part that does not run beside others", part(StackCheck.off(), true), State.WRONG, "up"),
                row("a part that does not run, like all", part(StackCheck.off(), false), State.UNSEEN, ""),
                row("a young backup", backups(Optional.of(NOW.minus(Duration.ofHours(47))), ""), State.WELL, ""),
                row("an old backup", backups(Optional.of(NOW.minus(Duration.ofHours(49))), ""), State.WRONG, "backup"),
                row("no backup", backups(Optional.empty(), ""), State.WRONG, "./redfleet up"),
                row("a backup that failed", backups(Optional.of(NOW), "disk full"), State.WRONG, "backup FILE"),
                row("a backup that is whole", StackCheck.readable("b", Optional.empty()), State.WELL, ""),
                row("a backup that rotted", StackCheck.readable("b", Optional.of("changed")), State.WRONG, "remove it"),
                row("an account", BusCheck.account("monitor", Optional.empty()), State.WELL, ""),
                row("an account shut out", BusCheck.account("x", Optional.of("no")), State.WRONG, "./redfleet up"),
                row("topics", only(BusCheck.topics(List.of(), 14)), State.WELL, ""),
                row(
                        "a topic that is missing",
                        only(BusCheck.topics(List.of("topic redfleet.quiet.v1 is missing"), 14)),
                        State.WRONG,
                        "restore FILE"),
                row(
                        "a topic of another partition count",
                        only(BusCheck.topics(List.of("topic redfleet.quiet.v1 has 3 partitions, not 12"), 14)),
                        State.WRONG,
                        "remove the topic"),
                row("a reader that keeps up", BusCheck.lag("monitor", 100), State.WELL, ""),
                row("a reader that does not", BusCheck.lag("monitor", 101), State.WRONG, "logs monitor"),
                row("an empty outbox", outbox(0, Duration.ofDays(9)), State.WELL, ""),
                row("an outbox at work", outbox(900, Duration.ofSeconds(60)), State.WELL, ""),
                row("an outbox that stands still", outbox(1, Duration.ofSeconds(61)), State.WRONG, "logs monitor-0"),
                row("an outbox that grows", outbox(1001, Duration.ZERO), State.WRONG, "logs monitor-0"),
                row("a database", BusCheck.postgres(Optional.empty()), State.WELL, ""),
                row("a database that is away", BusCheck.postgres(Optional.of("no")), State.WRONG, "logs postgres"),
                row("no dead letter", BusCheck.letters(List.of(), NOW), State.WELL, ""),
                row(
                        "a dead letter of today",
                        BusCheck.letters(letters(Duration.ofHours(1)), NOW),
                        State.WRONG,
                        "Upgrade"),
                row("one of long ago", BusCheck.letters(letters(Duration.ofDays(2)), NOW), State.WELL, ""),
                row("a cluster that does nothing by itself", FleetCheck.mode("orders", "alert-only"), State.WELL, ""),
                row("a cluster that is only observed", FleetCheck.observed("orders"), State.WELL, ""),
                row("a gateway", FleetCheck.gateway(Optional.empty()), State.WELL, ""),
                row("no token for it", FleetCheck.gateway(Optional.of("no file")), State.WRONG, "--with-keys"),
                row("a gateway that refuses us", FleetCheck.refused(401, "no"), State.WRONG, "--with-keys"),
                row("a gateway that is not well", FleetCheck.refused(503, "later"), State.WRONG, "logs gateway"),
                row("a gateway without an answer", FleetCheck.silent("timed out"), State.WRONG, "logs gateway"));
    }

    /** Which brake is on, and what ends it, in order. */
    static Stream<Arguments> brakes() {
        return Stream.of(
                row("none", kept(false, "", false, false), State.WELL, ""),
                row("none that a gateway knows that reads nothing", kept(false, "", false, true), State.UNSEEN, ""),
                row("the fleet's, by a person", kept(true, "ann", false, false), State.WRONG, "gone: redfleet rearm$"),
                row(
                        "the fleet's, that a gateway knows that reads nothing",
                        kept(true, "ann", false, true),
                        State.WRONG,
                        "gone: redfleet rearm$"),
                row(
                        "the fleet's, by Redfleet: what is bad is looked at first",
                        kept(true, "redfleet/monitor", true, false),
                        State.WRONG,
                        "^redfleet alerts .* mended.*: redfleet rearm\\. What is bad by then does not put it on again"),
                row(
                        "the fleet's, and labels besides",
                        BrakeCheck.kept(new BrakeCheck.Kept(true, "drill", "ann", false, false), true),
                        State.WRONG,
                        "redfleet rearm; labels that are disarmed stay so$"),
                row(
                        "the file of everything",
                        BrakeCheck.file("/h/disarmed", true, "moving house"),
                        State.WRONG,
                        "on this machine: redfleet rearm, which removes the file"),
                row(
                        "what is no file under its name",
                        BrakeCheck.file("/h/disarmed", false, ""),
                        State.WRONG,
                        "no plain file.* first remove /h/disarmed by hand, then redfleet rearm"),
                row(
                        "an entry that names no label: no order ends it",
                        BrakeCheck.entries("the entry 'checkout' names no label", "/h/disarmed.labels", true),
                        State.WRONG,
                        "^first remove by hand from /h/disarmed.labels what names no label, .*as long as it is so rearm"),
                row(
                        "entries that cannot be read",
                        BrakeCheck.entries("/h/disarmed.labels cannot be read", "/h/disarmed.labels", false),
                        State.WRONG,
                        "^first remove /h/disarmed.labels by hand, or make it a directory .*as long as it is so rearm"),
                row(
                        "a label by order",
                        BrakeCheck.label("team=checkout", "rack 4 (ann, since noon)", false, false),
                        State.WRONG,
                        "^when the reason is gone: redfleet rearm --label team=checkout$"),
                row(
                        "a label by a file",
                        BrakeCheck.label("team=checkout", "a file on this machine", true, false),
                        State.WRONG,
                        "on this machine: redfleet rearm --label team=checkout$"),
                row(
                        "a label while the fleet is off: two orders",
                        BrakeCheck.label("team=checkout", "rack 4 (ann, since noon)", false, true),
                        State.WRONG,
                        "redfleet rearm --label team=checkout; the whole fleet is off besides, which that does not end$"),
                row(
                        "a record that cannot be read: the fleet's order writes it anew",
                        only(BusCheck.brake(List.of(brakeLetter("_fleet", false)), HEALTH, "_fleet")),
                        State.WRONG,
                        "redfleet rearm of the whole fleet, .*disarm those again .*rearm --label is refused$"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brakes")
    void eachBrakeComesWithWhatEndsItAndInWhichOrder(String brake, Finding finding, State state, String advice) {
        assertThat(finding.state()).isEqualTo(state);
        assertThat(finding.subject()).startsWith("brake");
        assertThat(finding.advice()).containsPattern(advice);
        assertThat(finding.advice().isEmpty()).isEqualTo(state != State.WRONG);
    }

    @Test
    void aBrakeIsUnreadAsLongAsTheRecordThatNobodyCouldReadIsItsNewest() {
        Letter again = brakeLetter("_fleet", false);
        assertThat(BusCheck.brake(List.of(again, again), HEALTH, "_fleet")).hasSize(1);
        assertThat(BusCheck.brake(List.of(), HEALTH, "_fleet")).isEmpty();
        assertThat(BusCheck.brake(List.of(brakeLetter("_fleet", true)), HEALTH, "_fleet"))
                .as("a newer one has come")
                .isEmpty();
        assertThat(BusCheck.brake(List.of(brakeLetter("orders", false)), HEALTH, "_fleet"))
                .as("a cluster's health")
                .isEmpty();
        Letter elsewhere = new Letter(CLUSTERS, "_fleet", "monitor-0", "no record", NOW, false);
        assertThat(BusCheck.brake(List.of(elsewhere), HEALTH, "_fleet")).isEmpty();
    }

    @Test
    void whatHoldsThisMachineIsToldWithItsReason() {
        assertThat(BrakeCheck.file("/h/disarmed", true, "moving house").says())
                .isEqualTo("automatic action is off on this machine: moving house (the file /h/disarmed)");
        assertThat(BrakeCheck.file("/h/disarmed", false, "").says())
                .isEqualTo("automatic action is off on this machine: /h/disarmed stands");
        assertThat(kept(false, "", false, false).says())
                .as("of labels, of this machine's files and of modes that says nothing")
                .isEqualTo("the gateway keeps none for the whole fleet");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("findings")
    void eachSightIsJudgedAndWhatIsWrongComesWithWhatToDo(String sight, Finding finding, State state, String advice) {
        assertThat(finding.state()).isEqualTo(state);
        assertThat(finding.advice()).contains(advice);
        assertThat(finding.advice().isEmpty()).isEqualTo(state != State.WRONG);
    }

    @Test
    void aHostIsWellUnlessASurveyOfItFailedAndEveryObstacleHasItsAdvice() {
        List<Finding> found = FleetCheck.cluster(
                "orders",
                List.of("r1", "r10", "r2", "r3", "r4", "r5", "r6", "r7", "r8"),
                List.of(
                        "r1: survey (UNREACHABLE): refused",
                        "r2: survey (HOST_KEY_CHANGED): another key",
                        "r3: redis-server: port taken",
                        "r4: survey (HOST_KEY_UNTRUSTED): nobody has pinned it",
                        "r5: survey (JUMP_HOST): gave no answer",
                        "r6: survey (NO_SUDO): a password is required",
                        "r7: survey (OUT_OF_REACH): the key ops is not for 10.0.0.7",
                        "r8: survey (TIMED_OUT): no answer within 20 s",
                        "orders: revision: carries revision 5 ... metadata.acceptRevision: 5"));
        assertThat(found)
                .filteredOn(each -> each.state() == State.WELL)
                .extracting(Finding::subject)
                .containsExactly("orders/r10", "orders/r3");
        assertThat(found)
                .filteredOn(each -> each.state() == State.WRONG)
                .extracting(Finding::advice)
                .satisfiesExactly(
                        unreachable -> assertThat(unreachable).contains("ssh to it by hand"),
                        changed -> assertThat(changed).contains("known_hosts"),
                        taken -> assertThat(taken).contains("redfleet plan"),
                        untrusted -> assertThat(untrusted).contains("ssh.hostKey", "docs/ssh.md"),
                        jump -> assertThat(jump).contains("log in to the jump host"),
                        sudo -> assertThat(sudo).contains("redfleet sudoers"),
                        limits -> assertThat(limits).contains("docs/access.md"),
                        late -> assertThat(late).contains("overloaded"),
                        newer -> assertThat(newer).contains("docs/backup.md"));
    }

    @Test
    void aClusterIsParkedAsLongAsTheSpecThatNobodyCouldReadIsItsNewest() {
        Letter specs = new Letter(CLUSTERS, "orders", "monitor-0", "no ClusterState", NOW, false);
        Letter again = new Letter(CLUSTERS, "orders", "gateway-0", "no ClusterState", NOW, false);
        Letter mended = new Letter(CLUSTERS, "payments", "monitor-0", "no ClusterState", NOW, true);
        Letter other = new Letter("redfleet.hosts.v1", "stock/r1", "monitor-0", "no HostFacts", NOW, false);
        assertThat(BusCheck.parked(List.of(specs, again, mended, other), CLUSTERS))
                .singleElement()
                .satisfies(parked -> assertThat(parked.subject()).isEqualTo("orders"));
    }

    @Test
    void theExitStatusSaysWhetherAllIsWellAndWhetherTheStackRuns() {
        Finding well = Finding.well("a", "b", "c");
        Finding wrong = Finding.wrong("a", "b", "c", "d");
        assertThat(new Report(true, List.of(well, Finding.unseen("a", "b", "c"))).exit())
                .isZero();
        assertThat(new Report(true, List.of(well, wrong)).exit()).isEqualTo(1);
        assertThat(new Report(false, List.of(well, wrong)).exit()).isEqualTo(3);
        assertThat(new Report(true, List.of(wrong)).lines())
                .containsExactly("WRONG   a  b  c", "          -> d", "", "1 wrong, 0 well.");
    }

    @Test
    void whatComesFromElsewhereDoesNotSteerTheTerminal() {
        assertThat(Finding.well("a", "b", "x\u001b[2Jy\nz").says()).isEqualTo("x [2Jy z");
    }

    private static Arguments row(String sight, Finding finding, State state, String advice) {
        return Arguments.of(sight, finding, state, advice);
    }

    private static Finding kept(boolean disarmed, String by, boolean tripped, boolean old) {
        return BrakeCheck.kept(new BrakeCheck.Kept(disarmed, "drill", by, tripped, old), false);
    }

    private static Letter brakeLetter(String key, boolean superseded) {
        return new Letter(HEALTH, key, "monitor-0", "no FleetBrake", NOW, superseded);
    }

    private static Finding only(List<Finding> findings) {
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }

    private static Finding file(String path, String mode, String owner) {
        return only(MachineCheck.files(List.of(new SeenFile(path, false, mode, owner)), "me"));
    }

    private static Finding needed(boolean there) {
        return only(MachineCheck.needed(List.of(new NeededFile("/h/ops", "a key", there, "restore it"))));
    }

    private static Finding port(boolean ours, String stranger) {
        return MachineCheck.port(new SeenPort(
                        "kafka", 19092, ours, stranger.isEmpty() ? Optional.empty() : Optional.of(stranger)))
                .orElseGet(() -> Finding.well("machine", "port", "nothing to say"));
    }

    private static Finding part(StackCheck.Life life, boolean up) {
        return StackCheck.part("alert", life, up);
    }

    private static Finding backups(Optional<Instant> newest, String failure) {
        return StackCheck.backups(
                newest, failure.isEmpty() ? Optional.empty() : Optional.of(failure), List.of("one"), NOW);
    }

    private static Finding outbox(long depth, Duration still) {
        return BusCheck.outbox("monitor-0", depth, "records", 1000, still);
    }

    private static List<Letter> letters(Duration age) {
        return List.of(new Letter("redfleet.events.v1", "orders", "alert-0", "no JSON", NOW.minus(age), false));
    }
}
