package io.redfleet.provisioner.survey;

import java.time.Duration;
import java.util.List;

/**
 * A POSIX shell script that is part of this program, fed to {@code sh} on standard input with quoted arguments. Text
 * from outside travels in the arguments only.
 *
 * @param name what people read in journals, such as {@code start}
 */
public record Script(String name, String text, List<String> arguments, Duration deadline) {
    public Script {
        arguments = List.copyOf(arguments);
    }

    /** The command as a journal shows it. */
    public String shown() {
        return arguments.isEmpty() ? name : name + " " + String.join(" ", arguments);
    }
}
