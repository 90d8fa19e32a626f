package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ErrandTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void itsStatusComesBackOnceItHasReadItsInput() throws Exception {
        assertThat(Errand.run(sh("read status; exit $status"), "7\n", LONG)).isEqualTo(OptionalInt.of(7));
        assertThat(Errand.run(sh("exit 0"), "", LONG)).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void whatDoesNotEndInTimeIsEndedWithItsChildren() throws Exception {
        OptionalInt status =
                Errand.run(sh("sleep 60 & echo $! > child; echo $$ > parent; wait"), "", Duration.ofSeconds(2));

        assertThat(status).isEmpty();
        assertThat(life("parent").goesOn()).isFalse();
        assertThat(life("child").goesOn()).isFalse();
    }

    private Life life(String file) throws Exception {
        return Life.of(Long.parseLong(Files.readString(directory.resolve(file)).strip()));
    }

    private ProcessBuilder sh(String script) {
        return new ProcessBuilder("sh", "-c", script).directory(directory.toFile());
    }
}
