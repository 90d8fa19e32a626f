package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which cuts there are, and what they make of a script. */
class CutTableTest {
    private static final int SEEDS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void everySeedCutsEachStepAndHasEachWayHitEachPartOfAScript() {
        for (long seed = 0; seed < SEEDS; seed++) {
            List<List<Cut>> lives = Cut.lives(seed);
            assertThat(lives).as("seed %d", seed).isEqualTo(Cut.lives(seed));
            Set<CutPoint> before = new HashSet<>();
            Set<CutPoint> starts = new HashSet<>();
            Set<String> pairs = new HashSet<>();
            for (List<Cut> life : lives) {
                assertThat(life).as("seed %d", seed).hasSize(2);
                before.add(life.getFirst().point());
                starts.add(life.getLast().point());
                life.forEach(cut -> pairs.add(cut.how() + " " + cut.where()));
            }
            assertThat(before).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(CutPoint.BEFORE);
            assertThat(starts).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(CutPoint.STARTS);
            assertThat(pairs).as("seed %d", seed).hasSize(9);
        }
    }

    @Test
    void seedsDiffer() {
        Set<List<List<Cut>>> all = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            all.add(Cut.lives(seed));
        }
        assertThat(all).hasSizeGreaterThan(SEEDS / 2);
    }

    @ParameterizedTest
    @EnumSource(CutPoint.class)
    void eachIsOfAScriptThatChangesSomethingAndHasItsCommand(CutPoint point) {
        Script script = Scripts.of(Hands.class, point.script(), PATIENCE, List.of("id", "x" + point.word()));
        assertThat(point.isDoneBy(script)).isTrue();
        assertThat(point.isDoneBy(script.with(List.of("id")))).isFalse();
        for (Cut.Where where : Cut.Where.values()) {
            Cut cut = new Cut(point, point.host(), where, Cut.How.DROPPED);
            assertThat(cut.halting("r9", script)).isSameAs(script);
            Script halting = cut.halting(cut.hostName(), script);
            assertThat(Scripts.body(halting)).isNotEqualTo(Scripts.body(script)).contains("cut_halt");
            assertThat(halting.arguments()).isEqualTo(script.arguments());
        }
        // A setting is cut at its end alone; of a path the script itself does not tell where it begins.
        if (point != CutPoint.SETTING) {
            String said = point.words().endsWith("/")
                    ? point.words().substring(0, point.words().length() - 1)
                    : point.words();
            assertThat(script.text()).contains(point.command() + " ").contains(said);
        }
    }

    /** Where nobody has armed it, it does what it did, and ends as it ended. */
    @ParameterizedTest
    @EnumSource(Cut.Where.class)
    void aScriptThatIsNotHaltedIsAsEver(Cut.Where where) throws Exception {
        String text = Scripts.common()
                + "fenced() { main \"$@\"; }\nmain() { timeout 5 echo \"nft -f $1\"; exit 3; }\nfenced \"$@\" </dev/null\n";
        Script script = new Script(CutPoint.FIREWALL.script(), text, List.of("shut"), PATIENCE);
        Cut cut = new Cut(CutPoint.FIREWALL, 3, where, Cut.How.DROPPED);
        Process shell = new ProcessBuilder("sh", "-s", "--", "shut").start();
        try (OutputStream in = shell.getOutputStream()) {
            in.write(cut.halting("r3", script).text().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(shell.waitFor()).isEqualTo(3);
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("nft -f shut\n");
        assertThat(new String(shell.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
    }
}
