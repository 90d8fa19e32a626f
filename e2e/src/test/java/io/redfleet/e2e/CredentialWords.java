package io.redfleet.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every generated word of the files in {@code credentials/}: tokens, the keys that seal, the passwords of the broker's and
 * the database's accounts, private keys of SSH.
 */
final class CredentialWords {
    private static final Pattern GENERATED = Pattern.compile("[A-Za-z0-9_-]{32,}");

    private CredentialWords() {}

    /** Each word by the name of its file, numbered where a file has several; what a public key shows is no secret. */
    static Map<String, String> of(Path credentials) throws IOException {
        try (Stream<Path> all = Files.walk(credentials)) {
            Map<Boolean, Set<Path>> files = all.filter(Files::isRegularFile)
                    .collect(Collectors.partitioningBy(
                            file -> file.toString().endsWith(".pub"), Collectors.toCollection(TreeSet::new)));
            Set<String> shown = new TreeSet<>();
            for (Path file : files.getOrDefault(true, Set.of())) {
                words(file).forEach(shown::add);
            }
            Map<String, String> found = new LinkedHashMap<>();
            for (Path file : files.getOrDefault(false, Set.of())) {
                words(file)
                        .filter(word -> !shown.contains(word))
                        .forEach(word -> found.put(credentials.relativize(file) + " " + found.size(), word));
            }
            return found;
        }
    }

    private static Stream<String> words(Path file) throws IOException {
        return GENERATED
                .matcher(Files.readString(file))
                .results()
                .map(found -> found.group())
                .filter(word -> !word.contains("LoginModule"));
    }
}
