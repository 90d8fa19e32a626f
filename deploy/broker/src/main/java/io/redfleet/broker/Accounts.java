package io.redfleet.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;

/**
 * Who may log in: a directory with one client properties file per account, {@code NAME.properties}, as that account's own
 * clients read it.
 */
record Accounts(List<Account> all) {
    /** The one that may do everything; whoever starts the broker makes topics and rights with it. */
    static final String ADMIN = "admin";

    private static final String SUFFIX = ".properties";

    Accounts {
        all = List.copyOf(all);
    }

    /** @throws IOException if a file cannot be read or does not hold the login that its name promises */
    static Accounts in(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> named = files.filter(
                            file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
            List<Account> all = new ArrayList<>();
            for (Path file : named) {
                all.add(read(file));
            }
            if (all.stream().noneMatch(account -> account.name().equals(ADMIN))) {
                throw new IOException("no account " + ADMIN + " in " + directory);
            }
            return new Accounts(all);
        }
    }

    Account admin() {
        return all.stream()
                .filter(account -> account.name().equals(ADMIN))
                .findFirst()
                .orElseThrow();
    }

    private static Account read(Path file) throws IOException {
        String fileName = file.getFileName().toString();
        String name = fileName.substring(0, fileName.length() - SUFFIX.length());
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        String login = properties.getProperty(SaslConfigs.SASL_JAAS_CONFIG, "");
        try {
            Map<String, ?> options = JaasContext.loadClientContext(
                            Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(login)))
                    .configurationEntries()
                    .getFirst()
                    .getOptions();
            Object password = options.get("password");
            if (!name.equals(options.get("username")) || password == null || name.equals(InnerLogin.USER)) {
                throw new IOException(file + " does not hold a login of " + name);
            }
            return new Account(name, String.valueOf(password));
        } catch (IllegalArgumentException unreadable) {
            // Without the cause: its message repeats what could not be read.
            throw new IOException(file + " holds no login that Kafka understands");
        }
    }

    /** A name and its password, which is never shown. */
    record Account(String name, String password) {
        @Override
        public String toString() {
            return name + ":***";
        }
    }
}
