package io.redfleet.cli.verb.cluster;

import io.redfleet.cli.gateway.GivenFile;
import io.redfleet.contracts.access.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** A password of somebody else's Redis: one line of a file that only its owner reads, or of standard input. */
final class PasswordFile {
    private static final Set<PosixFilePermission> PRIVATE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final int MOST_BYTES = 4_096;

    private PasswordFile() {}

    /** What came of reading it. */
    sealed interface Read {
        record Found(Secret password) implements Read {}

        record Refused(String reason) implements Read {}
    }

    /** @param file a path, or {@code -} for {@code in} */
    static Read from(String file, InputStream in) {
        try {
            if (file.equals("-")) {
                return line("standard input", in);
            }
            Path path = Path.of(file);
            if (!PRIVATE.containsAll(Files.getPosixFilePermissions(path))) {
                return new Read.Refused("the password file " + file + " is open to others; run: chmod 600 " + file);
            }
            try (InputStream opened = Files.newInputStream(path)) {
                return line("the password file " + file, opened);
            }
        } catch (NoSuchFileException e) {
            return new Read.Refused("no password file " + file);
        } catch (IOException e) {
            return new Read.Refused("cannot read the password file " + file + ": " + GivenFile.why(Path.of(file), e));
        }
    }

    /** The end of the line is no part of it; anything after that is too much. */
    private static Read line(String from, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        String text = new String(bytes, StandardCharsets.UTF_8);
        String line = text.replaceFirst("\\r?\\n$", "");
        if (bytes.length > MOST_BYTES || line.isEmpty() || line.contains("\n")) {
            return new Read.Refused(from + " must hold one line, the password, of at most " + MOST_BYTES + " bytes");
        }
        return new Read.Found(Secret.of(line));
    }
}
