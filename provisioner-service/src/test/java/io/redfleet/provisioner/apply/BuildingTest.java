package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.TreeAction;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.BuildJob;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is done for what a build host says, one word after the other. */
class BuildingTest {
    private static final String SOURCE = "0123456789abcdef".repeat(4);
    private static final String BUILT = "b".repeat(64);
    private static final String FILE = "redis_8.0.2.orig.tar.gz";
    private static final String ORIGIN = "8.0.2-" + SOURCE + "-process";
    private static final String ARCHIVE = "redis-" + ORIGIN + "-x86_64-glibc2.41.tar.gz";
    private static final String MADE = "made " + BUILT + " 4711 " + ARCHIVE;
    private static final String LOST = "lost";

    /** What the host says to each question; the last one again and again. */
    private final Deque<String> says = new ArrayDeque<>();

    private final List<String> done = new ArrayList<>();
    private Freight.Weight weight = new Freight.Load(FILE, 3000, SOURCE);
    private String fetched = "0";
    /** From which question on it is cancelled. */
    private int cancelledAt = Integer.MAX_VALUE;
    /** From which question on the work is another's. */
    private int lostAt = Integer.MAX_VALUE;

    private int pauses;

    /** What the host says, the verbs that it was asked, and words of what came of it; a C is a success. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MADE                                         | poll fetch                                              | C has come, with sha256 bbbb
            gone, started, running 3, MADE               | poll start poll poll fetch                              | C has come
            running 9, running 14, MADE                  | poll poll poll fetch                                    | C has come
            gone, busy, running 9, gone, started, MADE   | poll start poll poll start poll fetch                   | C has come
            gone, busy, running 9, failed it was stopped, started, MADE | poll start poll poll start poll fetch | C has come
            failed make has failed, started, MADE        | poll start poll fetch                                   | C has come
            gone, started, running 3, failed make bad    | poll start poll poll                                    | F failed make bad
            gone, started, gone, started, MADE           | poll start poll start poll fetch                        | C has come
            lost, running 3, lost, lost, MADE            | poll poll poll poll poll fetch                          | C has come
            gone, lost, running 3, MADE                  | poll start poll poll fetch                              | C has come
            no, MADE                                     | poll                                                    | F it says no
            rubbish, MADE                                | poll                                                    | F rubbish
            made abc 4711 x.tar.gz, MADE                 | poll                                                    | F names no archive
            """)
    void aBuildComesToItsEnd(String words, String verbs, String end) {
        say(words.split(", ", -1));
        StepResult result = perform();
        assertThat(verbs()).isEqualTo(verbs);
        assertThat(result instanceof StepResult.Failed ? "F " : "C ").isEqualTo(end.substring(0, 2));
        assertThat(result.detail()).contains(end.substring(2));
    }

    @Test
    void aSourceIsSentWithAllThatDecidesWhatComesOfIt() {
        say("gone", "started", MADE);
        perform();
        assertThat(done.get(1))
                .isEqualTo("redfleet-build start " + ORIGIN + " u1 8.0.2 " + SOURCE + " 3000 no 2400 < " + FILE);
        assertThat(done.getLast()).isEqualTo("redfleet-build fetch " + ORIGIN + " > " + ARCHIVE + " 4711 " + BUILT);
    }

    @Test
    void aSourceThatIsMissingOrAnotherIsNotSent() {
        weight = new Freight.Missing("there is none");
        say("gone");
        failed("nothing was sent: there is none");
        weight = new Freight.Load(FILE, 3000, "f".repeat(64));
        say("gone");
        failed("nothing was sent: " + FILE + " has sha256 " + "f".repeat(64));
        assertThat(verbs()).isEqualTo("poll poll");
    }

    @Test
    void whoBeginsAgainAndAgainGivesUp() {
        say("gone");
        failed("was begun 5 times, and ended each time without a word");
    }

    @Test
    void whatNeverEndsIsNotWaitedForWithoutEnd() {
        say("running 5");
        failed("has not ended, and goes on there: apply again");
        assertThat(done.size()).isLessThan(1300);
    }

    @Test
    void whoIsSilentIsAskedForAMinute() {
        say(LOST);
        failed("the connection was lost; a build that has begun goes on there: apply again");
        assertThat(done).hasSize(12);
        assertThat(pauses).as("between two questions").isEqualTo(11);
        done.clear();
        pauses = 0;
        // Eleven silences each time.
        List<String> words = new ArrayList<>();
        for (String answer : List.of("gone", "started", "running 5", "MADE")) {
            words.addAll(Collections.nCopies(11, LOST));
            words.add(answer);
        }
        say(words.toArray(String[]::new));
        assertThat(perform()).isInstanceOf(StepResult.Changed.class);
        assertThat(pauses).isEqualTo(44);
    }

    @Test
    void whoIsCancelledWhileTheHostIsSilentWaitsNoLonger() {
        cancelledAt = 3;
        say(LOST, LOST, LOST, "changed");
        failed("cancelled: the build was stopped");
        assertThat(verbs()).isEqualTo("poll poll poll stop");
        assertThat(pauses).isEqualTo(2);
    }

    /** What the host says last, and what it was asked by then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gone, started, running 3 | poll start poll
            gone                     | poll
            running 3                | poll
            lost                     | poll
            """)
    void whatIsAnothersToWaitForIsNeitherStoppedNorBegun(String words, String verbs) {
        say(words.split(", ", -1));
        lostAt = verbs.split(" ", -1).length;
        // Whoever loses the work is told to stop, too.
        cancelledAt = lostAt;
        failed("the work belongs to another; the build goes on there");
        assertThat(verbs()).isEqualTo(verbs);
    }

    @Test
    void underALeaseNothingIsBuilt() {
        say("gone");
        assertThatThrownBy(() -> new Unpacking(hosts, freight).perform(action(), (via, shown, words) -> {
                    throw new AssertionError("no host of the cluster builds");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("builds under no lease");
        assertThat(done).isEmpty();
    }

    @Test
    void anArchiveOfAnotherOriginIsNotFetched() {
        say("made " + BUILT + " 4711 " + ARCHIVE.replace("process", "systemd"));
        failed("which is not what was asked for");
        assertThat(verbs()).isEqualTo("poll");
    }

    @Test
    void whatDoesNotComeWholeIsAFailure() {
        say(MADE);
        fetched = "is not kept any more";
        failed("is not kept any more");
    }

    @Test
    void whoIsCancelledStopsTheBuildThatIsItsOwn() {
        cancelledAt = 3;
        say("gone", "started", "running 5", "changed");
        failed("cancelled: the build was stopped");
        assertThat(verbs()).isEqualTo("poll start poll stop");
        assertThat(done.getLast()).isEqualTo("redfleet-build stop " + ORIGIN + " u1");

        done.clear();
        cancelledAt = 0;
        say("running 5", "unchanged");
        failed("cancelled: what is built there goes on: unchanged");
        done.clear();
        say("gone");
        failed("cancelled before it began");
        assertThat(verbs()).isEqualTo("poll");
    }

    private void failed(String reason) {
        assertThat(perform())
                .isInstanceOfSatisfying(
                        StepResult.Failed.class,
                        failed -> assertThat(failed.detail())
                                .startsWith("build (builder@10.9.9.9:22): ")
                                .contains(reason));
    }

    private StepResult perform() {
        int[] questions = {0};
        return new Building(hosts, freight, () -> pauses++)
                .perform(action(), () -> questions[0]++ >= cancelledAt - 1, () -> questions[0] >= lostAt);
    }

    private void say(String... words) {
        says.clear();
        says.addAll(Arrays.asList(words));
    }

    private String verbs() {
        return String.join(
                " ", done.stream().map(line -> line.split(" ", -1)[1]).toList());
    }

    private Reply answer(String asked) {
        done.add(asked);
        String word = says.size() > 1 ? says.removeFirst() : says.getFirst();
        return switch (word) {
            case LOST -> new Reply.Failed(Trouble.DROPPED, "the connection was lost");
            case "no" -> new Reply.Done(1, "", "it says no");
            case "MADE" -> new Reply.Done(0, MADE + "\n", "");
            default -> new Reply.Done(0, word + "\n", "");
        };
    }

    private static TreeAction.Build action() {
        Map<String, Object> host = Map.of("address", "10.9.9.9", "ssh", Map.of("user", "builder"));
        Map<String, Object> source = Map.of("file", FILE, "sha256", SOURCE, "buildHost", host);
        Map<String, Object> spec = Map.of(
                "redis", Map.of("install", "source", "version", "8.0.2", "source", source),
                "sentinel", Map.of("allowWeakQuorum", true),
                "hosts", List.of(Map.of("name", "r1", "address", "10.0.0.11")));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        ClusterSpec read = ((SpecReader.Good) reading).spec();
        Place place = Place.of(read, new InstanceId("r1/redis-server"), Login.NONE);
        return new TreeAction.Build(
                place, "/base", "u1", "orders", "", BuildJob.of(read).orElseThrow());
    }

    private final Hosts hosts = new Hosts() {
        @Override
        public Reply run(HostAccess access, Script script) {
            return answer(String.join(" ", script.arguments()));
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            throw new AssertionError("nothing is written");
        }

        @Override
        public String fingerprint(HostAccess access) {
            return "";
        }
    };

    private final Freight freight = new Freight() {
        @Override
        public Weight weigh(String artefact) {
            assertThat(artefact).isEqualTo(FILE);
            return weight;
        }

        @Override
        public Reply send(HostAccess access, Script script, Load load) {
            return answer(String.join(" ", script.arguments()) + " < " + load.artefact());
        }

        @Override
        public Reply fetch(HostAccess access, Script script, Load wanted) {
            done.add(String.join(" ", script.arguments()) + " > " + wanted.artefact() + " " + wanted.bytes() + " "
                    + wanted.sha256());
            return fetched.equals("0") ? new Reply.Done(0, "", "") : new Reply.Done(1, "", fetched);
        }
    };
}
