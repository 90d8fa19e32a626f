package io.redfleet.monitrc;

/** What a rule asks for. Each of them is also told. */
public sealed interface Action {
    /** Nothing but telling. */
    record Alert() implements Action {}

    record Restart() implements Action {}

    record Start() implements Action {}

    /** Stops, and ends the monitoring. */
    record Stop() implements Action {}

    /** Ends the monitoring and leaves the service as it is; {@code timeout} is another word for it. */
    record Unmonitor() implements Action {}

    /** @param repeat at each n-th further failure too; 0: only once */
    record Exec(Command command, int repeat) implements Action {}

    /** As a control file writes it. */
    default String word() {
        return switch (this) {
            case Alert alert -> "alert";
            case Restart restart -> "restart";
            case Start start -> "start";
            case Stop stop -> "stop";
            case Unmonitor unmonitor -> "unmonitor";
            case Exec exec -> "exec";
        };
    }
}
