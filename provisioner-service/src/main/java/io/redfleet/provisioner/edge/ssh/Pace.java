package io.redfleet.provisioner.edge.ssh;

import io.redfleet.provisioner.survey.Script;
import java.util.List;
import java.util.Optional;

/**
 * Which of several scripts that go together runs now, as far as it is heard, and until when: each has the time that it would have
 * alone, from when the one before is heard to have ended. A host gains nothing by ends that it invents: of those that count there
 * are as many as scripts.
 */
final class Pace {
    private final List<Script> parts;
    private final String mark;
    private final Bounded out;
    /** How much of the output was looked at, and how much of that can hold no end any more. */
    private int seen;

    private int searched;
    private int ended;
    private long deadline;

    /**
     * @param mark what stands in the output behind what each of them has said
     * @param out what is heard of them
     * @param now of a clock in nanoseconds that counts no dates
     */
    Pace(List<Script> parts, String mark, Bounded out, long now) {
        this.parts = List.copyOf(parts);
        this.mark = mark;
        this.out = out;
        this.deadline = now + parts.getFirst().deadline().toNanos();
    }

    /** Of a script that is alone: whatever it says, its time is the same. */
    static Pace alone(Script script, long now) {
        return new Pace(List.of(script), "\n", new Bounded(0), now);
    }

    /** The one that has not ended in its time; empty: there is time left. */
    Optional<Script> late(long now) {
        int before = ended;
        listen();
        Script running = parts.get(Math.min(ended, parts.size() - 1));
        if (ended != before) {
            deadline = now + running.deadline().toNanos();
        }
        return now - deadline > 0 ? Optional.of(running) : Optional.empty();
    }

    private void listen() {
        if (out.size() == seen) {
            return;
        }
        String said = out.raw();
        seen = said.length();
        int at = said.indexOf(mark, searched);
        while (at >= 0 && ended < parts.size()) {
            ended++;
            searched = at + mark.length();
            at = said.indexOf(mark, searched);
        }
        // The next one may have come by half.
        searched = Math.max(searched, seen - mark.length() + 1);
    }
}
