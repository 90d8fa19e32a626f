package io.redfleet.local.demo;

import io.redfleet.local.StartRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A key pair without a passphrase: the private half in this file, the public one beside it. */
record KeyFile(Path file) {
    private static final Duration MADE_WITHIN = Duration.ofSeconds(10);

    /** Makes it unless it is there. */
    void make(Programs programs) throws IOException, InterruptedException, StartRefused {
        if (Files.exists(file) && Files.exists(publicFile())) {
            return;
        }
        Files.deleteIfExists(file);
        Files.deleteIfExists(publicFile());
        Process keygen = new ProcessBuilder(
                        programs.keygen().toString(), "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        if (!keygen.waitFor(MADE_WITHIN.toSeconds(), TimeUnit.SECONDS) || keygen.exitValue() != 0) {
            keygen.destroyForcibly();
            String said = new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            throw new StartRefused("ssh-keygen made no key " + file + ": " + said);
        }
    }

    Path publicFile() {
        return file.resolveSibling(file.getFileName() + ".pub");
    }

    /** Type and base64, no comment: as a spec and an authorized_keys file want it. */
    String publicKey() throws IOException {
        String[] words = Files.readString(publicFile()).strip().split("\\s+", 3);
        return words[0] + " " + words[1];
    }
}
