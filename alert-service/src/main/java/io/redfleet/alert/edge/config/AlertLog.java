package io.redfleet.alert.edge.config;

import io.redfleet.bus.codec.BusRecord;
import org.jboss.logging.Logger;
import org.jboss.logging.annotations.Cause;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** Everything that this service logs. Ids 3000 to 3999 are the alert-service's. */
@MessageLogger(projectCode = "RDF", length = 4)
public interface AlertLog {
    @LogMessage(level = Logger.Level.INFO)
    @Message(id = 3001, value = "reading; target=%s receivers=%d")
    void started(String instance, int receivers);

    @LogMessage(level = Logger.Level.INFO)
    @Message(id = 3002, value = "ends; target=%s")
    void ended(String instance);

    @LogMessage(level = Logger.Level.WARN)
    @Message(id = 3003, value = "waits and tries again; step=%s error=%s")
    void waits(String loop, String reason);

    @LogMessage(level = Logger.Level.INFO)
    @Message(id = 3004, value = "goes on; step=%s")
    void goesOn(String loop);

    @LogMessage(level = Logger.Level.ERROR)
    @Message(id = 3005, value = "a bug: the step is tried again; step=%s")
    void broke(String loop, @Cause Throwable bug);

    @LogMessage(level = Logger.Level.ERROR)
    @Message(id = 3006, value = "a record could not be taken and is passed over; record=%s")
    void passedOver(BusRecord record, @Cause Throwable bug);
}
