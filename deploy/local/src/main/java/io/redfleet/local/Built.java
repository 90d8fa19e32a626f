package io.redfleet.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the build left in a checkout, and how its JVMs are run. */
record Built(Path checkout) {
    /** A JVM that shows its figures to nobody: by default they lie in a file in /tmp under a name that others can see. */
    static final String UNSEEN = "-XX:-UsePerfData";

    Path broker() {
        return checkout.resolve("deploy/broker/target");
    }

    /** The broker and all it needs, as jars alone: of classes in a directory the JVM keeps no archive. */
    String brokerClassPath() {
        return broker().resolve("lib") + File.separator + "*";
    }

    /**
     * Flags of a JVM that keeps its loaded and verified classes in a file beside the build, and maps them from there at its
     * next start. The file makes itself when a JVM without one ends in good order; the JVM itself finds out that it is
     * of another build or another Java, and then makes it anew. What is wrong with it is no reason not to start, and is
     * said by nobody.
     */
    static List<String> archived(Path file) {
        return List.of(
                "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file, "-Xshare:auto", "-Xlog:cds*=off");
    }

    Path service(String module) {
        return checkout.resolve(module).resolve("target/quarkus-app");
    }

    /** Where the flags of a service's JVM stand; the bench takes them from there too. */
    List<String> flags(String module) {
        Path flags = checkout.resolve("deploy/local/jvm");
        String own = module.equals("monitor-service") ? "monitor" : "others";
        return List.of("@" + flags.resolve(own), "@" + flags.resolve("services"));
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
