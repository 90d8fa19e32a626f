package io.redfleet.monitrc;

import java.util.Map;
import java.util.Set;

/** Where the job of a statement is done that Redfleet does not take from a control file. */
final class Elsewhere {
    static final String CHECKS = "check a process, host, system, filesystem or program";
    static final String RECEIVERS = "people are told through the receivers of alert-service (docs/alerting.md)";
    static final String CRON = "use `every N cycles`";

    private static final Set<String> OF_MONIT_ITSELF =
            Set.of("log", "logfile", "pidfile", "idfile", "statefile", "terminal", "fips", "init");

    private static final Map<String, String> SETTINGS = Map.of(
            "alert", RECEIVERS,
            "mailserver", RECEIVERS,
            "mail-format", RECEIVERS,
            "eventqueue", "not needed: no event is dropped while nobody can take it",
            "mmonit", "not needed: what Redfleet sees is on its gateway and on Kafka",
            "limits", "write `with timeout N seconds` beside the program",
            "onreboot", "monitoring goes on where it was",
            "ssl", "TLS is a setting of the cluster, not of a rule");

    private Elsewhere() {}

    static boolean ofMonitItself(String setting) {
        return OF_MONIT_ITSELF.contains(setting);
    }

    static String setting(String name) {
        return SETTINGS.getOrDefault(name, "");
    }
}
