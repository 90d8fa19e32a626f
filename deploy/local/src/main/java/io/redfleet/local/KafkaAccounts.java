package io.redfleet.local;

import io.redfleet.bus.topics.Account;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The broker's accounts: a file of Kafka client properties for each, {@code credentials/kafka/NAME.properties}, readable by
 * its owner alone.
 *
 * <p>A file that is missing is made with a password of 256 random bits, and the next start of the broker takes it: so a
 * password is drawn anew by removing its file and saying {@code up}.
 */
public record KafkaAccounts(Path directory) {
    private static final int BYTES = 32;

    public static KafkaAccounts of(Home home) {
        return new KafkaAccounts(home.credentials().resolve("kafka"));
    }

    /** The file by which a client of that account logs in. */
    public Path login(Account account) {
        return directory.resolve(account.word() + ".properties");
    }

    /** Makes what is missing. Two that do so at once end up with the same passwords. */
    void make() throws IOException {
        OwnerOnly.directory(directory);
        for (Account account : Account.values()) {
            Path file = login(account);
            if (!Files.exists(file)) {
                draw(account, file);
            }
        }
    }

    /** Differs when any login does. */
    String stamp() throws IOException {
        StringBuilder stamp = new StringBuilder();
        for (Account account : Account.values()) {
            stamp.append(stamp(account)).append(',');
        }
        return Integer.toHexString(stamp.toString().hashCode());
    }

    /** Differs when that login does. */
    String stamp(Account account) throws IOException {
        return Long.toHexString(Files.getLastModifiedTime(login(account)).toMillis());
    }

    private void draw(Account account, Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path draft = Files.createTempFile(directory, "." + account.word(), "", OwnerOnly.FILE);
        Files.writeString(draft, text(account, password));
        try {
            // A link fails where a move would replace what another up has drawn meanwhile.
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException faster) {
            // Its password counts.
        } finally {
            Files.delete(draft);
        }
    }

    private static String text(Account account, String password) {
        String groups = account == Account.CONSUMER
                ? "# Reads the events and the alerts, in any group whose name begins with " + Account.CONSUMER_GROUPS
                        + "\n"
                : "";
        return """
                # Kafka client properties of the account %1$s; the address is not part of it.
                %2$ssecurity.protocol=SASL_PLAINTEXT
                sasl.mechanism=SCRAM-SHA-512
                sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="%1$s" password="%3$s";
                """.formatted(account.word(), groups, password);
    }
}
