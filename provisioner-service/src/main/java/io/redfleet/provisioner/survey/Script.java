package io.redfleet.provisioner.survey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

    /** Reads the script from {@code name.sh} beside {@code home}. */
    public static Script of(Class<?> home, String name, Duration deadline, List<String> arguments) {
        try (InputStream in = home.getResourceAsStream(name + ".sh")) {
            if (in == null) {
                throw new IllegalStateException("no script " + name + ".sh beside " + home.getName());
            }
            return new Script(name, new String(in.readAllBytes(), StandardCharsets.UTF_8), arguments, deadline);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command as a journal shows it. */
    public String shown() {
        return arguments.isEmpty() ? name : name + " " + String.join(" ", arguments);
    }
}
