package io.redfleet.alert.edge.store;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings the schema up to date before the first use, whenever the database first answers. Safe for several processes. */
public final class Schema {
    private final Flyway flyway;
    private final AtomicBoolean done = new AtomicBoolean();

    public Schema(Flyway flyway) {
        this.flyway = flyway;
    }

    /** @throws StoreAway as long as the database cannot be asked */
    public synchronized void ready() {
        if (done.get()) {
            return;
        }
        try {
            flyway.migrate();
            done.set(true);
        } catch (FlywayException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    throw Store.translated(sql);
                }
            }
            throw e;
        }
    }
}
