package io.redfleet.adopt.edge;

import io.redfleet.adopt.Answer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Redis's protocol (RESP2), both ways. It reads no more bytes than it may, and no more items or levels than any answer
 * to a survey's questions has: what a stranger announces is never made room for before it has come.
 */
final class Wire {
    /** A Sentinel says some forty of each replica. */
    private static final int MOST_ITEMS = 50_000;

    /** {@code SENTINEL REPLICAS} has two levels. */
    private static final int DEEPEST = 4;

    /** A line of the protocol itself: a number, a status, an error. */
    private static final int MOST_LINE = 4_096;

    private final InputStream in;
    private final long mostBytes;
    private long bytes;
    private int items;

    /** @param mostBytes of all answers together */
    Wire(InputStream in, long mostBytes) {
        this.in = new BufferedInputStream(in);
        this.mostBytes = mostBytes;
    }

    /** Something that is no answer, or more of one than is read. */
    static final class Unlikely extends IOException {
        private static final long serialVersionUID = 1L;

        Unlikely(String what) {
            super(what);
        }
    }

    /** How many have been read of all answers. */
    long bytes() {
        return bytes;
    }

    /** A command as an array of bulk strings. */
    static byte[] command(List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("*" + words.size() + "\r\n"));
        for (String word : words) {
            byte[] text = word.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ascii("$" + text.length + "\r\n"));
            out.writeBytes(text);
            out.writeBytes(ascii("\r\n"));
        }
        return out.toByteArray();
    }

    /** The next answer, whole. */
    Answer answer() throws IOException {
        items = 0;
        return answer(DEEPEST);
    }

    private Answer answer(int levels) throws IOException {
        if (++items > MOST_ITEMS) {
            throw new Unlikely("an answer of more than " + MOST_ITEMS + " items");
        }
        int type = octet();
        String line = line();
        return switch (type) {
            case '+', ':' -> new Answer.Text(line);
            case '-' -> new Answer.Refusal(line);
            case '$' -> bulk(length(line));
            case '*' -> many(length(line), levels);
            default -> throw new Unlikely("no answer of a Redis");
        };
    }

    private Answer bulk(long length) throws IOException {
        if (length < 0) {
            return new Answer.Nothing();
        }
        if (length > mostBytes - bytes) {
            throw tooLong();
        }
        byte[] text = in.readNBytes((int) length + 2);
        bytes += text.length;
        if (text.length < length + 2) {
            throw new EOFException("the connection ended within an answer");
        }
        return new Answer.Text(new String(text, 0, (int) length, StandardCharsets.UTF_8));
    }

    private Answer many(long length, int levels) throws IOException {
        if (length < 0) {
            return new Answer.Nothing();
        }
        if (levels == 0) {
            throw new Unlikely("an answer of more than " + DEEPEST + " levels");
        }
        List<Answer> all = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            all.add(answer(levels - 1));
        }
        return new Answer.Many(all);
    }

    private static long length(String line) throws IOException {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw new Unlikely("no answer of a Redis");
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = octet(); octet != '\r'; octet = octet()) {
            if (line.size() == MOST_LINE) {
                throw new Unlikely("a line of more than " + MOST_LINE + " bytes");
            }
            line.write(octet);
        }
        if (octet() != '\n') {
            throw new Unlikely("no answer of a Redis");
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private int octet() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("the connection ended");
        }
        if (++bytes > mostBytes) {
            throw tooLong();
        }
        return octet;
    }

    private Unlikely tooLong() {
        return new Unlikely("answers of more than " + mostBytes + " bytes");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
