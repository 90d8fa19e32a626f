package io.redfleet.local;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Processes that stand beside the stack and end with it, such as the demo's sshd: {@link Down} knows them by record. */
public final class Guests {
    private Guests() {}

    /** Such a process. {@code build} differs when it has to be started anew. */
    public record Guest(String name, int port, String build, List<String> command, Map<String, String> environment) {
        public Guest {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    /** Starts it unless it runs already as it is wanted; its output goes to its log in the home. Does not wait. */
    public static void keep(Home home, Guest guest) throws IOException, InterruptedException {
        Optional<Running> before = Running.read(home.run(), guest.name());
        if (before.isPresent() && before.get().life().goesOn()) {
            if (before.get().build().equals(guest.build()) && before.get().port() == guest.port()) {
                return;
            }
            Ending.of(before.get().life(), before.get().signal(), Ending.POLITE);
        }
        Life life = Detached.start(new Part.Launch(guest.command(), guest.environment()), home, guest.name());
        new Running(guest.name(), life, guest.port(), guest.build(), "TERM").write(home.run());
    }

    /** Whether the recorded process of that name is alive. */
    public static boolean alive(Home home, String name) throws IOException {
        return Running.read(home.run(), name)
                .filter(running -> running.life().goesOn())
                .isPresent();
    }

    /** The last lines that it wrote, indented, for a message. */
    public static String lastWords(Home home, String name) {
        return String.join("\n    ", Detached.lastLines(home.log(name), 5));
    }
}
