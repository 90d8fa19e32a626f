package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.TempDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of raising, with real processes that do nothing and say so quickly. */
class StackTest {
    private final TempDirectory directory = TempDirectory.named("home");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final Ports ports = FreePorts.choose();
    private final RecordedScreen screen = new RecordedScreen();
    private final AtomicBoolean answers = new AtomicBoolean(true);

    @BeforeEach
    void prepare() throws IOException {
        home.prepare();
    }

    @AfterEach
    void endAll() throws Exception {
        Down.run(home, screen.screen());
        directory.close();
    }

    @Test
    void aPartThatEndsAtItsStartIsToldWithItsLastWords() throws Exception {
        Part broken = part("monitor", "1", "echo no such topic; exit 3");
        assertThatThrownBy(() -> stack().raise(List.of(broken)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("monitor has ended")
                .hasMessageContaining("no such topic")
                .hasMessageContaining(home.log("monitor").toString());
    }

    @Test
    void aFailureEndsWhatThisRunStartedAndLeavesWhatRanBefore() throws Exception {
        Part before = part("monitor", "1", "exec sleep 300");
        stack().raise(List.of(before));
        Running kept = running("monitor");

        Stack second = stack();
        Part fresh = part("provisioner", "1", "exec sleep 300");
        Part broken = part("gateway", "1", "exit 1");
        assertThatThrownBy(() -> second.raise(List.of(before, fresh, broken))).isInstanceOf(StartRefused.class);
        Running withdrawn = running("provisioner");
        second.withdraw();
        assertThat(withdrawn.life().goesOn()).isFalse();
        assertThat(Running.all(home.run())).containsExactly(kept);
        assertThat(kept.life().goesOn()).isTrue();
    }

    @Test
    void aPartThatWasBuiltAnewIsStartedAgain() throws Exception {
        stack().raise(List.of(part("monitor", "monday", "exec sleep 300")));
        Running old = running("monitor");
        stack().raise(List.of(part("monitor", "tuesday", "exec sleep 300")));
        assertThat(old.life().goesOn()).isFalse();
        assertThat(running("monitor").build()).isEqualTo("tuesday");
    }

    @Test
    void aPartThatRunsAndDoesNotAnswerIsStartedAgain() throws Exception {
        stack().raise(List.of(part("monitor", "1", "exec sleep 300")));
        Running hung = running("monitor");
        answers.set(false);
        assertThatThrownBy(() -> stack().raise(List.of(part("monitor", "1", "exec sleep 300"))))
                .hasMessageContaining("was not ready within");
        assertThat(hung.life().goesOn()).isFalse();
        assertThat(screen.text()).contains("runs but does not answer: starting it again");
    }

    @Test
    void aStackThatRunsOnOtherPortsIsNotMovedSilently() throws Exception {
        stack().raise(List.of(part("monitor", "1", "exec sleep 300")));
        Part elsewhere = new Part(
                "monitor",
                ports.monitor() + 10,
                "TERM",
                "1",
                Duration.ofSeconds(1),
                () -> new Part.Launch(List.of("sleep", "300"), Map.of()),
                life -> true);
        assertThatThrownBy(() -> stack().raise(List.of(elsewhere)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("already runs on port " + ports.monitor())
                .hasMessageContaining("./redfleet down");
        assertThat(running("monitor").life().goesOn()).isTrue();
    }

    @Test
    void aProcessThatIgnoresTheSignalIsKilledAtItsDeadline() throws Exception {
        stack().raise(List.of(part("monitor", "1", "trap '' TERM; echo trapped; while :; do sleep 0.05; done")));
        Await.until(
                "the trap",
                Duration.ofSeconds(5),
                () -> Detached.lastLines(home.log("monitor"), 1).contains("trapped"));
        Life stubborn = running("monitor").life();
        assertThat(Ending.of(stubborn, "TERM", Duration.ofMillis(200))).isEqualTo(Ending.How.KILLED);
        assertThat(stubborn.goesOn()).isFalse();
    }

    private Stack stack() {
        return new Stack(home, screen.screen());
    }

    private Part part(String name, String build, String script) {
        return new Part(
                name,
                ports.monitor(),
                "TERM",
                build,
                Duration.ofMillis(500),
                () -> new Part.Launch(List.of("sh", "-c", script), Map.of()),
                // As a real probe: what ends at once has not answered.
                life -> answers.get() && script.contains("sleep"));
    }

    private Running running(String part) throws IOException {
        return Running.read(home.run(), part).orElseThrow();
    }
}
