package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.cli.verb.Exit;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A verb that came to no answer has loaded few of its classes. */
class RehearsalTest {
    @TempDir
    Path home;

    @Test
    @Timeout(60)
    void eachLineComesToItsEnd() throws Exception {
        Map<String, Integer> exits = Rehearsal.run(home);
        assertThat(exits).containsKeys("list", "show orders", "apply -f SPEC --dry-run", "apply -f SPEC --wait");
        assertThat(exits.values()).containsOnly(Exit.DONE);
    }
}
