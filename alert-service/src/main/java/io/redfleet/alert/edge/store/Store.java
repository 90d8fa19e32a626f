package io.redfleet.alert.edge.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;

/** The database as a whole. Thread-safe. */
public final class Store {
    /** Classes of SQLSTATE that say "not now": connection, rollback, resources, operator, system, and a start-up in progress. */
    private static final Set<String> NOT_NOW = Set.of("08", "25", "40", "53", "55", "57", "58", "XX");

    private final DataSource source;

    public Store(DataSource source) {
        this.source = source;
    }

    /**
     * Runs the work in one transaction, at read committed.
     *
     * @throws StoreAway the database cannot be asked; if that happened at the commit, it may or may not have come to last
     */
    public <T> T inTransaction(Function<Tx, T> work) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            return committed(connection, work);
        } catch (SQLException e) {
            throw translated(e);
        }
    }

    private static <T> T committed(Connection connection, Function<Tx, T> work) throws SQLException {
        boolean done = false;
        try {
            T result = work.apply(new Tx(new Rows(connection)));
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollBack(connection);
            }
        }
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is gone, and the transaction with it; the failure that brought us here is the one to tell.
        }
    }

    static RuntimeException translated(SQLException e) {
        String state = e.getSQLState();
        boolean away = state == null || (state.length() >= 2 && NOT_NOW.contains(state.substring(0, 2)));
        return away
                ? new StoreAway("the database is away: " + firstLine(e), e)
                : new IllegalStateException("the database refused a statement (" + state + "): " + firstLine(e), e);
    }

    private static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
