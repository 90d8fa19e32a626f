package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Base64;

/** A generated secret that lives in a file of mode 0600 and is handed on as that file's path. */
final class Credential {
    private static final int BYTES = 24;

    private final Path file;

    private Credential(Path file) {
        this.file = file;
    }

    /** The secret of an earlier run, or a new one. */
    static Credential at(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            OwnerOnly.write(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return new Credential(file);
    }

    Path file() {
        return file;
    }

    /** The secret itself: for the standard input of a program, never for its arguments. */
    String reveal() throws IOException {
        return Files.readString(file).strip();
    }

    @Override
    public String toString() {
        return "***";
    }
}
