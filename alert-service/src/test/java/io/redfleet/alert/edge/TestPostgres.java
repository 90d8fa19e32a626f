package io.redfleet.alert.edge;

import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.TempDirectory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL that can be stopped and started again with its data. Ends with this JVM. */
public final class TestPostgres implements AutoCloseable {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable TestPostgres shared;

    private final TempDirectory directory;
    private final Path data;
    private final int port;
    private final Map<String, String> settings;
    private @Nullable EmbeddedPostgres server;

    /** @param data null: in a directory of its own */
    private TestPostgres(@Nullable Path data, Map<String, String> settings) {
        this.settings = settings;
        directory = TempDirectory.named("alert-postgres");
        this.data = data == null ? directory.path().resolve("data") : data;
        port = FreePort.choose();
        start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "test-postgres-end"));
    }

    /** One for all tests of this JVM; each takes a database of its own from it. */
    public static synchronized TestPostgres shared() {
        if (shared == null) {
            shared = new TestPostgres(null, Map.of());
        }
        return shared;
    }

    /** For a test that stops it. */
    public static TestPostgres own() {
        return new TestPostgres(null, Map.of());
    }

    /** With its data in a directory of the test's choice, which need not be there yet. */
    public static TestPostgres ownOn(Path data) {
        return new TestPostgres(data, Map.of());
    }

    /** That speaks TLS with whoever wants it. */
    public static TestPostgres withTls(Path certificate, Path key) {
        return new TestPostgres(
                null, Map.of("ssl", "on", "ssl_cert_file", certificate.toString(), "ssl_key_file", key.toString()));
    }

    /** A new, empty database. */
    public DataSource database() {
        return source(newDatabase());
    }

    /** A new, empty database by its name. */
    public synchronized String newDatabase() {
        String name = "t" + DATABASES.incrementAndGet();
        try (var connection = source("postgres").getConnection();
                var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return name;
    }

    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public void start() {
        try {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
            settings.forEach(builder::setServerConfig);
            server = builder.setPort(port)
                    .setDataDirectory(data)
                    .setOverrideWorkingDirectory(directory.path().toFile())
                    .setCleanDataDirectory(false)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        EmbeddedPostgres running = server;
        server = null;
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        stop();
        directory.close();
    }

    private DataSource source(String database) {
        EmbeddedPostgres running = Objects.requireNonNull(server, "stopped");
        return running.getDatabase("postgres", database, Map.of("connectTimeout", "2", "socketTimeout", "10"));
    }
}
