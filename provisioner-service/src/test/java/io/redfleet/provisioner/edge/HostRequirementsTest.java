package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
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
