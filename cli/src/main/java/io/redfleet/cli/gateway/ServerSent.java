package io.redfleet.cli.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads one server-sent event after another (WHATWG HTML, "Server-sent events", parsing an event stream).
 *
 * <p>An event that the connection cuts in the middle is dropped, as the standard asks: it comes again after the resume.
 */
final class ServerSent {
    /** One dispatched event; {@code id} is empty where the stream gave none yet. */
    record Event(String id, String type, String data) {}

    private final BufferedReader lines;
    private final Runnable heard;
    private String id = "";

    /** @param heard called for every line, comments too: the sign of life */
    ServerSent(BufferedReader lines, Runnable heard) {
        this.lines = lines;
        this.heard = heard;
    }

    /** The next event, or nothing at the end of the stream. */
    Optional<Event> next() throws IOException {
        String type = "";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            heard.run();
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    data.setLength(data.length() - 1);
                    return Optional.of(new Event(id, type, data.toString()));
                }
                type = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "id" -> id = value;
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
