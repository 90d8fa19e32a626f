package io.redfleet.provisioner.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/verification.md has the rules as they are. */
class PublishedRulesTest {
    private static final Path PAGE = Path.of("..", "docs", "verification.md");

    @Test
    void thePageHasEveryRuleAndNoOther() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| `[a-z-]+` \\|.*"))
                .toList();
        List<String> rules = Stream.of(Rule.values())
                .map(rule -> "| `" + rule.id() + "` | " + rule.says() + " | " + rule.source() + " | "
                        + (rule.decides() ? "decides" : "told") + " |")
                .toList();
        assertThat(rows).isEqualTo(rules);
    }

    @Test
    void theBoundsThatItNamesAreThoseThatHold() throws IOException {
        assertThat(Files.readString(PAGE))
                .contains(Verification.MOST_FINDINGS + " at most", "at most 1 MB behind", "the last 4 MB");
        assertThat(Files.readString(PAGE)).contains("`SET ... NX PX " + Canary.LIVES.toMillis() + "`");
        assertThat(DataRules.MOST_LAG_BYTES).isEqualTo(1024 * 1024);
    }
}
