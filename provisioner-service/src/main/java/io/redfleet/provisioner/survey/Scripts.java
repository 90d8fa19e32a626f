package io.redfleet.provisioner.survey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** The scripts that are part of this program; each begins with the common part. */
public final class Scripts {
    private static final String COMMON = text(Scripts.class, "common") + text(Scripts.class, "own");
    /** Functions alone, for what stands on a host too. */
    private static final String SHARED = text(Scripts.class, "outside") + text(Scripts.class, "stored");

    private Scripts() {}

    /** The script in {@code name.sh} beside {@code home}. */
    public static Script of(Class<?> home, String name, Duration deadline, List<String> arguments) {
        return new Script(name, COMMON + SHARED + text(home, name), arguments, deadline);
    }

    /** The script that {@code sh -c} takes: what is said to it on standard input is its own to read. */
    public static Script talking(Class<?> home, String name, List<String> arguments) {
        return of(home, name, Duration.ZERO, arguments);
    }

    /** What lies on a host and runs there by itself: the script in {@code name.sh} beside {@code home}, and no common part. */
    public static String standing(Class<?> home, String name) {
        return SHARED + text(home, name);
    }

    private static String text(Class<?> home, String name) {
        try (InputStream in = home.getResourceAsStream(name + ".sh")) {
            if (in == null) {
                throw new IllegalStateException("no script " + name + ".sh beside " + home.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
