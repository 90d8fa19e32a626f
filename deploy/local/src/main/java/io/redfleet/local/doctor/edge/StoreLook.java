package io.redfleet.local.doctor.edge;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.local.Home;
import io.redfleet.local.LocalBus;
import io.redfleet.local.Ports;
import io.redfleet.local.Standing;
import io.redfleet.local.doctor.BusCheck;
import io.redfleet.local.doctor.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Looks into PostgreSQL as the alert-service: how far it has read the bus, and what it has not sent. */
final class StoreLook {
    private static final int PATIENCE_SECONDS = 5;
    /** The sender takes some hundred at a time. */
    private static final long MOST_WAITING = 1_000;

    private static final String OUTBOX = "select count(*) from outbox";

    private final Home home;
    private final Ports ports;

    StoreLook(Home home, Ports ports) {
        this.home = home;
        this.ports = ports;
    }

    List<Finding> findings(boolean postgres, boolean kafka) throws IOException {
        if (!postgres) {
            return List.of(Finding.unseen("bus", "postgres", "does not run"));
        }
        List<Finding> found = new ArrayList<>();
        if (!Files.exists(Standing.databasePassword(home))) {
            return List.of(Finding.unseen("bus", "postgres", "there is no password to ask it with"));
        }
        Properties login = new Properties();
        login.setProperty("user", Standing.databaseRole());
        login.setProperty(
                "password", Files.readString(Standing.databasePassword(home)).strip());
        login.setProperty("requireAuth", Standing.databaseLogin());
        login.setProperty("connectTimeout", "" + PATIENCE_SECONDS);
        login.setProperty("socketTimeout", "" + PATIENCE_SECONDS);
        try (Connection connection = DriverManager.getConnection(Standing.databaseUrl(ports), login);
                Statement statement = connection.createStatement()) {
            found.add(BusCheck.postgres(Optional.empty()));
            found.add(outbox(statement));
            if (kafka) {
                lag(statement).ifPresent(found::add);
            }
        } catch (SQLException e) {
            found.add(BusCheck.postgres(Optional.of(String.valueOf(e.getMessage()))));
        }
        return found;
    }

    /** The table tells no times, so only its depth is judged. */
    private static Finding outbox(Statement statement) throws SQLException {
        return BusCheck.outbox("alert", number(statement, OUTBOX), "records", MOST_WAITING, Duration.ZERO);
    }

    private Optional<Finding> lag(Statement statement) throws SQLException {
        Map<TopicPartition, Long> read = new HashMap<>();
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        try (ResultSet rows = statement.executeQuery("select topic, partition, next_offset from reader_offset")) {
            while (rows.next()) {
                TopicPartition partition = new TopicPartition(rows.getString(1), rows.getInt(2));
                read.put(partition, rows.getLong(3));
                asked.put(partition, OffsetSpec.latest());
            }
        }
        try {
            BusSettings settings = LocalBus.of(home, ports, "doctor");
            try (Admin admin = Admin.create(settings.common())) {
                Map<TopicPartition, ListOffsetsResultInfo> ends =
                        admin.listOffsets(asked).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                long unread = ends.entrySet().stream()
                        .mapToLong(end -> Math.max(0, end.getValue().offset() - read.getOrDefault(end.getKey(), 0L)))
                        .sum();
                return Optional.of(BusCheck.lag("alert", unread));
            }
        } catch (BackupRefused | KafkaException | ExecutionException | TimeoutException e) {
            return Optional.of(Finding.unseen("bus", "alert", "Kafka does not say how much is unread"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static long number(Statement statement, String question) throws SQLException {
        try (ResultSet rows = statement.executeQuery(question)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
