package io.redfleet.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the build left in a checkout, and how its JVMs are run. */
record Built(Path checkout) {
    /** A JVM that shows its figures to nobody: by default they lie in a file in /tmp under a name that others can see. */
    static final String UNSEEN = "-XX:-UsePerfData";

    Path broker() {
        return checkout.resolve("deploy/broker/target");
    }

    String brokerClassPath() {
        return broker().resolve("classes") + File.pathSeparator + broker().resolve("lib") + File.separator + "*";
    }

    Path service(String module) {
        return checkout.resolve(module).resolve("target/quarkus-app");
    }

    /** The java that runs this: the script has chosen it. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Differs between two builds: the newest modification below, in milliseconds. */
    static String stamp(Path directory) throws IOException, StartRefused {
        if (!Files.isDirectory(directory)) {
            throw new StartRefused("not built: " + directory + " is missing; run ./redfleet build");
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return Long.toString(files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().lastModified())
                    .max()
                    .orElse(0));
        }
    }
}
