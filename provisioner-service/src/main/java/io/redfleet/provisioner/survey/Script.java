package io.redfleet.provisioner.survey;

import io.redfleet.provisioner.secret.Login;
import java.time.Duration;
import java.util.List;

/**
 * A POSIX shell script that is part of this program, fed to {@code sh} on standard input with quoted arguments. Text
 * from outside travels in the arguments only.
 *
 * @param name what people read in journals, such as {@code start}
 * @param login as whom the script asks instances; it travels on standard input before the text, never as an argument
 * @param runAs as whom it runs on the host
 */
public record Script(String name, String text, List<String> arguments, Duration deadline, Login login, RunAs runAs) {
    public Script {
        arguments = List.copyOf(arguments);
    }

    public Script(String name, String text, List<String> arguments, Duration deadline) {
        this(name, text, arguments, deadline, Login.NONE, RunAs.LOGIN);
    }

    public Script as(Login asked) {
        return new Script(name, text, arguments, deadline, asked, runAs);
    }

    public Script asRoot() {
        return new Script(name, text, arguments, deadline, login, RunAs.ROOT);
    }

    /** The same script with other arguments, as whom it asks and runs included. */
    public Script with(List<String> words) {
        return new Script(name, text, words, deadline, login, runAs);
    }

    /** The command as a journal shows it. */
    public String shown() {
        return arguments.isEmpty() ? name : name + " " + String.join(" ", arguments);
    }
}
