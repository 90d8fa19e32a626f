package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.secret.Accounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a whole file differs from what it should say, as {@code diff -u} shows it; passwords are masked. */
final class TextDiff {
    /** Lines around a change. */
    private static final int CONTEXT = 3;
    /** Of what lies between a common beginning and a common end: a table of a million numbers. More is shown as one change. */
    private static final int MOST_COMPARED = 1_000;

    private static final int MOST_SHOWN = 200;
    private static final int WIDEST = 200;
    private static final String UNENDED = "\\ No newline at end of file";

    /** What somebody has put into a file by hand is none of the passwords that are known. */
    private static final Pattern SECRET = Pattern.compile(
            "(\\w*(?:pass|passwd|password|secret|token)\\w*\\s*[=:]\\s*)\\S+", Pattern.CASE_INSENSITIVE);

    private TextDiff() {}

    private record Line(char mark, String text) {}

    /**
     * Empty where nobody knows what the file says: it was not read, or was too long, or has changed meanwhile.
     *
     * @param hash SHA-256 of the file, in hex
     * @param text what was read of it
     */
    static Optional<List<String>> of(String path, String hash, String text, String wanted, Accounts accounts) {
        return text.isEmpty() || !Secret.of(text).hash().equals(hash)
                ? Optional.empty()
                : Optional.of(between(path, accounts.masked(text), accounts.masked(wanted)));
    }

    /** Of one that nobody knows the text of. */
    static List<String> unread(String path, boolean present) {
        return present ? List.of("- " + path + ": as it is", "+ " + path) : List.of("+ " + path);
    }

    static List<String> between(String path, String before, String after) {
        List<String> from = lines(before);
        List<String> to = lines(after);
        int most = Math.min(from.size(), to.size());
        int head = 0;
        while (head < most && from.get(head).equals(to.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < most - head && from.get(from.size() - 1 - tail).equals(to.get(to.size() - 1 - tail))) {
            tail++;
        }
        List<Line> all = new ArrayList<>();
        from.subList(0, head).forEach(line -> all.add(new Line(' ', line)));
        change(from.subList(head, from.size() - tail), to.subList(head, to.size() - tail), all);
        from.subList(from.size() - tail, from.size()).forEach(line -> all.add(new Line(' ', line)));
        List<String> shown = new ArrayList<>(List.of("--- " + path, "+++ " + path));
        hunks(all, shown);
        if (shown.size() <= MOST_SHOWN) {
            return shown;
        }
        int more = shown.size() - MOST_SHOWN;
        shown.subList(MOST_SHOWN, shown.size()).clear();
        shown.add("... and " + more + " lines more");
        return shown;
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        } else {
            lines.add(UNENDED);
        }
        return lines;
    }

    /** By the longest sequence of lines that both have. */
    private static void change(List<String> gone, List<String> come, List<Line> all) {
        int i = 0;
        int j = 0;
        if (gone.size() <= MOST_COMPARED && come.size() <= MOST_COMPARED) {
            int[][] common = common(gone, come);
            while (i < gone.size() && j < come.size()) {
                if (gone.get(i).equals(come.get(j))) {
                    all.add(new Line(' ', gone.get(i)));
                    i++;
                    j++;
                } else if (common[i + 1][j] >= common[i][j + 1]) {
                    all.add(new Line('-', gone.get(i)));
                    i++;
                } else {
                    all.add(new Line('+', come.get(j)));
                    j++;
                }
            }
        }
        gone.subList(i, gone.size()).forEach(line -> all.add(new Line('-', line)));
        come.subList(j, come.size()).forEach(line -> all.add(new Line('+', line)));
    }

    /** How long that sequence is at most, of what is left of both from each pair of lines on. */
    private static int[][] common(List<String> gone, List<String> come) {
        int[][] common = new int[gone.size() + 1][come.size() + 1];
        for (int i = gone.size() - 1; i >= 0; i--) {
            for (int j = come.size() - 1; j >= 0; j--) {
                common[i][j] = gone.get(i).equals(come.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private static void hunks(List<Line> all, List<String> shown) {
        int end = 0;
        int first = changed(all, 0);
        while (first < all.size()) {
            int start = Math.max(end, first - CONTEXT);
            int last = first;
            int next = changed(all, last + 1);
            while (next < all.size() && next - last - 1 <= 2 * CONTEXT) {
                last = next;
                next = changed(all, last + 1);
            }
            end = Math.min(all.size(), last + 1 + CONTEXT);
            shown.add("@@ -" + range(all, start, end, '+') + " +" + range(all, start, end, '-') + " @@");
            all.subList(start, end).forEach(line -> shown.add(line.mark() + printable(line.text())));
            first = next;
        }
    }

    /** The first change from there on; the end if there is none. */
    private static int changed(List<Line> all, int from) {
        int at = from;
        while (at < all.size() && all.get(at).mark() == ' ') {
            at++;
        }
        return at;
    }

    /** @param other the mark of what that side has not */
    private static String range(List<Line> all, int start, int end, char other) {
        long before = all.subList(0, start).stream()
                .filter(line -> line.mark() != other)
                .count();
        long count = all.subList(start, end).stream()
                .filter(line -> line.mark() != other)
                .count();
        return (count == 0 ? before : before + 1) + "," + count;
    }

    private static String printable(String line) {
        String plain = line.substring(0, Math.min(line.length(), WIDEST)).replaceAll("[^ -~\t]", "?");
        return SECRET.matcher(plain).replaceAll("$1***");
    }
}
