package io.redfleet.monitor.check;

import io.redfleet.monitor.check.Timeline.Row;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RealMonit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A Monit of its own, in the foreground, whose log tells cycle by cycle what it saw and did. */
final class LiveMonit implements AutoCloseable {
    /** A cycle with a start and a stop that both fail, and the gap before it. */
    private static final Duration CYCLE_WITHIN = Duration.ofSeconds(30);

    /** The last check of the file: its line ends a cycle. */
    private static final String MARKER = "marker";

    private final RealMonit monit;
    private final Path home;
    private final String file;
    private final Set<String> services;
    private final Path log;

    private LiveMonit(RealMonit monit, Path home, String file, Set<String> services) {
        this.monit = monit;
        this.home = home;
        this.file = file;
        this.services = Set.copyOf(services);
        this.log = home.resolve("log");
    }

    /**
     * Ready to {@link #begin}.
     *
     * @param services of whose lines the rows are made
     */
    static LiveMonit of(Path home, String checks, Duration gap, Set<String> services) throws IOException {
        Files.writeString(
                home.resolve("marker.pid"),
                Long.toString(ProcessHandle.current().pid()));
        String file = """
                set daemon %d
                set log %s/log
                set idfile %s/id
                set statefile %s/state
                set pidfile %s/monit.pid
                %s
                check process marker with pidfile "%s/marker.pid"
                """.formatted(gap.toSeconds(), home, home, home, home, checks, home);
        return new LiveMonit(RealMonit.in(home).orElseThrow(), home, file, services);
    }

    void begin() throws IOException {
        monit.begin(file);
    }

    /** Waits for the end of the cycle, from 1; answers what was logged of others in it. */
    List<Row> cycle(int number) throws IOException {
        Await.until("the end of Monit's cycle " + number + " in " + home, CYCLE_WITHIN, () -> ended() >= number);
        return lines(number)
                .flatMap(line -> MonitLog.row(Integer.toString(number), line).stream())
                .toList();
    }

    /** Of a cycle that is over: who was not judged because of what it depends on, and why. */
    Map<String, String> waiting(int number) {
        Map<String, String> waiting = new HashMap<>();
        lines(number)
                .forEach(line -> MonitLog.waiting(line)
                        .ifPresent(why -> waiting.put(MonitLog.service(line).orElseThrow(), why)));
        return waiting;
    }

    /** Whether anything of that cycle is in the log. */
    boolean hasBegun(int number) {
        return ended() >= number || lines(number).findAny().isPresent();
    }

    /** Of one cycle, what is about the services. */
    private Stream<String> lines(int number) {
        List<String> found = new ArrayList<>();
        int cycle = 1;
        for (String line : lines()) {
            if (ends(line)) {
                cycle++;
            } else if (cycle == number
                    && MonitLog.service(line).filter(services::contains).isPresent()) {
                found.add(line);
            }
        }
        return found.stream();
    }

    String log() {
        return String.join("\n", lines());
    }

    @Override
    public void close() {
        monit.end();
    }

    private long ended() {
        return lines().stream().filter(LiveMonit::ends).count();
    }

    private static boolean ends(String line) {
        return MonitLog.service(line).filter(MARKER::equals).isPresent() && line.contains("process is running");
    }

    private List<String> lines() {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.contains("/proc/"))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
