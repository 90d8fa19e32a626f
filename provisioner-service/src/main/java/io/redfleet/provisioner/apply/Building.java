package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.TreeAction;
import io.redfleet.provisioner.survey.BuildJob;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Has {@code build.sh} build an archive, waits for it, and brings it home.
 *
 * <p>The build does not hang on the connection: whoever comes later finds it going on, done, or gone without a trace. Time passes
 * on the build host, which answers a question after five seconds at most, and in a pause after each that it does not answer.
 */
final class Building {
    private static final Duration ASK = Duration.ofSeconds(90);
    /** Ten minutes to receive a source, and some to compare it. */
    private static final Duration SEND = Duration.ofMinutes(15);
    /** The largest archive on a slow line. */
    private static final Duration FETCH = Duration.ofMinutes(20);
    /** How long make may take: some ten times what two cores need. */
    private static final long MAKE_SECONDS = 2400;
    /** Five seconds each: for another's build, and then for ours. */
    private static final int MOST_QUESTIONS = 1200;
    /** Each after one that is gone without a trace or was stopped, or another's that was in the way. */
    private static final int MOST_STARTS = 5;
    /** One after the other, with a pause between two: about a minute, in which a host comes back that was too busy to answer. */
    private static final int MOST_SILENCES = 12;

    /** What the script says first of a build that somebody has stopped. */
    private static final String STOPPED = "failed it was stopped";

    private final Hosts hosts;
    private final Freight freight;
    private final Runnable pause;

    /** @param pause some seconds, before a build host that was silent is asked again */
    Building(Hosts hosts, Freight freight, Runnable pause) {
        this.hosts = hosts;
        this.freight = freight;
        this.pause = pause;
    }

    /**
     * @param cancelled ends a build that this cluster has begun; one that another began goes on
     * @param lost the work is another's by now, who waits for the same build: it goes on
     */
    StepResult perform(TreeAction.Build it, BooleanSupplier cancelled, BooleanSupplier lost) {
        BuildJob job = it.job();
        int starts = 0;
        int silences = 0;
        Reply said = poll(job);
        // What failed before is no reason not to try again.
        boolean begun = false;
        for (int question = 0; question < MOST_QUESTIONS; question++) {
            String word = word(said);
            if (word.equals("made")) {
                return fetched(job, said);
            }
            boolean over = cancelled.getAsBoolean();
            // Looked at after that: who loses the work is told to stop as if a person had cancelled it.
            if (lost.getAsBoolean()) {
                return failed(job, "the work belongs to another; the build goes on there");
            }
            switch (word) {
                case "running", "started", "busy" -> {
                    begun = true;
                    silences = 0;
                    if (over) {
                        return stopped(it);
                    }
                    said = poll(job);
                }
                case "failed", "gone" -> {
                    silences = 0;
                    if (begun && word.equals("failed") && !told(said).startsWith(STOPPED)) {
                        return failed(job, told(said));
                    }
                    if (over) {
                        return failed(job, "cancelled before it began");
                    }
                    if (starts == MOST_STARTS) {
                        return failed(job, "was begun " + starts + " times, and ended each time without a word");
                    }
                    starts++;
                    said = start(it);
                }
                default -> {
                    if (said instanceof Reply.Done) {
                        return failed(job, told(said));
                    }
                    if (over) {
                        return stopped(it);
                    }
                    silences++;
                    if (silences == MOST_SILENCES) {
                        return failed(job, told(said) + "; a build that has begun goes on there: apply again");
                    }
                    pause.run();
                    said = poll(job);
                }
            }
        }
        return failed(job, "has not ended, and goes on there: apply again");
    }

    private Reply poll(BuildJob job) {
        return hosts.run(job.access(), job.script("poll", ASK, List.of()));
    }

    /** A source that is not the one that is wanted is not sent; that is told as if the host had. */
    private Reply start(TreeAction.Build it) {
        BuildJob job = it.job();
        Freight.Weight weight = freight.weigh(job.source().file());
        Optional<String> reason = job.notSent(weight);
        if (reason.isPresent() || !(weight instanceof Freight.Load load)) {
            return new Reply.Done(1, "", "nothing was sent: " + reason.orElse("nothing was weighed"));
        }
        List<String> words = List.of(
                it.owner(),
                job.origin().version(),
                load.sha256(),
                "" + load.bytes(),
                job.origin().systemd() ? "yes" : "no",
                "" + MAKE_SECONDS);
        return freight.send(job.access(), job.script("start", SEND, words), load);
    }

    private StepResult fetched(BuildJob job, Reply said) {
        Optional<Freight.Load> made = made(said);
        if (made.isEmpty()) {
            return failed(job, "says " + told(said) + ", which names no archive");
        }
        Freight.Load load = made.get();
        if (!load.artefact().startsWith(job.origin().prefix())) {
            return failed(job, "offers " + load.artefact() + ", which is not what was asked for");
        }
        Reply reply = freight.fetch(job.access(), job.script("fetch", FETCH, List.of()), load);
        return reply instanceof Reply.Done done && done.ok()
                ? new StepResult.Changed(load.artefact() + " has come, with sha256 " + load.sha256() + "; changed")
                : failed(job, told(reply));
    }

    private StepResult stopped(TreeAction.Build it) {
        BuildJob job = it.job();
        Reply reply = hosts.run(job.access(), job.script("stop", ASK, List.of(it.owner())));
        boolean ours = word(reply).equals("changed");
        String went = ours ? "the build was stopped" : "what is built there goes on: " + told(reply);
        return failed(job, "cancelled: " + went);
    }

    /** The first word of what the script says; none of a script that failed, or that nobody heard of. */
    private static String word(Reply reply) {
        if (!(reply instanceof Reply.Done done) || !done.ok()) {
            return "";
        }
        String out = done.out().strip();
        int end = 0;
        while (end < out.length() && !Character.isWhitespace(out.charAt(end))) {
            end++;
        }
        return out.substring(0, end);
    }

    private static Optional<Freight.Load> made(Reply said) {
        String[] words = told(said).split(" ", -1);
        return words.length == 4 && words[1].matches("[0-9a-f]{64}") && words[2].matches("\\d{1,9}")
                ? Optional.of(new Freight.Load(words[3], Long.parseLong(words[2]), words[1]))
                : Optional.empty();
    }

    private static String told(Reply reply) {
        return switch (reply) {
            case Reply.Failed failed -> failed.reason();
            case Reply.Done done when done.ok() -> done.out().strip().replace("\n", "; ");
            case Reply.Done done -> said(done);
        };
    }

    /** Why a script ended as it did. */
    static String said(Reply.Done done) {
        String err = done.err().strip();
        return err.isEmpty() ? "ended with status " + done.exit() : err;
    }

    private static StepResult failed(BuildJob job, String reason) {
        return new StepResult.Failed(job.access() + ": " + reason);
    }
}
