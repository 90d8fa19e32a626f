package io.redfleet.cli.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads one block of server-sent events after another (WHATWG HTML, "Server-sent events", parsing an event stream).
 *
 * <p>An event that the connection cuts in the middle is dropped, as the standard asks: it comes again after the resume.
 */
final class ServerSent {
    /**
     * One block that ended with its empty line.
     *
     * @param id the last one that the stream gave; empty where it gave none yet
     * @param data empty for a block that moves the id and tells no event, such as a heartbeat
     */
    record Block(String id, String type, String data) {}

    private final BufferedReader lines;
    private final Runnable heard;
    private String id = "";

    /** @param heard called for every line, comments too: the sign of life */
    ServerSent(BufferedReader lines, Runnable heard) {
        this.lines = lines;
        this.heard = heard;
    }

    /** The next block that tells an event or gives an id, or nothing at the end of the stream. */
    Optional<Block> next() throws IOException {
        String type = "";
        boolean told = false;
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            heard.run();
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    data.setLength(data.length() - 1);
                    return Optional.of(new Block(id, type, data.toString()));
                }
                if (told) {
                    return Optional.of(new Block(id, "", ""));
                }
                type = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "id" -> {
                    id = value;
                    told = true;
                }
                case "event" -> type = value;
                case "data" -> data.append(value).append('\n');
                default -> {
                    // A comment (empty field), retry, or a field of a later standard: no meaning here.
                }
            }
        }
        return Optional.empty();
    }
}
