package io.redfleet.cli.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Columns as wide as their widest cell; the last one runs free. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... head) {
        this.head = List.of(head);
    }

    public Table row(String... cells) {
        if (cells.length != head.size()) {
            throw new IllegalStateException("a row of " + cells.length + " under a head of " + head.size());
        }
        rows.add(List.of(cells).stream().map(Table::plain).toList());
        return this;
    }

    /** @param paint applied to a padded cell; it must not change the width that a terminal shows */
    List<String> lines(UnaryOperator<String> paint) {
        int[] widths = new int[head.size()];
        measure(widths, head);
        rows.forEach(row -> measure(widths, row));
        List<String> lines = new ArrayList<>();
        lines.add(line(head, widths, UnaryOperator.identity()));
        rows.forEach(row -> lines.add(line(row, widths, paint)));
        return lines;
    }

    /** One line without control characters: what comes from the fleet must not steer the terminal. */
    static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private static void measure(int[] widths, List<String> row) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
        }
    }

    private static String line(List<String> row, int[] widths, UnaryOperator<String> paint) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            boolean last = i == widths.length - 1;
            String cell = row.get(i);
            String padded = last ? cell : cell + " ".repeat(widths[i] - cell.length());
            line.append(paint.apply(padded)).append(last ? "" : GAP);
        }
        return line.toString().stripTrailing();
    }
}
