package io.redfleet.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** {@code down} for the tests of other packages. */
public final class Teardown {
    private Teardown() {}

    /** Whether nothing is left. */
    public static boolean of(Home home) throws IOException, InterruptedException, StartRefused {
        return Down.run(home, new Screen(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));
    }
}
