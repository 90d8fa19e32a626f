package io.redfleet.alert.edge.config;

import io.quarkus.arc.Unremovable;
import io.quarkus.credentials.CredentialsProvider;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The database's user and password for each new connection. The password stands in the file that {@code
 * REDFLEET_DB_PASSWORD_FILE} names and nowhere else; without one the database must know the user
 * otherwise, and its URL say so ({@code requireAuth}).
 */
@ApplicationScoped
@Unremovable
@Named("password-file")
public class PasswordFile implements CredentialsProvider {
    private final String user;
    private final Optional<Path> file;

    PasswordFile(
            @ConfigProperty(name = "quarkus.datasource.username") String user,
            @ConfigProperty(name = "redfleet.db.password.file") Optional<Path> file) {
        this.user = user;
        this.file = file;
    }

    @Override
    public Map<String, String> getCredentials(String credentialsProviderName) {
        if (file.isEmpty()) {
            return Map.of(USER_PROPERTY_NAME, user);
        }
        try {
            String password = Files.readString(file.get()).strip();
            return Map.of(USER_PROPERTY_NAME, user, PASSWORD_PROPERTY_NAME, password);
        } catch (IOException e) {
            throw new UncheckedIOException("the database's password file " + file.get() + " cannot be read", e);
        }
    }
}
