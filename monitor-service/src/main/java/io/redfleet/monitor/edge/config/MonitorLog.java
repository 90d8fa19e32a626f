package io.redfleet.monitor.edge.config;

import org.jboss.logging.Logger;
import org.jboss.logging.annotations.Cause;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** Everything that this service logs. Ids 2000 to 2999 are the monitor's. */
@MessageLogger(projectCode = "RDF", length = 4)
public interface MonitorLog {
    @LogMessage(level = Logger.Level.INFO)
    @Message(id = 2001, value = "watching; target=%s brokers=%s")
    void started(String instance, String bootstrap);

    @LogMessage(level = Logger.Level.INFO)
    @Message(id = 2002, value = "told %s; target=%s id=%s reason=%s")
    void told(String type, String subject, String id, String reason);

    @LogMessage(level = Logger.Level.WARN)
    @Message(id = 2003, value = "not delivered; what=%s error=%s")
    void givenUp(String what, String error);

    @LogMessage(level = Logger.Level.ERROR)
    @Message(id = 2004, value = "a record cannot be read and is passed over; record=%s error=%s")
    void unreadable(String record, String error);

    @LogMessage(level = Logger.Level.ERROR)
    @Message(id = 2005, value = "a bug: the step is given up, the watch goes on")
    void bug(@Cause Throwable cause);

    @LogMessage(level = Logger.Level.INFO)
    @Message(id = 2006, value = "warm after %d ms")
    void warm(long millis);

    @LogMessage(level = Logger.Level.INFO)
    @Message(id = 2007, value = "ends")
    void ended();

    @LogMessage(level = Logger.Level.WARN)
    @Message(
            id = 2008,
            value =
                    "the outbox finds no room on its disk: %d records are sent, but would be lost with this process; target=%s")
    void unsafe(long records, String instance);

    @LogMessage(level = Logger.Level.ERROR)
    @Message(id = 2009, value = "a bug: the step is given up, others are watched on; target=%s")
    void faulty(String cluster, @Cause Throwable cause);
}
