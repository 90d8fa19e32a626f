package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that a reader would otherwise have to remember, held over every source file. */
class TidyTest {
    private static final Path ROOT = Checkout.root();
    private static final int LINES_MAX = 300;

    /** The formatter holds code to 120; comments, which it leaves alone, may run on a little. Tables of tests may be wide. */
    private static final int WIDTH_MAX = 132;

    /** Files that may be longer, each with its reason. */
    private static final Map<String, String> LONGER = Map.of();

    /** Names that hide an idea instead of saying it. */
    private static final Pattern EMPTY_NAME = Pattern.compile(
            "(Impl|Manager|Utils?|Helper|Handler|Processor|Service|Dto|Entity|Vo|Info|Data|Base)\\.java$|/Abstract\\w+\\.java$");

    private static final Pattern LEFT_UNDONE = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    private static final Pattern UNTOLD = Pattern.compile("printStackTrace\\(|StrictHostKeyChecking.*no\\b");

    /** Only what touches the world may ask it for the time, or for chance. */
    private static final Pattern WORLD = Pattern.compile(
            "Instant\\.now\\(\\)|System\\.(nanoTime|currentTimeMillis|getenv)\\(|Thread\\.sleep\\(|new Random\\(\\)|UUID\\.randomUUID\\(");

    @Test
    void noFileHoldsMoreThanOneIdea() {
        assertThat(mainSources()
                        .filter(file -> !LONGER.containsKey(relative(file))
                                && lines(file).size() > LINES_MAX))
                .map(TidyTest::relative)
                .isEmpty();
    }

    @Test
    void noLineRunsOffTheScreen() {
        assertThat(offences(mainSources(), line -> line.length() > WIDTH_MAX)).isEmpty();
    }

    @Test
    void namesSayWhatAThingIs() {
        assertThat(mainSources()
                        .map(TidyTest::relative)
                        .filter(file -> EMPTY_NAME.matcher(file).find()))
                .isEmpty();
    }

    @Test
    void nothingIsLeftUndoneOrUntold() {
        assertThat(offences(
                        mainSources(),
                        line -> LEFT_UNDONE.matcher(line).find()
                                || UNTOLD.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void theCoreOfAServiceIsToldTheTime() {
        assertThat(offences(
                        mainSources().filter(file -> inAServiceCore(relative(file))),
                        line -> WORLD.matcher(line).find()))
                .isEmpty();
    }

    @Test
    void contractsStandOnNothingButTheLanguage() {
        assertThat(offences(
                        mainSources().filter(file -> relative(file).startsWith("contracts/")),
                        line -> line.startsWith("import ")
                                && !line.matches(
                                        "import (static )?(java\\.|org\\.jspecify\\.|io\\.redfleet\\.contracts\\.).*")))
                .isEmpty();
    }

    @Test
    void servicesKnowEachOtherOnlyThroughTheBus() {
        Map<String, String> rooms = Map.of(
                "provisioner-service", "provisioner",
                "monitor-service", "monitor",
                "alert-service", "alert",
                "api-gateway", "gateway");
        rooms.forEach((module, own) -> assertThat(offences(
                        mainSources().filter(file -> relative(file).startsWith(module + "/")),
                        line -> line.matches(
                                        "import (static )?io\\.redfleet\\.(provisioner|monitor|alert|gateway)\\..*")
                                && !line.contains("io.redfleet." + own + ".")))
                .isEmpty());
    }

    @Test
    void everyPackageSaysWhatItDecides() {
        Set<Path> documented = sources()
                .filter(file -> file.endsWith("package-info.java"))
                .map(Path::getParent)
                .collect(Collectors.toSet());
        assertThat(mainSources().map(Path::getParent).distinct().filter(folder -> !documented.contains(folder)))
                .isEmpty();
    }

    private static boolean inAServiceCore(String file) {
        return file.matches("(provisioner-service|monitor-service|alert-service|api-gateway|contracts)/.*")
                && !file.contains("/edge/");
    }

    private static Stream<Path> mainSources() {
        return sources().filter(file -> relative(file).contains("/src/main/java/"));
    }

    private static Stream<Path> sources() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !relative(file).contains("target/"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> offences(Stream<Path> files, java.util.function.Predicate<String> offends) {
        List<String> found = new ArrayList<>();
        files.forEach(file -> {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (offends.test(lines.get(i)) && !relative(file).endsWith("TidyTest.java")) {
                    found.add(
                            relative(file) + ":" + (i + 1) + " " + lines.get(i).strip());
                }
            }
        });
        return found;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String relative(Path file) {
        return ROOT.relativize(file).toString();
    }
}
