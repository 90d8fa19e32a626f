package io.redfleet.cli.verb;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Waits for an operation and shows each step as it moves.
 *
 * <p>It asks often while an operation is young, for most are over soon: at most 75 times in ten seconds, then five times in two. A
 * gateway that goes away in between is asked again for half a minute, and one that finds these questions too many is given a
 * second: the operation runs on without them.
 */
public final class OperationWatch {
    private static final int TOO_OFTEN = 429;
    private static final Duration AFTER_TOO_OFTEN = Duration.ofSeconds(1);
    private static final Duration GATEWAY_AWAY = Duration.ofSeconds(30);

    private final Gateway gateway;
    private final Screen screen;
    private final Map<String, String> shown = new HashMap<>();

    public OperationWatch(Gateway gateway, Screen screen) {
        this.gateway = gateway;
        this.screen = screen;
    }

    /** @return the exit status: done, failed (also when {@code limit} is over), or not reachable */
    public int await(String id, Duration limit) {
        long begun = System.nanoTime();
        long end = begun + limit.toNanos();
        long answered = begun;
        while (true) {
            Duration pause = pause(Duration.ofNanos(System.nanoTime() - begun));
            Answer answer = gateway.get("/operations/" + Gateway.segment(id), Map.of());
            if (answer instanceof Answer.Done done) {
                answered = System.nanoTime();
                steps(done.body());
                if (over(done.body())) {
                    return finish(id, done.body(), done.body().path("status").asText());
                }
            } else if (answer instanceof Answer.Refused refused && refused.status() == TOO_OFTEN) {
                answered = System.nanoTime();
                pause = AFTER_TOO_OFTEN;
            } else if (answer instanceof Answer.Refused refused && refused.status() < 500 && refused.status() != 404) {
                screen.problem(refused);
                return Exit.FAILED;
            } else if (System.nanoTime() - answered > GATEWAY_AWAY.toNanos()) {
                screen.note("No answer about operation " + id + " for " + GATEWAY_AWAY.toSeconds() + " s.");
                return Exit.NOT_REACHABLE;
            }
            if (System.nanoTime() > end || !paused(pause)) {
                screen.note("Operation " + id + " is still running after " + limit.toSeconds()
                        + " s; it goes on. Look again with: redfleet operations show " + id);
                return Exit.FAILED;
            }
        }
    }

    /**
     * How long after a question the next one comes.
     *
     * @param age of the watch
     */
    static Duration pause(Duration age) {
        long millis = age.toMillis();
        int pause = millis < 1_000 ? 50 : millis < 3_000 ? 100 : millis < 10_000 ? 200 : 400;
        return Duration.ofMillis(pause);
    }

    /** Its end may be decided while it still holds its cluster and hosts: an order right after that would meet it there. */
    private static boolean over(JsonNode operation) {
        return operation.hasNonNull("finishedAt");
    }

    private int finish(String id, JsonNode operation, String status) {
        VerificationText.write(operation.path("verification"), screen::note);
        screen.note("Operation " + id + " " + status + ": "
                + operation.path("reason").asText());
        if (status.equals("SUCCEEDED")) {
            return Exit.DONE;
        }
        screen.note("What was done stays done. Details: redfleet operations show " + id);
        return Exit.FAILED;
    }

    /** A step is shown when it starts to run and when it ends, not while it waits. */
    private void steps(JsonNode operation) {
        for (JsonNode step : operation.path("steps")) {
            String status = step.path("status").asText();
            boolean news = !status.equals(shown.put(step.path("id").asText(), status));
            if (!news || status.equals("WAITING")) {
                continue;
            }
            String detail = step.path("detail").asText("");
            boolean ran = status.equals("DONE") || status.equals("FAILED");
            screen.note(String.format(
                    "  %-12s %-9s %s%s%s",
                    step.path("host").asText(),
                    status.toLowerCase(java.util.Locale.ROOT),
                    step.path("title").asText(),
                    ran ? " (" + step.path("tookMillis").asLong() + " ms)" : "",
                    detail.isEmpty() ? "" : ": " + detail));
        }
    }

    private static boolean paused(Duration pause) {
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
