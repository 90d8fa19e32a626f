package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.wire.Violation;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether {@code monit.agent: on} can be carried out: somebody has to be there to whom a Monit on these hosts can report. */
public final class AgentRules {
    /** What is asked of the setting that says where that is. */
    public static final String FORM =
            "must be http:// or https://, the name or IPv4 address by which hosts reach the gateway's collector, and its"
                    + " port, such as https://gateway.example.com:8474";

    private static final Pattern URL =
            Pattern.compile("https?://[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[1-9]\\d{0,4})?");
    private static final int MOST_PORT = 65_535;
    private static final String FIELD = "spec.monit.agent";

    private AgentRules() {}

    /** Whether hosts' Monits can be told to report there. */
    public static boolean isAddress(String collector) {
        return URL.matcher(collector).matches() && URI.create(collector).getPort() <= MOST_PORT;
    }

    /** @param collector as {@link #isAddress} takes it; empty: the installation does not say */
    public static List<Violation> judge(ClusterSpec spec, Optional<String> collector) {
        if (!spec.monit().on()) {
            return List.of();
        }
        if (collector.isEmpty()) {
            String rule =
                    "needs to know where Monit reports: set REDFLEET_COLLECTOR_URL of the provisioner to the address"
                            + " of the gateway's collector, as the hosts reach it";
            return List.of(new Violation(FIELD, "on", rule));
        }
        return spec.hosts().stream()
                .filter(host -> isHere(collector.get()) && !host.address().startsWith("127."))
                .map(host -> new Violation(FIELD, "on", elsewhere(collector.get(), host)))
                .limit(1)
                .toList();
    }

    private static String elsewhere(String collector, HostSpec host) {
        return "the collector is known as " + collector + ", which on " + host.name()
                + " is that host itself: set REDFLEET_COLLECTOR_URL of the provisioner to the address by which the"
                + " hosts reach it";
    }

    private static boolean isHere(String collector) {
        String host = String.valueOf(URI.create(collector).getHost());
        return host.equals("localhost") || host.startsWith("127.");
    }
}
