package io.redfleet.local.demo;

import io.redfleet.local.EngineCluster;
import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Three hosts that boot systemd, each in a container of an engine of its own: {@code deploy/hosts/three} boots them, and {@code
 * down} ends them by what that has noted, whatever became of the demo.
 */
final class EngineHosts implements Ground {
    /** The first time the engine's packages and the image are fetched and made, each with a deadline of its own. */
    private static final Duration BOOTED_WITHIN = Duration.ofMinutes(50);

    private static final Duration KILLED_WITHIN = Duration.ofSeconds(30);
    private static final int COUNT = 3;

    private final DemoPlace place;
    private final Programs programs;
    private final Path script;
    private List<BootedHost> booted = List.of();

    /** @param script that boots them */
    EngineHosts(DemoPlace place, Programs programs, Path script) {
        this.place = place;
        this.programs = programs;
        this.script = script;
    }

    /** Why this machine can have no such hosts; empty if it can. */
    static Optional<String> missingHere() {
        return missing(System.getProperty("user.name"), Files.exists(Path.of("/etc/debian_version")));
    }

    /** @param debian whether this machine is one */
    static Optional<String> missing(String user, boolean debian) {
        if (!user.equals("root")) {
            return Optional.of("--hosts needs root, to start a container engine and boot hosts; this is " + user);
        }
        return debian
                ? Optional.empty()
                : Optional.of("--hosts needs Debian, for docker.io and debootstrap; ./redfleet demo needs neither");
    }

    @Override
    public String title() {
        return "Three hosts that boot systemd (the first time takes some minutes)";
    }

    @Override
    public String cluster() {
        return EngineCluster.NAME;
    }

    @Override
    public String template() {
        return "orders-systemd.yaml";
    }

    @Override
    public Duration provisionedWithin() {
        return Duration.ofMinutes(3);
    }

    @Override
    public void raise(Screen screen) throws IOException, InterruptedException, StartRefused {
        place.prepareRoot();
        KeyFile key = new KeyFile(place.key());
        key.make(programs);
        Path told = place.root().resolve(EngineCluster.TOLD);
        boot(told, key);
        Path givenUp = place.root().resolve(EngineCluster.GIVEN_UP);
        if (Files.exists(givenUp)) {
            // They have begun again what the fleet knows no more. The engine, which is to remove them, runs by now.
            run(BOOTED_WITHIN, ProcessBuilder.Redirect.INHERIT, "--remove");
            boot(told, key);
            Files.delete(givenUp);
        }
        booted = BootedHost.read(Files.readString(told), COUNT);
        for (BootedHost each : booted) {
            screen.part(each.host().name(), each.host().address() + ", systemd and sshd on port 22");
        }
    }

    /** What is told of hosts that were booted before stays until all of them are. */
    private void boot(Path told, KeyFile key) throws IOException, InterruptedException, StartRefused {
        Path draft = told.resolveSibling(EngineCluster.TOLD + ".new");
        run(
                BOOTED_WITHIN,
                ProcessBuilder.Redirect.to(draft.toFile()),
                "--key",
                key.publicFile().toString());
        Files.move(draft, told, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public List<DemoHost> hosts() {
        return booted.stream().map(BootedHost::host).toList();
    }

    @Override
    public Map<String, String> words() {
        Map<String, String> words = new HashMap<>();
        for (BootedHost each : booted) {
            words.put("address." + each.host().name(), each.host().address());
            words.put("hostKey." + each.host().name(), each.hostKey());
        }
        return words;
    }

    @Override
    public String killing(Orders.Master master) {
        return String.join(" ", kill()) + " on " + master.host().name();
    }

    /** By its unit, of which systemd knows the process: a number of a process on that host would say nothing here. */
    @Override
    public void kill(Orders.Master master) throws IOException, InterruptedException, StartRefused {
        List<String> words = new ArrayList<>(List.of("--in", master.host().name()));
        words.addAll(kill());
        run(KILLED_WITHIN, ProcessBuilder.Redirect.INHERIT, words.toArray(String[]::new));
    }

    private List<String> kill() {
        return List.of("systemctl", "kill", "--signal=KILL", "redfleet-" + cluster() + "-redis-server.service");
    }

    /** Progress of the script is the reader's too. */
    private void run(Duration within, ProcessBuilder.Redirect output, String... words)
            throws IOException, InterruptedException, StartRefused {
        List<String> command = new ArrayList<>(
                List.of(script.toString(), "--home", place.root().toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            process.destroy();
        }
        if (!ended || process.exitValue() != 0) {
            throw new StartRefused(String.join(" ", command)
                    + (ended ? " ended with " + process.exitValue() : " did not end within " + Screen.seconds(within)));
        }
    }
}
