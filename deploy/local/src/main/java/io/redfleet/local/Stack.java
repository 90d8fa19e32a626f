package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Brings parts to readiness, whatever state an earlier run left them in.
 *
 * <p>A part that runs, is of the present build and ready is left alone. One that runs and is not, or has another build, is
 * ended and started anew. One that is dead is started. What this run started is ended again if a part fails; what ran
 * before stays.
 */
final class Stack {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration RECONSIDER = Duration.ofSeconds(5);
    private static final int LOG_LINES = 12;
    private static final int LINE_LENGTH = 240;

    private final Home home;
    private final Screen screen;
    /** Guards itself and {@link #withdrawn}: nothing is started once what was started is being ended. */
    private final List<Running> started = new ArrayList<>();

    private boolean withdrawn;

    Stack(Home home, Screen screen) {
        this.home = home;
        this.screen = screen;
    }

    /** Brings these parts up side by side; the first failure is thrown once all have come to an end. */
    void raise(List<Part> parts) throws IOException, StartRefused, InterruptedException {
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> work = new ArrayList<>();
            for (Part part : parts) {
                work.add(() -> {
                    raise(part);
                    return null;
                });
            }
            for (Future<Void> done : each.invokeAll(work)) {
                settle(done);
            }
        }
    }

    /** Ends what this run has started, last first. */
    void withdraw() throws IOException, InterruptedException {
        List<Running> mine;
        synchronized (started) {
            withdrawn = true;
            mine = List.copyOf(started).reversed();
        }
        for (Running running : mine) {
            Ending.of(running.life(), running.signal(), Ending.POLITE);
            Running.forget(home.run(), running.part());
        }
    }

    private static void settle(Future<Void> done) throws IOException, StartRefused, InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StartRefused refused) {
                throw refused;
            }
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void raise(Part part) throws IOException, InterruptedException, StartRefused {
        Optional<Running> before = Running.read(home.run(), part.name());
        if (before.isPresent() && before.get().life().goesOn()) {
            if (keeps(part, before.get())) {
                screen.part(
                        part.name(), "already runs, pid " + before.get().life().pid());
                return;
            }
            Ending.of(before.get().life(), part.signal(), Ending.POLITE);
        }
        Running.forget(home.run(), part.name());
        start(part);
    }

    private boolean keeps(Part part, Running running) throws IOException, InterruptedException, StartRefused {
        if (running.port() != part.port()) {
            throw new StartRefused(part.name() + " already runs on port " + running.port() + ", not " + part.port()
                    + ": end it with ./redfleet down, or name the same port offset");
        }
        if (!running.build().equals(part.build())) {
            screen.part(part.name(), "was built anew or has a new login: starting it again");
            return false;
        }
        if (!ready(part, running.life(), RECONSIDER)) {
            screen.part(part.name(), "runs but does not answer: starting it again");
            return false;
        }
        return true;
    }

    private void start(Part part) throws IOException, InterruptedException, StartRefused {
        long begun = System.nanoTime();
        requireFree(part);
        Part.Launch launch;
        try {
            launch = part.preparing().prepare();
        } catch (StartRefused e) {
            throw told(part, e.reason());
        }
        Life life = launch(part, launch);
        if (!ready(part, life, part.readyWithin())) {
            String what = life.goesOn() ? "was not ready within " + Screen.seconds(part.readyWithin()) : "has ended";
            throw told(part, what);
        }
        screen.part(
                part.name(),
                "ready in " + Screen.seconds(Duration.ofNanos(System.nanoTime() - begun))
                        + (part.port() == 0 ? "" : ", " + Ports.LOOPBACK + ":" + part.port()));
    }

    private Life launch(Part part, Part.Launch launch) throws IOException, StartRefused {
        synchronized (started) {
            if (withdrawn) {
                throw new StartRefused("not started: another part has failed, or you said stop");
            }
            Life life = Detached.start(launch, home, part.name());
            var running = new Running(part.name(), life, part.port(), part.build(), part.signal());
            started.add(running);
            running.write(home.run());
            return life;
        }
    }

    private static void requireFree(Part part) throws StartRefused {
        if (part.port() != 0 && !PortOwner.free(part.port())) {
            String who = PortOwner.of(part.port()).orElse("a process that is not ours to see");
            throw new StartRefused("port " + part.port() + " for " + part.name() + " is taken by " + who
                    + ": end that, or move Redfleet with --port-offset N");
        }
    }

    private static boolean ready(Part part, Life life, Duration within) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (life.goesOn()) {
            if (part.probe().ready(life)) {
                return true;
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return false;
    }

    private StartRefused told(Part part, String what) {
        Path log = home.log(part.name());
        var text = new StringBuilder(part.name() + " " + what + ".");
        List<String> lines = Detached.lastLines(log, LOG_LINES);
        if (!lines.isEmpty()) {
            text.append(" Its last lines:");
            lines.forEach(line -> text.append("\n    ").append(line, 0, Math.min(line.length(), LINE_LENGTH)));
        }
        return new StartRefused(text.append("\n  Log: ").append(log).toString());
    }
}
