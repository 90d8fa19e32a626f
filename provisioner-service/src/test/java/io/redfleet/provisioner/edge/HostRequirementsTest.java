package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No request is forgotten: neither in the document, nor in what hosts are held against. */
class HostRequirementsTest {
    private static final List<Integer> ALL =
            IntStream.rangeClosed(1, 62).boxed().toList();
    private static final Pattern ROW = Pattern.compile("^\\| R(\\d+) \\|");
    private static final Pattern NAMED = Pattern.compile("\\b[A-Z]\\w+Test\\b");
    private static final Path ROOT = Checkout.root();

    @Test
    void theDocumentHasEachRequestOnce() throws IOException {
        List<Integer> rows = Files.readAllLines(ROOT.resolve("docs/requirements.md")).stream()
                .flatMap(line -> ROW.matcher(line).results())
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(ALL);
    }

    @Test
    void eachRequestIsCheckedOnHostsOrSaysWhyNot() {
        assertThat(HostRequirements.rows().stream().map(HostRequirements.Row::number))
                .containsExactlyElementsOf(ALL);
    }

    @Test
    void whatIsSaidToBeMetIsAskedOfHostsOrHasATest() throws IOException {
        Map<Integer, String> words = RequirementsPage.words();
        assertThat(words.keySet()).containsExactlyElementsOf(ALL);
        assertThat(RequirementsPage.unproven(words, HostRequirements.rows())).isEmpty();
    }

    @Test
    void aRowThatNothingShowsIsFound() {
        Map<Integer, String> words = RequirementsPage.words(List.of(
                "| R1 | this | met: so | by | `SomeTest` |",
                "| R2 | that | as R1; more | | |",
                "| R3 | other | refused: it would harm | | |",
                "| R4 | last | met by `tuning` | | |"));
        assertThat(words).isEqualTo(Map.of(1, "met", 2, "met", 3, "refused", 4, "met"));
        List<HostRequirements.Row> rows = List.of(
                new HostRequirements.OnHosts(1, HostRequirements.Where.EVERY, "true", List.of("yes")),
                new HostRequirements.Elsewhere(2, "of no host"),
                new HostRequirements.Elsewhere(4, "of no host: SomeTest"));
        assertThat(RequirementsPage.unproven(words, rows))
                .containsExactly("R2 is met, it says, and nothing here shows it");
        assertThatThrownBy(() -> RequirementsPage.words(List.of("| R1 | this | done | | |")))
                .hasMessageContaining("neither met");
        assertThatThrownBy(() -> RequirementsPage.words(List.of("| R1 | a | as R2 | | |", "| R2 | b | as R1 | | |")))
                .hasMessage("R1 points to no row that says a word of its own");
        assertThatThrownBy(() -> RequirementsPage.words(List.of("| R1 | a | met | | |", "| R1 | a | met | | |")))
                .hasMessage("R1 stands there twice");
    }

    @Test
    void testsThatAreNamedInsteadAreThere() throws IOException {
        Set<String> there = new HashSet<>();
        for (String module : List.of("provisioner-service", "monitor-service", "monitrc", "api-gateway", "cli")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.map(file -> file.getFileName().toString().replace(".java", ""))
                        .forEach(there::add);
            }
        }
        List<String> named = HostRequirements.rows().stream()
                .filter(HostRequirements.Elsewhere.class::isInstance)
                .flatMap(row ->
                        NAMED.matcher(((HostRequirements.Elsewhere) row).why()).results())
                .map(MatchResult::group)
                .toList();
        assertThat(named).isNotEmpty().isSubsetOf(there);
    }
}
