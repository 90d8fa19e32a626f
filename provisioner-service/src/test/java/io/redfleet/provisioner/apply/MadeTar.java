package io.redfleet.provisioner.apply;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** An archive of a Redis that says its version and nothing else, with members that no honest tar would write. */
public final class MadeTar {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Of no Redis. */
    MadeTar() {}

    /** Of one that is called a Valkey, with a server that says this to --version. */
    static MadeTar ofValkey(String says) {
        MadeTar tar = new MadeTar();
        tar.member('5', "bin/", "", 0777, "");
        tar.member('0', "bin/valkey-server", "", 0755, "#!/bin/sh\necho '" + says + "'\n");
        tar.member('0', "bin/valkey-cli", "", 0755, "#!/bin/sh\n");
        tar.member('2', "bin/valkey-sentinel", "valkey-server", 0777, "");
        return tar;
    }

    /** @param version what its server says; empty: nothing */
    public MadeTar(String version) {
        String said = version.isEmpty() ? "" : "echo 'Redis server v=" + version + " sha=00000000:0 malloc=libc'\n";
        member('5', "bin/", "", 0777, "");
        member('0', "bin/redis-server", "", 06777, "#!/bin/sh\n" + said);
        member('0', "bin/redis-cli", "", 0755, "#!/bin/sh\n");
        member('2', "bin/redis-sentinel", "redis-server", 0777, "");
    }

    /**
     * Adds a member.
     *
     * @param kind as the format has it: 0 a file, 1 a hard link, 2 a symbolic one, 3 and 4 devices, 5 a directory, 6 a pipe
     */
    void member(char kind, String name, String link, int mode, String content) {
        byte[] data = content.getBytes(StandardCharsets.ISO_8859_1);
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, octal(mode, 7));
        put(header, 108, octal(0, 7));
        put(header, 116, octal(0, 7));
        put(header, 124, octal(data.length, 11));
        put(header, 136, octal(0, 11));
        put(header, 148, "        ");
        put(header, 156, String.valueOf(kind));
        put(header, 157, link);
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, octal(sum, 6) + "\0 ");
        bytes.writeBytes(header);
        bytes.writeBytes(data);
        bytes.writeBytes(new byte[(BLOCK - data.length % BLOCK) % BLOCK]);
    }

    /** Written there, compressed. */
    public Path packed(Path file) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            bytes.writeTo(out);
            out.write(new byte[2 * BLOCK]);
        }
        return file;
    }

    /** In hex. */
    public static String sha256(byte[] content) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    private static void put(byte[] header, int at, String text) {
        byte[] word = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(word, 0, header, at, word.length);
    }

    private static String octal(int number, int digits) {
        String octal = Integer.toOctalString(number);
        return "0".repeat(digits - octal.length()) + octal;
    }
}
