package io.redfleet.provisioner.survey;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The scripts that are part of this program; each begins with the common part. */
public final class Scripts {
    private static final String BASE = text(Scripts.class, "base");
    private static final String COMMON =
            BASE + text(Scripts.class, "common") + text(Scripts.class, "own") + text(Scripts.class, "tls");
    /** Functions alone, for what stands on a host too. */
    private static final String SHARED = text(Scripts.class, "outside") + text(Scripts.class, "stored");

    private static final String BEFORE = COMMON + SHARED;

    /** As many as there are scripts in this program, some 20 KB each: an operation asks for most of them many times. */
    private static final Map<Named, String> WHOLE = new ConcurrentHashMap<>();

    private record Named(Class<?> home, String name) {}

    private Scripts() {}

    /** The script in {@code name.sh} beside {@code home}. */
    public static Script of(Class<?> home, String name, Duration deadline, List<String> arguments) {
        String text = WHOLE.computeIfAbsent(new Named(home, name), it -> BEFORE + text(it.home(), it.name()));
        return new Script(name, text, arguments, deadline);
    }

    /** What each script of {@link #of} begins with: functions, and settings of the shell that may be made twice. */
    public static String common() {
        return BEFORE;
    }

    /**
     * What stands behind the common part.
     *
     * @throws IllegalArgumentException it does not begin with that
     */
    public static String body(Script script) {
        if (!script.text().startsWith(BEFORE)) {
            throw new IllegalArgumentException(script.name() + " does not begin with the common part");
        }
        return script.text().substring(BEFORE.length());
    }

    /**
     * The script that {@code sh -c} takes: what is said to it on standard input is its own to read. It has no common part, for
     * sudo writes all of an argument into the host's log.
     */
    public static Script talking(Class<?> home, String name, List<String> arguments) {
        return new Script(name, BASE + text(home, name), arguments, Duration.ZERO);
    }

    /** What lies on a host and runs there by itself: the script in {@code name.sh} beside {@code home}, and no common part. */
    public static String standing(Class<?> home, String name) {
        return SHARED + text(home, name);
    }

    /** The same of one that needs none of the shared functions. */
    public static String alone(Class<?> home, String name) {
        return text(home, name);
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
