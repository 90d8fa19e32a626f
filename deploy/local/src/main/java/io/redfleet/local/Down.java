package io.redfleet.local;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * {@code ./redfleet down}: ends every process that a record in the state directory names, services before what they stand
 * on. Data stays, but for that of the demo's cluster on hosts that boot systemd: they end, so it is taken out of the fleet first.
 * Where another cluster is on those hosts they go on, which is said, and counts as something left. Ends with 0 when nothing is
 * left, 1 otherwise.
 */
public final class Down {
    private Down() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var screen = new Screen(System.out);
        try {
            if (!run(Home.of(System.getenv()), screen)) {
                System.exit(1);
            }
        } catch (StartRefused e) {
            System.err.println("redfleet down: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Whether nothing is left. */
    static boolean run(Home home, Screen screen) throws IOException, InterruptedException, StartRefused {
        return run(home, screen, System.err, EngineCluster::answers);
    }

    /**
     * @param err where the reason of a gateway that refuses goes
     * @param answers whether a host at that address takes connections
     */
    @SuppressWarnings("try") // The lock is held, not used.
    static boolean run(Home home, Screen screen, PrintStream err, Predicate<String> answers)
            throws IOException, InterruptedException, StartRefused {
        if (!Files.isDirectory(home.run())) {
            screen.line("Nothing runs: there is no " + home.root());
            return true;
        }
        try (var lock = HomeLock.take(home, screen)) {
            List<Running> all = Running.all(home.run());
            if (all.stream().noneMatch(each -> each.life().goesOn())) {
                screen.line("Nothing runs.");
            }
            List<String> tenants = forget(home, all, screen, err, answers);
            boolean clean = true;
            for (Wave wave : Wave.values()) {
                if (wave == Wave.GROUND) {
                    // Only now: a service that still ran would bring back what is ended here.
                    clean &= Lodgers.end(home.guests(), screen);
                    clean &= hosts(home, tenants, screen);
                }
                clean &= end(
                        home, all.stream().filter(each -> Wave.of(each) == wave).toList(), screen);
            }
            return clean;
        }
    }

    /** Whatever comes of it, the processes are ended: nobody else would end them. Gives who else is on the hosts. */
    private static List<String> forget(
            Home home, List<Running> all, Screen screen, PrintStream err, Predicate<String> answers) {
        try {
            return EngineCluster.forget(home, all, screen, err, answers);
        } catch (IOException | RuntimeException thrown) {
            screen.part(EngineCluster.NAME, "stays in the fleet though its hosts end: " + thrown);
            return List.of();
        }
    }

    private static boolean hosts(Home home, List<String> tenants, Screen screen)
            throws IOException, InterruptedException {
        if (tenants.isEmpty()) {
            return EngineGuests.end(home, Path.of(System.getProperty("redfleet.checkout", "")), screen);
        }
        screen.part(
                "hosts",
                "go on: " + Tenants.words(tenants) + ". What ends them: deploy/hosts/three --home " + home.guests()
                        + " --end");
        return false;
    }

    /** What ends together; a wave begins when the one before has ended. */
    private enum Wave {
        GUESTS,
        SERVICES,
        GROUND;

        static Wave of(Running running) {
            return switch (running.part().replaceFirst("-\\d+$", "")) {
                case KafkaPart.NAME, PostgresPart.NAME -> GROUND;
                case DailyPart.NAME, "gateway", "alert", "monitor", "provisioner" -> SERVICES;
                default -> GUESTS;
            };
        }
    }

    private static boolean end(Home home, List<Running> wave, Screen screen) throws IOException, InterruptedException {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (Running running : wave) {
            work.add(() -> end(home, running, screen));
        }
        boolean clean = true;
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> done : each.invokeAll(work)) {
                clean &= done.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        }
        return clean;
    }

    private static boolean end(Home home, Running running, Screen screen) throws IOException, InterruptedException {
        Ending.How how = Ending.of(running.life(), running.signal(), Ending.POLITE);
        long pid = running.life().pid();
        switch (how) {
            case GONE_BEFORE -> {}
            case IN_ORDER -> screen.part(running.part(), "ended");
            case KILLED ->
                screen.part(running.part(), "killed: it had not ended within " + Screen.seconds(Ending.POLITE));
            case STILL_THERE -> screen.part(running.part(), "cannot be ended: pid " + pid);
        }
        if (how == Ending.How.STILL_THERE) {
            return false;
        }
        Running.forget(home.run(), running.part());
        return true;
    }
}
