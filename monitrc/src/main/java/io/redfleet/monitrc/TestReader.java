package io.redfleet.monitrc;

import io.redfleet.monitrc.grammar.MonitParser;
import io.redfleet.monitrc.grammar.MonitParser.ConnectionPartContext;
import io.redfleet.monitrc.grammar.MonitParser.MetricContext;
import io.redfleet.monitrc.grammar.MonitParser.OperatorContext;
import io.redfleet.monitrc.grammar.MonitParser.PingPartContext;
import io.redfleet.monitrc.grammar.MonitParser.ResourceContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** What the rules of one check look at. */
final class TestReader {
    private static final int PORT_MAX = 65_535;
    private static final int TRIES_MAX = 100;
    private static final int PINGS = 3;
    private static final int PINGS_MAX = 20;

    private final Faults faults;
    private final Target target;

    TestReader(Faults faults, Target target) {
        this.faults = faults;
        this.target = target;
    }

    Test.Connection connection(Token at, List<ConnectionPartContext> parts) {
        String host = "";
        int port = 0;
        int tries = 1;
        Duration timeout = Test.Connection.TIMEOUT;
        Test.Protocol protocol = new Test.Protocol.None();
        List<Test.Line> lines = new ArrayList<>();
        for (ConnectionPartContext part : parts) {
            if (part.HOST() != null) {
                host = Values.host(faults, part.text());
            } else if (part.PORT() != null) {
                port = Values.within(faults, part.INT().getSymbol(), 1, PORT_MAX, "port");
            } else if (part.RETRY() != null) {
                tries = Values.within(faults, part.INT().getSymbol(), 1, TRIES_MAX, "retry");
            } else if (part.TIMEOUT() != null) {
                timeout = Values.seconds(faults, part.INT().getSymbol(), "timeout");
            } else if (part.SEND() != null || part.EXPECT() != null) {
                lines.add(new Test.Line(
                        part.SEND() != null, Values.text(part.STRING().getText())));
            } else if (part.PROTOCOL() != null) {
                protocol = protocol(part);
            } else {
                refuse(part);
            }
        }
        if (port == 0) {
            faults.add(at, "a connection test needs a port");
        }
        if (!lines.isEmpty() && !(protocol instanceof Test.Protocol.None)) {
            faults.add(at, "either a protocol or send and expect");
        }
        return new Test.Connection(
                host, port, lines.isEmpty() ? protocol : new Test.Protocol.Dialogue(lines), timeout, tries);
    }

    Test.Ping ping(List<PingPartContext> parts) {
        int count = PINGS;
        Duration timeout = Test.Connection.TIMEOUT;
        for (PingPartContext part : parts) {
            if (part.COUNT() != null) {
                count = Values.within(faults, part.INT().getSymbol(), 1, PINGS_MAX, "count");
            } else {
                timeout = Values.seconds(faults, part.INT().getSymbol(), "timeout");
            }
        }
        return new Test.Ping(count, timeout);
    }

    Test.Resource resource(ResourceContext tree) {
        Metric metric = metric(tree.metric());
        if (!metric.of(target)) {
            faults.add(tree.start, metric.word() + " cannot be tested of a " + target.word());
        }
        String suffix = tree.unit() == null ? "" : tree.unit().getText().toLowerCase(Locale.ROOT);
        double factor = factor(suffix);
        Unit unit = suffix.isEmpty() ? Unit.PLAIN : suffix.equals("%") ? Unit.PERCENT : Unit.BYTES;
        if (factor == 0 || !metric.countedIn(unit)) {
            faults.add(
                    tree.number().start,
                    metric.word() + " " + tree.number().getText() + suffix + " is not counted in " + metric.units());
        }
        String digits = tree.number().getText();
        if (digits.length() > 15) {
            faults.add(tree.number().start, metric.word() + " is longer than 15 digits");
            return new Test.Resource(metric, comparison(tree.operator()), 0, unit);
        }
        if (unit == Unit.PLAIN && !metric.isLoad() && digits.contains(".")) {
            faults.add(tree.number().start, metric.word() + " is counted: " + digits + " is no whole number");
        }
        return new Test.Resource(metric, comparison(tree.operator()), Double.parseDouble(digits) * factor, unit);
    }

    /** Without an operator it is equality, as in Monit. */
    static Comparison comparison(@Nullable OperatorContext tree) {
        if (tree == null) {
            return Comparison.EQUAL;
        }
        return switch (tree.start.getType()) {
            case MonitParser.LESS -> Comparison.LESS;
            case MonitParser.GREATER -> Comparison.GREATER;
            case MonitParser.ATMOST -> Comparison.AT_MOST;
            case MonitParser.ATLEAST -> Comparison.AT_LEAST;
            case MonitParser.UNEQUAL -> Comparison.UNEQUAL;
            default -> Comparison.EQUAL;
        };
    }

    private Test.Protocol protocol(ConnectionPartContext part) {
        String name = Values.text(part.word().getText()).toLowerCase(Locale.ROOT);
        return switch (name) {
            case "redis" -> new Test.Protocol.Redis();
            case "default" -> new Test.Protocol.None();
            default -> {
                faults.add(part.word().start, "protocol " + name + " is not spoken", "use redis, or send and expect");
                yield new Test.Protocol.None();
            }
        };
    }

    private void refuse(ConnectionPartContext part) {
        if (part.SSL() != null) {
            faults.add(part.start, "ssl is not done", Elsewhere.setting("ssl"));
        } else if (!part.word().getText().equalsIgnoreCase("tcp")) {
            faults.add(part.word().start, "type " + part.word().getText() + " is not tested", "use tcp");
        }
    }

    private Metric metric(MetricContext tree) {
        String word = word(tree);
        Optional<Metric> known = Metric.byWord(word);
        if (known.isEmpty()) {
            faults.add(tree.start, word + " is not measured");
        }
        return known.orElse(Metric.CPU);
    }

    /** As {@link Metric#word}. */
    private String word(MetricContext tree) {
        if (tree.LOADAVG() != null) {
            String average = tree.LOADAVG().getText().toLowerCase(Locale.ROOT).replaceAll("\\s", "");
            return average + (tree.PER() == null ? "" : " per core");
        }
        if (tree.SPACE() != null || tree.INODE() != null) {
            return (tree.SPACE() != null ? "space" : "inode") + (tree.FREE() == null ? "" : " free");
        }
        if (tree.CPU() != null) {
            return "cpu"
                    + (tree.word() == null ? "" : "(" + tree.word().getText().toLowerCase(Locale.ROOT) + ")");
        }
        if (tree.MEMORY() != null) {
            return "memory";
        }
        return tree.TOTALCPU() != null
                ? "total cpu"
                : tree.TOTALMEMORY() != null
                        ? "total memory"
                        : tree.start.getText().toLowerCase(Locale.ROOT);
    }

    /** How much one of it is; 0 of what is no unit. */
    private static double factor(String suffix) {
        return switch (suffix) {
            case "", "%", "b", "byte", "bytes" -> 1;
            case "kb", "kilobyte", "kilobytes" -> 1024;
            case "mb", "megabyte", "megabytes" -> 1024 * 1024;
            case "gb", "gigabyte", "gigabytes" -> 1024.0 * 1024 * 1024;
            default -> 0;
        };
    }
}
