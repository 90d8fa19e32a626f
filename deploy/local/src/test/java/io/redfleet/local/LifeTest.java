package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Child;
import io.redfleet.testkit.TempDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifeTest {
    @Test
    void aPidThatBelongsToSomebodyElseNowIsNeverSignalled() throws Exception {
        try (TempDirectory directory = TempDirectory.named("life")) {
            Child stranger = sleeper(directory.path());
            var earlier = new Life(stranger.pid(), "another start");
            assertThat(earlier.goesOn()).isFalse();
            assertThat(Ending.of(earlier, "TERM", Duration.ofSeconds(1))).isEqualTo(Ending.How.GONE_BEFORE);
            assertThat(stranger.alive()).isTrue();
            stranger.kill9();
        }
    }

    @Test
    void aStoppedProcessEndsInOrder() throws Exception {
        try (TempDirectory directory = TempDirectory.named("life")) {
            Child child = sleeper(directory.path());
            Life life = Life.of(child.pid());
            child.freeze();
            assertThat(life.goesOn()).isTrue();
            assertThat(Ending.of(life, "TERM", Duration.ofSeconds(5))).isEqualTo(Ending.How.IN_ORDER);
            assertThat(life.goesOn()).isFalse();
        }
    }

    @Test
    void aRecordThatCannotBeReadIsNoRecord() throws Exception {
        try (TempDirectory directory = TempDirectory.named("life")) {
            var written = new Running("kafka", new Life(7, "boot/1"), 19092, "b", "TERM");
            written.write(directory.path());
            assertThat(Running.read(directory.path(), "kafka")).contains(written);
            Files.writeString(directory.path().resolve("kafka.pid"), "half a rec");
            assertThat(Running.read(directory.path(), "kafka")).isEmpty();
            assertThat(Running.all(directory.path())).isEmpty();
        }
    }

    private static Child sleeper(Path directory) {
        return Child.start(List.of("sleep", "60"), directory, directory.resolve("log"));
    }
}
