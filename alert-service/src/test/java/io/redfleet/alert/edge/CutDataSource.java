package io.redfleet.alert.edge;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The process dies at its n-th commit: from then on no connection does anything any more. Whether that commit itself came
 * to last is chosen.
 */
final class CutDataSource implements DataSource {
    private final DataSource real;
    private final int at;
    private final boolean lasts;
    private final AtomicInteger commits = new AtomicInteger();

    /** @param at counts from 1 */
    CutDataSource(DataSource real, int at, boolean lasts) {
        this.real = real;
        this.at = at;
        this.lasts = lasts;
    }

    boolean dead() {
        return commits.get() >= at;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (dead()) {
            throw died();
        }
        Connection connection = real.getConnection();
        return (Connection) Proxy.newProxyInstance(
                CutDataSource.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, values) -> call(connection, method, values));
    }

    private @Nullable Object call(Connection connection, Method method, Object @Nullable [] values) throws Throwable {
        if (method.getName().equals("close")) {
            return invoke(connection, method, values);
        }
        if (method.getName().equals("commit")) {
            int number = commits.incrementAndGet();
            if (number > at || (number == at && !lasts)) {
                connection.rollback();
                throw died();
            }
            connection.commit();
            if (number == at) {
                throw died();
            }
            return null;
        }
        if (dead()) {
            throw died();
        }
        return invoke(connection, method, values);
    }

    private static @Nullable Object invoke(Connection connection, Method method, Object @Nullable [] values)
            throws Throwable {
        try {
            return method.invoke(connection, values);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static SQLException died() {
        return new SQLException("the process died here", "08006");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return real.isWrapperFor(type);
    }
}
