package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.secret.Accounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** A difference as diff -u shows it. */
class TextDiffTest {
    private static final String TEN = numbered(1, 10);

    @Test
    void aChangeHasThreeLinesAroundIt() {
        assertThat(diff(TEN, TEN.replace("line 5\n", "another\n")))
                .containsExactly(
                        "--- /f",
                        "+++ /f",
                        "@@ -2,7 +2,7 @@",
                        " line 2",
                        " line 3",
                        " line 4",
                        "-line 5",
                        "+another",
                        " line 6",
                        " line 7",
                        " line 8");
    }

    @Test
    void whatIsFarApartStandsApartAndWhatIsNearTogether() {
        String long20 = numbered(1, 20);
        assertThat(diff(long20, long20.replace("line 2\n", "").replace("line 9\n", "")))
                .filteredOn(line -> line.startsWith("@@"))
                .containsExactly("@@ -1,12 +1,10 @@");
        assertThat(diff(long20, long20.replace("line 2\n", "").replace("line 10\n", "")))
                .filteredOn(line -> line.startsWith("@@"))
                .containsExactly("@@ -1,5 +1,4 @@", "@@ -7,7 +6,6 @@");
    }

    @Test
    void aFileThatWasEmptyAndOneThatEndsWithoutANewline() {
        assertThat(diff("", "a\n")).containsExactly("--- /f", "+++ /f", "@@ -0,0 +1,1 @@", "+a");
        assertThat(diff("a", "a\n"))
                .containsExactly("--- /f", "+++ /f", "@@ -1,2 +1,1 @@", " a", "-\\ No newline at end of file");
    }

    @Test
    void neitherControlsNorPasswordsAreShown() {
        String before = "a\033[2J\nEnvironment=REDIS_PASSWORD=sesame\nx token: sesame y\n" + "w".repeat(999) + "\n";
        assertThat(diff(before, "b\n"))
                .contains("-a?[2J", "-Environment=REDIS_PASSWORD=***", "-x token: *** y", "-" + "w".repeat(200))
                .noneMatch(line -> line.contains("sesame"));
    }

    @Test
    void whatIsLongIsCutAndWhatIsVeryLongIsOneChange() {
        List<String> shown = diff(numbered(1, 5_000), numbered(10_001, 15_000));
        assertThat(shown).hasSize(201).contains("@@ -1,5000 +1,5000 @@", "-line 1", "... and 9803 lines more");
        assertThat(diff("x\nsame\n" + numbered(1, 900), "y\nsame\n" + numbered(5_001, 5_900)))
                .contains(" same");
        assertThat(diff("x\nsame\n" + numbered(1, 1_001), "y\nsame\n" + numbered(5_001, 6_001)))
                .contains("-same")
                .doesNotContain(" same");
    }

    @Test
    void ofWhatWasNotReadWholeNothingIsShown() {
        String hash = Secret.of("a\n").hash();
        assertThat(TextDiff.of("/f", hash, "a\n", "b\n", Accounts.NONE)).isPresent();
        assertThat(TextDiff.of("/f", hash, "a", "b\n", Accounts.NONE)).isEmpty();
        assertThat(TextDiff.of("/f", hash, "", "b\n", Accounts.NONE)).isEmpty();
        assertThat(TextDiff.of("/f", "", "", "b\n", Accounts.NONE)).isEmpty();
    }

    /** Six equal lines between two changes stand in one hunk: what bears no plus is the one side, what bears no minus the other. */
    @RepeatedTest(200)
    void bothSidesCanBeReadOutOfIt(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<String> before = some(random, "old", "was");
        List<String> after = some(random, "new", "is");
        List<String> shown = diff(text(before), text(after));
        assertThat(shown).filteredOn(line -> line.startsWith("@@")).hasSize(1);
        List<String> body = shown.subList(3, shown.size());
        assertThat(side(body, '+')).isEqualTo(before);
        assertThat(side(body, '-')).isEqualTo(after);
    }

    private static List<String> side(List<String> body, char other) {
        return body.stream()
                .filter(line -> line.charAt(0) != other)
                .map(line -> line.substring(1))
                .toList();
    }

    private static List<String> some(Random random, String first, String last) {
        List<String> lines = new ArrayList<>(List.of(first));
        random.ints(random.nextInt(7), 0, 3).forEach(i -> lines.add("abc".substring(i, i + 1)));
        lines.add(last);
        return lines;
    }

    private static String text(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private static String numbered(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> "line " + i + "\n")
                .collect(Collectors.joining());
    }

    private static List<String> diff(String before, String after) {
        return TextDiff.between("/f", before, after);
    }
}
