package io.redfleet.provisioner.edge;

import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of docs/requirements.md, and what of them is proven. */
final class RequirementsPage {
    private static final Pattern ROW =
            Pattern.compile("\\| R(\\d+) \\| [^|]+ \\| (met|in part|not yet|refused|as R\\d+)\\b.*");
    private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w+Test\\b");
    private static final String MET = "met";

    private RequirementsPage() {}

    /**
     * By number the word that says whether it is met; a row that points to another one has that one's.
     *
     * @throws IllegalStateException if a number stands there twice, or its row says none of the words
     */
    static Map<Integer, String> words() throws IOException {
        return words(Files.readAllLines(Checkout.root().resolve("docs/requirements.md")));
    }

    static Map<Integer, String> words(List<String> lines) {
        Map<Integer, String> said = new TreeMap<>();
        for (String line : lines) {
            if (line.startsWith("| R") && Character.isDigit(line.charAt(3))) {
                Matcher row = ROW.matcher(line);
                if (!row.matches()) {
                    throw new IllegalStateException("neither met, in part, not yet, refused nor as another: " + line);
                }
                if (said.put(Integer.valueOf(row.group(1)), row.group(2)) != null) {
                    throw new IllegalStateException("R" + row.group(1) + " stands there twice");
                }
            }
        }
        Map<Integer, String> words = new TreeMap<>();
        said.keySet().forEach(number -> words.put(number, word(said, number)));
        return words;
    }

    private static String word(Map<Integer, String> said, int number) {
        String word = said.getOrDefault(number, "");
        for (int steps = 0; word.startsWith("as R") && steps < said.size(); steps++) {
            word = said.getOrDefault(Integer.valueOf(word.substring(4)), "");
        }
        if (word.isEmpty() || word.startsWith("as R")) {
            throw new IllegalStateException("R" + number + " points to no row that says a word of its own");
        }
        return word;
    }

    /** Requests that are said to be met, though no host is asked and no test is named that has them instead. */
    static List<String> unproven(Map<Integer, String> words, List<HostRequirements.Row> rows) {
        List<String> unproven = new ArrayList<>();
        words.forEach((number, word) -> {
            boolean proven = rows.stream().filter(row -> row.number() == number).anyMatch(row -> switch (row) {
                case HostRequirements.OnHosts hosts -> !hosts.says().isEmpty();
                case HostRequirements.Again again -> true;
                case HostRequirements.Elsewhere elsewhere ->
                    TEST.matcher(elsewhere.why()).find();
            });
            if (word.equals(MET) && !proven) {
                unproven.add("R" + number + " is met, it says, and nothing here shows it");
            }
        });
        return unproven;
    }
}
