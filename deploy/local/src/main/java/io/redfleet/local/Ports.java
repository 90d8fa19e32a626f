package io.redfleet.local;

import io.redfleet.cli.gateway.LocalGateway;
import java.util.Map;

/**
 * Where the parts listen: the ports that people script against, moved by an offset for a second stack on the machine.
 *
 * @param offset added to every port; 0 to 10,000
 */
public record Ports(int offset) {
    public static final String LOOPBACK = "127.0.0.1";
    private static final int HIGHEST_OFFSET = 10_000;
    private static final int APART = 10;
    private static final int MOST_INSTANCES = 5;

    public Ports {
        if (offset < 0 || offset > HIGHEST_OFFSET) {
            throw new IllegalArgumentException("port offset " + offset + " is not within 0 to " + HIGHEST_OFFSET);
        }
    }

    /** {@code --port-offset N} beats {@code REDFLEET_PORT_OFFSET}. */
    public static Ports of(String[] arguments, Map<String, String> environment) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--port-offset") && i + 1 < arguments.length) {
                return parse(arguments[i + 1]);
            }
            if (arguments[i].startsWith("--port-offset=")) {
                return parse(arguments[i].substring("--port-offset=".length()));
            }
        }
        return parse(environment.getOrDefault("REDFLEET_PORT_OFFSET", "0"));
    }

    private static Ports parse(String text) {
        try {
            return new Ports(Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("port offset '" + text + "' is not a number", e);
        }
    }

    /** {@code --instances N}: how many of each service run side by side; one, unless somebody says otherwise. */
    static int instances(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--instances") && i + 1 < arguments.length) {
                return count(arguments[i + 1]);
            }
            if (arguments[i].startsWith("--instances=")) {
                return count(arguments[i].substring("--instances=".length()));
            }
        }
        return 1;
    }

    private static int count(String text) {
        if (!text.matches("[1-" + MOST_INSTANCES + "]")) {
            throw new IllegalArgumentException("'" + text + "' instances: a number from 1 to " + MOST_INSTANCES);
        }
        return Integer.parseInt(text);
    }

    /** Where the services of this instance listen; Kafka and PostgreSQL there are but one. */
    Ports ofInstance(int number) {
        return new Ports(offset + APART * number);
    }

    public int gateway() {
        return 8080 + offset;
    }

    public int provisioner() {
        return 8471 + offset;
    }

    public int monitor() {
        return 8472 + offset;
    }

    public int alert() {
        return 8473 + offset;
    }

    /** Where the Monit of a host reports to. */
    public int collector() {
        return 8474 + offset;
    }

    public int kafka() {
        return 19092 + offset;
    }

    public int postgres() {
        return 15432 + offset;
    }

    public String bootstrap() {
        return LOOPBACK + ":" + kafka();
    }

    /** With https once the gateway of that home has said that it speaks TLS. */
    public String gatewayUrl(Home home) {
        return new LocalGateway(home.root(), gateway()).url().toString();
    }
}
