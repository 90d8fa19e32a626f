package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The demo's hosts that boot systemd. The script that boots them notes below the guests' directory what has to be known to end
 * them, before it begins: so they are found whatever became of the demo.
 */
final class EngineGuests {
    /** Longer than the script waits for another run of itself, and then for three hosts and their engine to end. */
    private static final Duration WITHIN = Duration.ofMinutes(32);

    private EngineGuests() {}

    /**
     * Ends them, and the engine that was started for them; whether none is left. Their files stay.
     *
     * @param checkout where the script is
     */
    static boolean end(Home home, Path checkout, Screen screen) throws IOException, InterruptedException {
        if (!Files.isDirectory(home.guests().resolve("engine"))) {
            return true;
        }
        Path script = checkout.resolve("deploy/hosts/three").toAbsolutePath();
        if (!Files.isExecutable(script)) {
            screen.part("hosts", "cannot be ended: there is no " + script);
            return false;
        }
        var command = new ProcessBuilder(
                        script.toString(), "--home", home.guests().toString(), "--end")
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        OptionalInt status = Errand.run(command, "", WITHIN);
        if (status.isPresent() && status.getAsInt() == 0) {
            return true;
        }
        screen.part(
                "hosts",
                "cannot be ended: " + script
                        + (status.isPresent()
                                ? " ended with " + status.getAsInt()
                                : " did not end within " + Screen.seconds(WITHIN)));
        return false;
    }
}
