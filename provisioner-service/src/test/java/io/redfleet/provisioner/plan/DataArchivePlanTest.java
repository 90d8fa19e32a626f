package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose data is archived, by what three hosts say of their data nodes. */
class DataArchivePlanTest {
    private static final String MINE = "i.redis-server.owner=u1 orders/HOST/redis-server\n";
    private static final String LIVES = "i.redis-server.pid=7\ni.redis-server.ping=PONG\n";

    private final Map<String, String> said = new HashMap<>();
    private ClusterState cluster = Plans.cluster("u1", 1, 1);

    /** Each host has a data node that is a word; {@code none}: there is no directory. */
    @ParameterizedTest(name = "{0}, {1}, {2}: {3}")
    @CsvSource({
        "master, replica, replica, r1",
        "replica, master, replica, r2",
        "master, dead, replica, r1 r2",
        "master, silent, replica, r1 r2",
        "dead, replica, replica, r1 r2 r3",
        "silent, replica, replica, r1 r2 r3",
        "dead, dead, dead, r1 r2 r3",
        "master, master, replica, r1 r2",
        "foreign, replica, replica, r2 r3",
        "none, master, replica, r2",
        "none, none, none, ''",
    })
    void allButReplicasOfAMasterThatAnswersAreArchived(String first, String second, String third, String due) {
        say("r1", first);
        say("r2", second);
        say("r3", third);
        Plan plan = plan(Fate.ARCHIVED);
        List<String> expected = due.isEmpty() ? List.of() : List.of(due.split(" ", -1));
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Archive)
                .extracting(Step::host)
                .containsExactlyElementsOf(expected);
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Erase erase && erase.archived())
                .as("and none of them is removed without")
                .extracting(Step::host)
                .containsExactlyElementsOf(expected);
        for (Fate fate : List.of(Fate.KEPT, Fate.ERASED)) {
            assertThat(plan(fate).steps())
                    .noneMatch(step -> step.action() instanceof Action.Archive
                            || (step.action() instanceof Action.Erase erase && erase.archived()));
        }
    }

    /** {@code save} and {@code appendonly} as CONFIG GET has them. */
    @ParameterizedTest(name = "save {0}, appendonly {1}: {2}")
    @CsvSource({"'', no, true", "'3600 1', no, false", "'', yes, false", "'3600 1', yes, false"})
    void aMasterInMemoryAloneIsToldToSaveBeforeItEnds(String save, String appendonly, boolean told) {
        say("r1", "master");
        say("r2", "replica");
        say("r3", "replica");
        said.merge(
                "r1",
                "i.redis-server.config=save\ni.redis-server.config=" + save
                        + "\ni.redis-server.config=appendonly\ni.redis-server.config=" + appendonly + "\n",
                String::concat);
        List<String> steps = plan(Fate.ARCHIVED).steps().stream().map(Step::id).toList();
        assertThat(steps.contains("r1/redis-server/save")).isEqualTo(told);
        assertThat(steps).doesNotContain("r2/redis-server/save");
        if (told) {
            assertThat(steps.indexOf("r1/redis-server/save")).isLessThan(steps.indexOf("r2/redis-server/stop"));
            assertThat(steps.indexOf("r1/redis-server/save")).isLessThan(steps.indexOf("r1/redis-server/stop"));
        }
        assertThat(plan(Fate.ERASED).steps()).extracting(Step::id).doesNotContain("r1/redis-server/save");
    }

    @Test
    void replicasOfADeadMasterAreToldToSaveTooAndHaveToEndByThemselves() {
        say("r1", "dead");
        say("r2", "replica");
        say("r3", "silent");
        List<Step> steps = plan(Fate.ARCHIVED).steps();
        assertThat(steps)
                .extracting(Step::id)
                .contains("r2/redis-server/save")
                .doesNotContain("r1/redis-server/save", "r3/redis-server/save");
        assertThat(steps)
                .filteredOn(step -> step.action() instanceof Action.Archive archive && archive.lived())
                .extracting(Step::host)
                .containsExactly("r2", "r3");
    }

    /** As where a certificate has ended: TERM would end it, and what it has. */
    @Test
    void oneInMemoryAloneThatCannotBeToldToSaveIsNotStopped() {
        say("r1", "silent");
        say("r2", "dead");
        say("r3", "dead");
        assertThat(plan(Fate.ARCHIVED).obstacles()).as("it saves by itself").isEmpty();
        cluster = Plans.cluster("u1", 1, 1, Map.of("config", Map.of("save", "", "appendonly", "no")));
        Plan plan = plan(Fate.ARCHIVED);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .extracting(Plan.Obstacle::toString)
                .singleElement()
                .asString()
                .startsWith("r1: redis-server: runs, keeps its data in memory alone, and gives no answer");
        assertThat(plan(Fate.ERASED).obstacles()).isEmpty();
    }

    @Test
    void whereThereIsNoRoomNothingIsStopped() {
        say("r1", "master");
        say("r2", "replica");
        say("r3", "replica");
        said.merge("r1", "free=1000\ni.redis-server.info=used_memory:1001\n", String::concat);
        said.merge("r2", "free=1000\ni.redis-server.info=used_memory:1001\n", String::concat);
        Plan plan = plan(Fate.ARCHIVED);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .extracting(Plan.Obstacle::toString)
                .containsExactly(
                        "r1: archive: /base has 1000 bytes free, and what is to be archived takes 1001 in memory:"
                                + " make room, or remove the data without an archive");
        assertThat(plan(Fate.ERASED).obstacles()).isEmpty();
        said.replaceAll((host, text) -> text.replace(":1001", ":1000"));
        assertThat(plan(Fate.ARCHIVED).obstacles()).isEmpty();
    }

    @Test
    void theStepNamesTheDirectoryThatStays() {
        say("r1", "master");
        say("r2", "replica");
        say("r3", "none");
        Plan plan = plan(Fate.ARCHIVED);
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Archive)
                .singleElement()
                .satisfies(step -> assertThat(step.diff())
                        .containsExactly(
                                "+ /base/orders/archive.u1/redis-server-TIME.tar.gz",
                                "+ /base/orders/archive.u1/redis-server-TIME.tar.gz.sha256"));
        assertThat(plan.notes())
                .contains("r1: /base/orders/archive.u1 stays: archives are whoever's who asked for them")
                .contains(
                        "r2: /base stays, with the lease on it and bin, and /base/orders: other clusters work there, or"
                                + " may come")
                .noneMatch(note -> note.startsWith("r3: "));
    }

    private void say(String host, String what) {
        String mine = MINE.replace("HOST", host);
        said.put(
                host,
                switch (what) {
                    case "none" -> "";
                    case "dead" -> mine;
                    case "silent" -> mine + "i.redis-server.pid=7\n";
                    case "foreign" -> mine.replace("u1", "u9") + LIVES + "i.redis-server.info=role:master\n";
                    case "master" -> mine + LIVES + "i.redis-server.info=role:master\n";
                    case "replica" -> mine + LIVES + "i.redis-server.info=role:slave\n";
                    default -> throw new IllegalArgumentException(what);
                });
    }

    private Plan plan(Fate fate) {
        return Decommission.plan(cluster, SaidHosts.survey(cluster, this::said), fate);
    }

    private String said(String host, String script) {
        assertThat(script).isEqualTo("survey");
        return "base=/base\nboot=b\nnow=0\n" + said.get(host) + "end=yes\n";
    }
}
