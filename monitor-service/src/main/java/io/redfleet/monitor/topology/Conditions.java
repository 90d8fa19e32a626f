package io.redfleet.monitor.topology;

import io.redfleet.monitor.clock.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which conditions have begun, and which of them were told. A condition is told once it has lasted for its hold-off and
 * ended once a snapshot that can tell shows it gone.
 *
 * @param seen by key: since when it has been there without a break, and whether it was told
 */
public record Conditions(Map<String, Seen> seen) {
    public static final Conditions NONE = new Conditions(Map.of());

    public Conditions {
        seen = Map.copyOf(seen);
    }

    public record Seen(Moment since, boolean told) {}

    /** @param after the state after the step; {@code opened} and {@code closed} are to be told */
    public record Step(Conditions after, List<Finding> opened, List<Closed> closed) {}

    public record Closed(String key, Moment since) {}

    public Step step(Assessment assessment, Moment now) {
        Map<String, Seen> next = new HashMap<>(seen);
        List<Finding> opened = new ArrayList<>();
        List<Closed> closed = new ArrayList<>();
        assessment.present().forEach((key, finding) -> {
            Seen before = next.getOrDefault(key, new Seen(now, false));
            boolean due = !before.told() && now.atLeast(finding.holdOff(), before.since());
            if (due) {
                opened.add(finding);
            }
            next.put(key, new Seen(before.since(), before.told() || due));
        });
        seen.forEach((key, before) -> {
            if (!assessment.present().containsKey(key)
                    && !assessment.undecided().contains(key)) {
                next.remove(key);
                if (before.told()) {
                    closed.add(new Closed(key, before.since()));
                }
            }
        });
        return new Step(new Conditions(next), opened, closed);
    }

    /** As a former owner told it. */
    public Conditions remembered(String key, Moment since, boolean open) {
        Map<String, Seen> next = new HashMap<>(seen);
        if (open) {
            next.put(key, new Seen(since, true));
        } else {
            next.remove(key);
        }
        return new Conditions(next);
    }

    public boolean told(String key) {
        Seen known = seen.get(key);
        return known != null && known.told();
    }

    public boolean anyTold() {
        return seen.values().stream().anyMatch(Seen::told);
    }
}
