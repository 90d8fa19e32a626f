package io.redfleet.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the source tree is that this test runs in. */
public final class Checkout {
    private Checkout() {}

    /** The root: found from the working directory upward by the modules that only the root has. */
    public static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("deploy/broker")) && Files.isRegularFile(at.resolve("pom.xml"))) {
                return at;
            }
        }
        throw new IllegalStateException("no checkout of Redfleet at or above " + start);
    }
}
