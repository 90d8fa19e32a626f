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
 * @param by as whom it runs
 * @param content of a file that it writes; it travels like the login, and is $content there. Empty: none
 */
public record Script(
        String name, String text, List<String> arguments, Duration deadline, Login login, RunAs by, String content) {
    public Script {
        arguments = List.copyOf(arguments);
    }

    public Script(String name, String text, List<String> arguments, Duration deadline) {
        this(name, text, arguments, deadline, Login.NONE, RunAs.LOGIN, "");
    }

    public Script as(Login asked) {
        return new Script(name, text, arguments, deadline, asked, by, content);
    }

    /** The same script with other arguments, as whom it asks included. */
    public Script with(List<String> words) {
        return new Script(name, text, words, deadline, login, by, content);
    }

    public Script by(RunAs other) {
        return new Script(name, text, arguments, deadline, login, other, content);
    }

    public Script carrying(String file) {
        return new Script(name, text, arguments, deadline, login, by, file);
    }

    /** The command as a journal shows it. */
    public String shown() {
        return arguments.isEmpty() ? name : name + " " + String.join(" ", arguments);
    }

    /** Without the content, which may hold passwords. */
    @Override
    public String toString() {
        return shown();
    }
}
