package io.redfleet.provisioner.apply;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Programs that note with what arguments they were begun, before they do what they always do. */
record NotedArguments(Path bin) {
    private static final List<String> PROGRAMS =
            List.of("redis-cli", "valkey-cli", "timeout", "awk", "sed", "grep", "sort", "tr", "head", "chmod", "sync");

    /** @param directory where they may lie */
    static NotedArguments in(Path directory) throws IOException {
        NotedArguments noted = new NotedArguments(
                Files.createDirectories(directory.toRealPath().resolve("noting")));
        for (String name : PROGRAMS) {
            Optional<Path> real = found(name);
            if (real.isPresent()) {
                String text = "#!/bin/sh\nprintf '%s\\n' \"$0 $*\" >>'" + noted.notes() + "'\nexec '" + real.get()
                        + "' \"$@\"\n";
                Path noting = Files.writeString(noted.bin().resolve(name), text);
                Files.setPosixFilePermissions(noting, PosixFilePermissions.fromString("rwx------"));
            }
        }
        return noted;
    }

    /** In which a shell finds these programs first. */
    Map<String, String> environment() {
        return Map.of("PATH", bin + File.pathSeparator + path());
    }

    String said() throws IOException {
        return Files.readString(notes());
    }

    private Path notes() {
        return bin.resolve("notes");
    }

    private static Optional<Path> found(String name) {
        return Arrays.stream(path().split(File.pathSeparator, -1))
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String path() {
        return System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    }
}
