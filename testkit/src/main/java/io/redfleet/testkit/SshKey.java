package io.redfleet.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An ed25519 key pair in files, made by ssh-keygen; the private file is readable by its owner only. */
public record SshKey(Path privateFile) {

    public static SshKey generate(Path privateFile) throws IOException {
        Process keygen = new ProcessBuilder(
                        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", privateFile.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(keygen.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            if (!keygen.waitFor(10, TimeUnit.SECONDS) || keygen.exitValue() != 0) {
                throw new IOException("ssh-keygen: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a key is made", e);
        }
        return new SshKey(privateFile);
    }

    /** Type and base64, no comment. */
    public String publicKey() {
        return publicPart(privateFile);
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
