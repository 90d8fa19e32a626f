package io.redfleet.local;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A screen that a test can read. */
final class RecordedScreen {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Screen screen = new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    Screen screen() {
        return screen;
    }

    String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
