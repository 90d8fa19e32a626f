package io.redfleet.local.doctor.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.redfleet.bus.codec.Codec;
import io.redfleet.local.Home;
import io.redfleet.local.Ports;
import io.redfleet.local.Standing;
import io.redfleet.local.doctor.Finding;
import io.redfleet.local.doctor.Report;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code ./redfleet doctor [-o table|json] [--port-offset N]}: the whole installation on this machine, and through its
 * gateway the hosts. Ends with 0 if all is well, 1 if something is wrong, 2 on bad usage, 3 if the stack does not run.
 */
public final class Doctor {
    private Doctor() {}

    public static void main(String[] arguments) throws IOException {
        boolean json;
        Ports asked;
        try {
            json = json(arguments);
            asked = Ports.of(arguments, System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println("redfleet doctor: " + e.getMessage());
            System.err.println("usage: redfleet doctor [-o table|json] [--port-offset N]");
            System.exit(2);
            return;
        }
        Home home = Home.of(System.getenv());
        Report report = visit(home, Standing.ports(home, asked), Instant.now());
        if (json) {
            System.out.println(text(report.shown()));
        } else {
            report.lines().forEach(System.out::println);
        }
        System.exit(report.exit());
    }

    static Report visit(Home home, Ports ports, Instant now) throws IOException {
        Map<String, Standing> parts = Standing.all(home, ports);
        boolean up = parts.values().stream().anyMatch(Standing::alive);
        List<Finding> findings = new ArrayList<>(new MachineLook(home, parts).findings());
        StackLook stack = new StackLook(home, parts, now);
        findings.addAll(stack.parts(up));
        findings.addAll(stack.backups());
        findings.addAll(new BusLook(home, ports, now).findings(alive(parts, "kafka")));
        findings.addAll(new StoreLook(home, ports).findings(alive(parts, "postgres"), alive(parts, "kafka")));
        findings.addAll(new FleetLook(home, ports).findings(alive(parts, "gateway")));
        return new Report(up, findings);
    }

    private static boolean alive(Map<String, Standing> parts, String part) {
        Standing standing = parts.get(part);
        return standing != null && standing.alive();
    }

    private static boolean json(String[] arguments) {
        boolean json = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "-o", "--output" -> {
                    String form = ++i < arguments.length ? arguments[i] : "";
                    if (!form.equals("json") && !form.equals("table")) {
                        throw new IllegalArgumentException("-o takes table or json");
                    }
                    json = form.equals("json");
                }
                case "--port-offset" -> i++;
                default -> {
                    if (!arguments[i].startsWith("--port-offset=")) {
                        throw new IllegalArgumentException("no such option: " + arguments[i]);
                    }
                }
            }
        }
        return json;
    }

    private static String text(Map<String, Object> shown) throws JsonProcessingException {
        return Codec.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(shown);
    }
}
