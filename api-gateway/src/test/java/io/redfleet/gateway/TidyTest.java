package io.redfleet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The hard stops of size. */
class TidyTest {
    private static final int LONGEST_FILE = 300;
    private static final int LONGEST_LINE = 120;

    @Test
    void noFileAndNoLineIsTooLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        Path sources = Checkout.root().resolve("api-gateway/src");
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                List<String> lines = Files.readAllLines(file);
                if (lines.size() > LONGEST_FILE) {
                    tooLong.add(file.getFileName() + " has " + lines.size() + " lines");
                }
                lines.stream()
                        .filter(line -> line.length() > LONGEST_LINE)
                        .forEach(line -> tooLong.add(file.getFileName() + ": " + line.strip()));
            }
        }
        assertThat(tooLong).isEmpty();
    }
}
