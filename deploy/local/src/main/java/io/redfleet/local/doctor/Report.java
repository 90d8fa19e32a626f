package io.redfleet.local.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All findings of one visit.
 *
 * @param up whether any part of the stack runs
 */
public record Report(boolean up, List<Finding> findings) {
    public Report {
        findings = List.copyOf(findings);
    }

    /** 0 all is well, 1 something is wrong, 3 nothing of the stack runs. */
    public int exit() {
        if (!up) {
            return 3;
        }
        return wrong() == 0 ? 0 : 1;
    }

    public long wrong() {
        return count(Finding.State.WRONG);
    }

    /** As lines for a person: what is wrong with what to do below it. */
    public List<String> lines() {
        int area =
                findings.stream().mapToInt(each -> each.area().length()).max().orElse(0);
        int subject = Math.min(
                40,
                findings.stream()
                        .mapToInt(each -> each.subject().length())
                        .max()
                        .orElse(0));
        List<String> lines = new ArrayList<>();
        for (Finding each : findings) {
            String mark = switch (each.state()) {
                case WELL -> "well  ";
                case WRONG -> "WRONG ";
                case UNSEEN -> "unseen";
            };
            lines.add(mark + "  " + padded(each.area(), area) + "  " + padded(each.subject(), subject) + "  "
                    + each.says());
            if (!each.advice().isEmpty()) {
                lines.add("          -> " + each.advice());
            }
        }
        lines.add("");
        lines.add(summary());
        return lines;
    }

    /** As JSON has it: maps, lists and strings. */
    public Map<String, Object> shown() {
        List<Object> items = new ArrayList<>();
        for (Finding each : findings) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put("area", each.area());
            item.put("subject", each.subject());
            item.put("state", each.state().name());
            item.put("says", each.says());
            item.put("advice", each.advice());
            items.add(item);
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("up", up);
        shown.put("wrong", wrong());
        shown.put("findings", items);
        return shown;
    }

    private String summary() {
        if (!up) {
            return "The stack is down: ./redfleet up starts it. " + wrong()
                    + " wrong among what can be seen without it.";
        }
        String unseen = count(Finding.State.UNSEEN) == 0 ? "" : ", " + count(Finding.State.UNSEEN) + " not to be seen";
        return wrong() == 0
                ? "All is well: " + count(Finding.State.WELL) + " things looked at" + unseen + "."
                : wrong() + " wrong, " + count(Finding.State.WELL) + " well" + unseen + ".";
    }

    private long count(Finding.State state) {
        return findings.stream().filter(each -> each.state() == state).count();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
