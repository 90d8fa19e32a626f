package io.redfleet.cli.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** A token for the gateway; it never shows itself. */
public final class Bearer {
    private static final Set<PosixFilePermission> PRIVATE =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final String token;

    private Bearer(String token) {
        this.token = token;
    }

    /** What came of reading a token file. */
    public sealed interface Read {
        record Found(Bearer bearer) implements Read {}

        record Refused(String reason) implements Read {}
    }

    /** Refuses a file that anybody but its owner can open: such a token must be taken for known. */
    public static Read from(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!PRIVATE.containsAll(permissions)) {
                return new Read.Refused("the token file " + file + " is open to others; run: chmod 600 " + file);
            }
            String token = Files.readString(file).strip();
            boolean usable = !token.isEmpty() && token.chars().allMatch(c -> c > ' ' && c < 127);
            return usable
                    ? new Read.Found(new Bearer(token))
                    : new Read.Refused("the token file " + file + " holds no token");
        } catch (NoSuchFileException e) {
            return new Read.Refused("no token file " + file
                    + "; start the stack with ./redfleet up, or name one by --token-file or REDFLEET_TOKEN_FILE");
        } catch (IOException e) {
            return new Read.Refused("cannot read the token file " + file + ": " + GivenFile.why(file, e));
        }
    }

    String header() {
        return "Bearer " + token;
    }

    @Override
    public String toString() {
        return "***";
    }
}
