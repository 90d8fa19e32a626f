package io.redfleet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The server's half of RESP2, as far as probes need it. */
final class Resp {
    private static final int WORDS_MAX = 1_000;

    private Resp() {}

    /** An error reply, as {@code LOADING Redis is loading the dataset in memory}. */
    record Failure(String message) {}

    /** A simple string, as {@code PONG}. */
    record Simple(String text) {}

    static List<String> command(BufferedInputStream in) throws IOException {
        String head = line(in);
        if (!head.startsWith("*")) {
            return List.of(head.split(" "));
        }
        int count = Integer.parseInt(head.substring(1));
        if (count > WORDS_MAX) {
            throw new IOException("a command of " + count + " words");
        }
        List<String> words = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = Integer.parseInt(line(in).substring(1));
            words.add(new String(in.readNBytes(length), UTF_8));
            in.skipNBytes(2);
        }
        return words;
    }

    /** Strings are bulk strings, lists arrays, whole numbers integers. */
    static byte[] reply(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, value);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case Failure failure -> text(out, "-" + failure.message());
            case Simple simple -> text(out, "+" + simple.text());
            case Number number -> text(out, ":" + number);
            case List<?> list -> {
                text(out, "*" + list.size());
                list.forEach(item -> write(out, item));
            }
            default -> {
                byte[] bytes = value.toString().getBytes(UTF_8);
                text(out, "$" + bytes.length);
                out.writeBytes(bytes);
                out.writeBytes(new byte[] {'\r', '\n'});
            }
        }
    }

    private static void text(ByteArrayOutputStream out, String line) {
        out.writeBytes((line + "\r\n").getBytes(UTF_8));
    }

    private static String line(BufferedInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
    }
}
