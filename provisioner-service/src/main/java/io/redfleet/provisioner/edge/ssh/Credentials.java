package io.redfleet.provisioner.edge.ssh;

import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.reach.LimitsText;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Private keys by name, from files that only their owner may read, each with its limits in {@code <name>.properties} beside
 * it; both are read anew at every use.
 */
public final class Credentials implements KeyLimits.Source {
    private static final String LIMITS = ".properties";
    private static final Pattern NAME = Pattern.compile("(?!.*\\.properties$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    /** A limits file has a dozen lines. */
    private static final long MOST_BYTES = 100_000;

    /** Within these a file says what it is; none of a key's secret is. */
    private static final int HEAD_BYTES = 40;

    private static final Set<PosixFilePermission> ALLOWED =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path directory;
    private final boolean limitsRequired;

    /** @param limitsRequired whether a key without limits is not to be used */
    public Credentials(Path directory, boolean limitsRequired) {
        this.directory = directory;
        this.limitsRequired = limitsRequired;
    }

    @Override
    public KeyLimits of(String key) {
        if (!NAME.matcher(key).matches()) {
            return new KeyLimits.Unusable("is not the name of a key");
        }
        Path file = directory.resolve(key + LIMITS);
        String where = "the limits file " + key + LIMITS;
        try {
            if (Files.notExists(file)) {
                if (limitsRequired) {
                    return new KeyLimits.Unusable("needs limits, and there is no file " + key + LIMITS + " beside it");
                }
                return invented(key)
                        ? new KeyLimits.Unusable("is no key of this provisioner's, where others have limits")
                        : new KeyLimits.None();
            }
            if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS_WRITE)) {
                return new KeyLimits.Unusable(where + " can be written by others than its owner");
            }
            return LimitsText.read(entries(file), where);
        } catch (IOException | IllegalArgumentException e) {
            return new KeyLimits.Unusable(where + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * Whether there is no such key while others have limits. Its name would be one without limits, for everything that goes by them
     * and never opens a key: clusters that are observed, and taken in. Where no key has limits, no name lifts any.
     */
    private boolean invented(String key) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            if (files.noneMatch(file -> file.getFileName().toString().endsWith(LIMITS))) {
                return false;
            }
        } catch (NoSuchFileException none) {
            return false;
        }
        Path file = directory.resolve(key);
        if (!Files.isRegularFile(file)) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.ISO_8859_1);
            return !head.contains("PRIVATE KEY") && !head.startsWith("PuTTY-User-Key-File");
        }
    }

    private static Map<String, String> entries(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it is larger than " + MOST_BYTES + " bytes");
        }
        Once entries = new Once();
        try (Reader text = Files.newBufferedReader(file)) {
            entries.load(text);
        }
        Map<String, String> read = new HashMap<>();
        entries.stringPropertyNames().forEach(word -> read.put(word, entries.getProperty(word)));
        return read;
    }

    /** Of two lines with the same word one would be passed over in silence. */
    private static final class Once extends Properties {
        private static final long serialVersionUID = 1;

        @Override
        public synchronized Object put(Object word, Object value) {
            if (containsKey(word)) {
                throw new IllegalArgumentException(word + " stands there twice");
            }
            return super.put(word, value);
        }
    }

    /** The names of the keys that have no limits, for a line in the log. */
    public List<String> unlimited() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches() && !name.endsWith(".pub"))
                    .filter(name -> Files.notExists(directory.resolve(name + LIMITS)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** What cannot be a key's name has no limits to ask about either. */
    static void named(String name) throws Unusable {
        if (!NAME.matcher(name).matches()) {
            throw new Unusable("credential \"" + name + "\" is not a name");
        }
    }

    /** The bytes of the key file; the caller wipes them. */
    byte[] privateKey(String name) throws Unusable {
        named(name);
        Path file = directory.resolve(name);
        try {
            if (!Files.isRegularFile(file)) {
                throw new Unusable("credential " + name + ": no file of that name in the credentials directory");
            }
            if (!ALLOWED.containsAll(Files.getPosixFilePermissions(file))) {
                throw new Unusable("credential " + name + ": the file must have mode 0600");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Unusable("credential " + name + " cannot be read: " + e.getMessage());
        }
    }

    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }
}
