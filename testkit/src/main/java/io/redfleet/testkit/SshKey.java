package io.redfleet.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An ed25519 key pair in files, made by ssh-keygen; the private file is readable by its owner only. */
public record SshKey(Path privateFile) {

    public static SshKey generate(Path privateFile) throws IOException {
        run(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", privateFile.toString()));
        return new SshKey(privateFile);
    }

    private static void run(List<String> argv) throws IOException {
        Process keygen = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String said = new String(keygen.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (!keygen.waitFor(10, TimeUnit.SECONDS) || keygen.exitValue() != 0) {
                throw new IOException("ssh-keygen: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a key is made", e);
        }
    }

    /** Type and base64, no comment. */
    public String publicKey() {
        return publicPart(privateFile);
    }

    /**
     * Lets another key sign this one; the certificate is written beside it.
     *
     * @param options what ssh-keygen takes besides: {@code -h} for a host's, {@code -n} names, {@code -V} a time
     */
    public Path signedBy(SshKey authority, String... options) throws IOException {
        List<String> argv = new ArrayList<>(
                List.of("ssh-keygen", "-q", "-s", authority.privateFile().toString()));
        argv.addAll(List.of("-I", "test"));
        argv.addAll(List.of(options));
        argv.add(publicFile(privateFile).toString());
        run(argv);
        return privateFile.resolveSibling(privateFile.getFileName() + "-cert.pub");
    }

    static Path publicFile(Path privateFile) {
        return privateFile.resolveSibling(privateFile.getFileName() + ".pub");
    }

    static String publicPart(Path privateFile) {
        try {
            String[] words = Files.readString(publicFile(privateFile)).trim().split("\\s+", 3);
            return words[0] + " " + words[1];
        } catch (IOException e) {
            throw new UncheckedIOException("no public key beside " + privateFile, e);
        }
    }
}
