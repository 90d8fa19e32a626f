package io.redfleet.cli.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Whoever else listens where this home's own gateway should. While the stack is down any user of the machine can take its
 * port, and would be handed the token of the first verb that is typed.
 *
 * <p>Looked at just before the token is sent; somebody who takes the port in between is not seen. Only for the token that
 * lies in the home: another one may belong to an installation of another user. Where the kernel does not tell, nothing is
 * found.
 */
public final class Impostor {
    private static final int ROOT = 0;
    private static final String LISTENING = "0A";
    /** 127.0.0.1, any, and the same as IPv6 writes them, ::1 among them. */
    private static final Set<String> ADDRESSES = Set.of(
            "0100007F",
            "00000000",
            "00000000000000000000000000000000",
            "00000000000000000000000001000000",
            "0000000000000000FFFF00000100007F");

    private Impostor() {}

    /** Empty if all is well; otherwise why the token stays here. */
    public static Optional<String> at(Settings settings) {
        Path own = settings.home().resolve("credentials").resolve("admin-token");
        if (!settings.local() || !settings.tokenFile().equals(own)) {
            return Optional.empty();
        }
        int named = settings.url().getPort();
        int usual = "https".equals(settings.url().getScheme()) ? 443 : 80;
        int port = named < 0 ? usual : named;
        try {
            int owner = (Integer) Files.getAttribute(own, "unix:uid");
            List<String> sockets = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
            sockets.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
            OptionalInt stranger = stranger(sockets, port, owner);
            return stranger.isEmpty()
                    ? Optional.empty()
                    : Optional.of("port " + port + " is held by another user of this machine, with the id "
                            + stranger.getAsInt() + ": the token is not sent there");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException untold) {
            return Optional.empty();
        }
    }

    /** The user who listens on that port of this machine's and is neither the owner nor root. */
    static OptionalInt stranger(List<String> sockets, int port, int owner) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        return sockets.stream()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields.length > 7 && fields[3].equals(LISTENING) && fields[1].endsWith(suffix))
                .filter(fields -> ADDRESSES.contains(fields[1].substring(0, fields[1].length() - suffix.length())))
                .mapToInt(fields -> Integer.parseInt(fields[7]))
                .filter(user -> user != ROOT && user != owner)
                .findFirst();
    }
}
