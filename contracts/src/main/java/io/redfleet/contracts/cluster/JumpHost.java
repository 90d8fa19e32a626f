package io.redfleet.contracts.cluster;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host through which others are reached; its text is {@code user@address:port}. */
public record JumpHost(String user, String address, int port) {
    private static final int SSH_PORT = 22;
    private static final int MOST_PORT = 65535;
    private static final Pattern FORM =
            Pattern.compile("([a-z_][a-z0-9_-]{0,31})@([0-9]{1,3}(?:\\.[0-9]{1,3}){3})(?::([1-9][0-9]{0,4}))?");

    /**
     * Reads {@code user@address:port}, where the port may be left out. The address is in figures; whether it is one that may be
     * connected to is for the caller to say. Empty for any other text.
     */
    public static Optional<JumpHost> read(String text) {
        Matcher read = FORM.matcher(text);
        if (!read.matches()) {
            return Optional.empty();
        }
        String said = read.group(3);
        int port = said == null ? SSH_PORT : Integer.parseInt(said);
        if (port > MOST_PORT) {
            return Optional.empty();
        }
        String user = Objects.requireNonNull(read.group(1));
        return Optional.of(new JumpHost(user, Objects.requireNonNull(read.group(2)), port));
    }

    @Override
    public String toString() {
        return user + "@" + address + ":" + port;
    }
}
