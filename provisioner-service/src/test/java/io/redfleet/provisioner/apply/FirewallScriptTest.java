package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.provisioner.firewall.FilterFile;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.tuning.HostFiles;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** firewall.sh and filter.sh with a real shell, on a directory that looks like a machine, which has a nft that only remembers. */
@Timeout(120)
class FirewallScriptTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final String TABLE = "redfleet_orders";
    private static final String RULES = "etc/redfleet/firewall-orders.nft";
    private static final String UNIT = "etc/systemd/system/redfleet-orders.firewall.service";
    private static final String LINK = "etc/systemd/system/sysinit.target.wants/redfleet-orders.firewall.service";
    private static final String NOTES = "var/lib/redfleet-host/firewall-orders";
    private static final Duration SOON = Duration.ofSeconds(20);
    /** Longer than any test: nothing is taken away. */
    private static final String LONG = "600";

    @TempDir
    Path base;

    @TempDir
    Path root;

    private FakeNft nft;
    private LeaseProcess lease;

    @BeforeEach
    void aMachine() throws IOException {
        nft = new FakeNft(root);
        Files.createDirectories(root.resolve("run"));
        lease = LeaseProcess.start(base, "lease-1", 60);
        assertThat(lease.beat()).startsWith("held");
    }

    @AfterEach
    void itIsGivenBack() throws Exception {
        // A watchman ends where nothing waits any more.
        ran("u1", "open");
        lease.close();
    }

    @Test
    void aTableThatIsKeptIsLoadedNowAndAtBootAndASecondTimeNothingIs() throws Exception {
        assertThat(shut("t1", LONG, "a")).isEqualTo("0 waits for 600 s\nchanged");
        assertThat(table().lines()).contains("a");
        assertThat(root.resolve(RULES)).as("not before it is kept").doesNotExist();
        assertThat(root.resolve(LINK)).doesNotExist();
        assertThat(surveyed()).contains("firewall.waiting=yes", "firewall.nft=yes");
        assertThat(looked()).as("root is asked then").contains("systemd.firewall=yes");

        assertThat(ran("u1", "keep", "t1")).isEqualTo("0 changed");

        assertThat(Files.readAllLines(root.resolve(RULES))).isEqualTo(rules("u1", "a"));
        assertThat(Files.readAllLines(root.resolve(UNIT))).isEqualTo(unit("u1"));
        assertThat(root.resolve(LINK).toRealPath()).isEqualTo(root.resolve(UNIT).toRealPath());
        for (String path : List.of(RULES, UNIT, NOTES)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path))))
                    .as(path)
                    .isEqualTo("rw-r--r--");
        }
        assertThat(shut("t2", LONG, "a")).isEqualTo("0 unchanged");
        List<String> seen = surveyed();
        assertThat(seen)
                .contains(
                        "firewall.owner=/" + RULES + " u1",
                        "firewall.owner=/" + UNIT + " u1",
                        "firewall.owner=/" + NOTES + " u1",
                        "firewall.rules=" + HostFiles.hash(rules("u1", "a")),
                        "firewall.unit=" + HostFiles.hash(unit("u1")),
                        "firewall.enabled=yes",
                        "firewall.end=yes")
                .noneMatch(line -> line.startsWith("firewall.waiting"));
        assertThat(value(seen, "noted")).isNotEmpty().isEqualTo(value(seen, "listed"));
    }

    @Test
    @Execution(CONCURRENT)
    void whereNoWordComesTheHostTakesTheTableAwayByItself() throws Exception {
        assertThat(shut("t1", "1", "a")).startsWith("0 waits");
        Await.until("gone", SOON, () -> tables().isEmpty());
        Await.until("nothing waits", SOON, () -> !Files.exists(root.resolve("run/redfleet-firewall-orders")));
        assertThat(ran("u1", "keep", "t1")).startsWith("1 ").contains("waits no more");
        assertThat(root.resolve(RULES)).doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    void whatWasKeptBeforeComesBackWhereNoWordComes() throws Exception {
        shut("t1", LONG, "a");
        ran("u1", "keep", "t1");
        assertThat(shut("t2", "1", "b")).startsWith("0 waits");
        Await.until("as before", SOON, () -> table().lines().anyMatch("a"::equals));
        assertThat(Files.readAllLines(root.resolve(RULES))).isEqualTo(rules("u1", "a"));
    }

    @Test
    @Execution(CONCURRENT)
    void theWatchmanOfWhatWaitedBeforeLeavesWhatWaitsNowAlone() throws Exception {
        shut("t1", "1", "a");
        assertThat(shut("t2", LONG, "b")).startsWith("0 waits");
        Await.moment(Duration.ofSeconds(3));
        assertThat(table().lines()).contains("b");
        assertThat(ran("u1", "keep", "t2")).isEqualTo("0 changed");
    }

    @Test
    void whatWaitsIsTakenAwayAtAWord() throws Exception {
        shut("t1", LONG, "a");
        assertThat(ran("u1", "undo", "t0")).as("another's word").isEqualTo("0 unchanged");
        assertThat(table().lines()).contains("a");
        assertThat(ran("u1", "undo", "t1")).isEqualTo("0 changed");
        assertThat(tables()).isEmpty();
        assertThat(ran("u1", "undo", "t1")).isEqualTo("0 unchanged");
    }

    @Test
    void whatWaitsIsPutBackWhoeverBeganItBeforeAnotherIsTried() throws Exception {
        assertThat(ran("u1", "lapse")).isEqualTo("0 unchanged");
        shut("t1", LONG, "a");
        assertThat(ran("u1", "lapse")).isEqualTo("0 changed");
        assertThat(tables()).isEmpty();
        assertThat(ran("u1", "keep", "t1")).startsWith("1 ").contains("waits no more");

        shut("t2", LONG, "a");
        ran("u1", "keep", "t2");
        shut("t3", LONG, "b");
        assertThat(table().lines()).contains("b");
        assertThat(ran("u1", "lapse")).isEqualTo("0 changed");
        assertThat(table().lines()).contains("a").doesNotContain("b");
        assertThat(root.resolve("run/redfleet-firewall-orders")).doesNotExist();
        assertThat(ran("u1", "lapse")).isEqualTo("0 unchanged");
    }

    @Test
    void aWordToKeepThatFailsAfterTheRulesAreWrittenSaysThatTheyStay() throws Exception {
        shut("t1", LONG, "a");
        Path inTheWay = Files.createDirectories(root.resolve(UNIT + ".new"));
        assertThat(ran("u1", "keep", "t1"))
                .startsWith("1 ")
                .contains("cannot be written")
                .endsWith("its rules are written and the table stays: apply again");
        assertThat(ran("u1", "lapse")).as("as the watchman does it").isEqualTo("0 changed");
        assertThat(table().lines()).contains("a");

        Files.delete(inTheWay);
        assertThat(shut("t2", LONG, "a")).as("all of it is not there").startsWith("0 waits");
        assertThat(ran("u1", "keep", "t2")).isEqualTo("0 changed");
        assertThat(shut("t3", LONG, "a")).isEqualTo("0 unchanged");
    }

    @Test
    void aMarkIsReplacedWholeSoThatNoneIsEverHalfWritten() throws Exception {
        Path mark = root.resolve("run/redfleet-firewall-orders/owner");
        write("run/redfleet-firewall-orders/owner", HostFiles.MARK + "u1");
        Path before = Files.createLink(root.resolve("before"), mark);
        assertThat(shut("t1", LONG, "a")).startsWith("0 waits");
        assertThat(Files.readAllLines(mark)).containsExactly(HostFiles.MARK + "u1");
        assertThat(Files.isSameFile(before, mark))
                .as("written over in its place")
                .isFalse();
    }

    @Test
    void rulesThatNftRefusesChangeNothing() throws Exception {
        assertThat(shut("t1", LONG, "a\nnonsense")).startsWith("1 ").contains("syntax error, unexpected string");
        assertThat(tables()).isEmpty();
        assertThat(surveyed()).noneMatch(line -> line.startsWith("firewall.waiting"));
        assertThat(nft.calls()).noneMatch(call -> call.startsWith("-f"));
    }

    @Test
    void aTableThatSomebodyChangedOrThrewAwayIsSeenAndLoadedAnew() throws Exception {
        shut("t1", LONG, "a");
        ran("u1", "keep", "t1");
        nft.load(TABLE, "table inet redfleet_orders { }");
        List<String> seen = surveyed();
        assertThat(value(seen, "listed")).isNotEmpty().isNotEqualTo(value(seen, "noted"));
        assertThat(shut("t2", LONG, "a")).startsWith("0 waits");
        assertThat(ran("u1", "keep", "t2")).isEqualTo("0 changed");
        nft.flush();
        assertThat(value(surveyed(), "listed")).isEmpty();
        assertThat(shut("t3", LONG, "a")).startsWith("0 waits");
        assertThat(ran("u1", "keep", "t3")).isEqualTo("0 changed");
        assertThat(table().lines()).contains("a");
    }

    @Test
    void theEndLeavesNothingOfOursAndEverythingOfOthers() throws Exception {
        nft.load("filter", "theirs");
        shut("t1", LONG, "a");
        ran("u1", "keep", "t1");
        assertThat(ran("u1", "open")).isEqualTo("0 changed");
        assertThat(tables()).containsExactly("filter");
        assertThat(nft.table("filter")).isEqualTo("theirs");
        assertThat(looked()).doesNotContain("systemd.firewall=yes");
        for (String path : List.of(RULES, UNIT, LINK, NOTES, "run/redfleet-firewall-orders")) {
            assertThat(root.resolve(path)).as(path).doesNotExist();
        }
        assertThat(ran("u1", "open")).isEqualTo("0 unchanged");
        assertThat(surveyed()).noneMatch(line -> line.startsWith("firewall.owner="));
    }

    @Test
    void aTableOfTheNameThatNobodyOfOursMadeIsLeftAsItIs() throws Exception {
        nft.load(TABLE, "theirs");
        assertThat(shut("t1", LONG, "a")).startsWith("1 ").contains("was not made by Redfleet and is left as it is");
        assertThat(ran("u1", "open")).startsWith("1 ");
        assertThat(table()).isEqualTo("theirs");
        assertThat(value(surveyed(), "listed")).isNotEmpty();
        nft.flush();
    }

    @Test
    void whatBearsAnothersMarkOrNoneIsNeitherWrittenOverNorRemoved() throws Exception {
        write(UNIT, "[Unit]");
        assertThat(shut("t1", LONG, "a")).startsWith("1 ").contains("firewall.service was not made by Redfleet");
        assertThat(Files.readString(root.resolve(UNIT))).isEqualTo("[Unit]\n");
        Files.delete(root.resolve(UNIT));

        shut("t1", LONG, "a");
        ran("u1", "keep", "t1");
        for (String[] words : List.of(
                new String[] {"open"}, new String[] {"lapse"}, new String[] {"undo", "t1"}, new String[] {"keep", "t1"
                })) {
            assertThat(ran("u2", words)).startsWith("1 ").contains("belongs to the cluster of uid u1");
        }
        assertThat(table().lines()).contains("a");
    }

    @Test
    void aHostThatCannotFilterSaysSoAndNothingIsWritten() throws Exception {
        nft.breakDown();
        assertThat(shut("t1", LONG, "a")).startsWith("1 nft list tables: ").contains("Operation not permitted");
        assertThat(value(surveyed(), "trouble")).contains("Operation not permitted");
        Files.delete(root.resolve("usr/sbin/nft"));
        assertThat(shut("t1", LONG, "a")).startsWith("1 there is no ").endsWith("install the package nftables");
        assertThat(surveyed()).noneMatch(line -> line.startsWith("firewall.nft"));
        assertThat(root.resolve("etc")).doesNotExist();
    }

    @Test
    void withoutTheLeaseNothingIsDone() throws Exception {
        assertThat(said("lease-2", words("u1", "open"))).startsWith("1 fenced off");
        assertThat(nft.calls()).isEmpty();
    }

    private String shut(String token, String seconds, String rule) throws Exception {
        List<String> words = new ArrayList<>(List.of("shut", token, seconds));
        words.addAll(rules("u1", rule));
        words.add("--");
        words.addAll(unit("u1"));
        return ran("u1", words.toArray(String[]::new));
    }

    /** As long as they begin as ours do, what they say is nft's to judge. */
    private static List<String> rules(String owner, String rule) {
        List<String> lines = new ArrayList<>(List.of(
                HostFiles.MARK + owner,
                "table inet " + TABLE,
                "delete table inet " + TABLE,
                "table inet " + TABLE + " {"));
        lines.addAll(List.of(rule.split("\n", -1)));
        lines.add("}");
        return lines;
    }

    private static List<String> unit(String owner) {
        return FilterFile.unit(new ClusterUid(owner), ORDERS);
    }

    private String ran(String owner, String... more) throws Exception {
        return said("lease-1", words(owner, more));
    }

    private List<String> words(String owner, String... more) {
        List<String> words = new ArrayList<>(List.of(root.toString(), owner, ORDERS.value()));
        words.addAll(List.of(more));
        return words;
    }

    private String said(String holder, List<String> words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(base.toString(), holder, "0"));
        arguments.addAll(words);
        return shell(Scripts.of(Hands.class, "firewall", Duration.ofSeconds(30), arguments));
    }

    private List<String> surveyed() throws Exception {
        List<String> arguments = List.of(root.toString(), ORDERS.value());
        String said = shell(Scripts.of(Surveyor.class, "filter", Duration.ofSeconds(30), arguments));
        return said.substring(2).lines().toList();
    }

    /** What units.sh says, which anybody may run. */
    private String looked() throws Exception {
        List<String> arguments = List.of(root + "/etc/systemd/system", ORDERS.value());
        return shell(Scripts.of(Surveyor.class, "units", Duration.ofSeconds(30), arguments));
    }

    private static String value(List<String> lines, String key) {
        String start = "firewall." + key + "=";
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElse("");
    }

    /** The exit status, and what was said. */
    private static String shell(Script script) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(40, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }

    private void write(String path, String line) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, line + "\n");
    }

    private String table() {
        try {
            return nft.table(TABLE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> tables() {
        try {
            return nft.tables();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
