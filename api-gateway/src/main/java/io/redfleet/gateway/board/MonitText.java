package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Monit's layouts, column for column, as {@code monit -B status}, {@code summary} and {@code report} print them.
 *
 * <p>Redfleet's own lines (role, reason) follow Monit's. Times are UTC. A line whose figure is not known is left
 * out, as Monit leaves out all process figures of a process that is not there.
 */
public final class MonitText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    /** Nobody ends the monitoring of a host, so it is monitored after every boot. */
    private static final String ON_REBOOT = "start";

    private static final int NAME_WIDTH = 32;
    private static final int STATUS_WIDTH = 27;

    private MonitText() {}

    /** The blocks of {@code status}. */
    public static String status(Services services, Duration uptime) {
        // Cluster by cluster, its hosts after its instances.
        Map<String, StringBuilder> clusters = new TreeMap<>();
        services.items().forEach(line -> block(of(clusters, line.cluster()), line));
        services.hosts().forEach(line -> block(of(clusters, line.cluster()), line));
        services.drifts().forEach(one -> block(of(clusters, one.cluster()), one));
        return head(uptime) + String.join("", clusters.values()) + "\n";
    }

    private static StringBuilder of(Map<String, StringBuilder> clusters, ClusterName cluster) {
        return clusters.computeIfAbsent(cluster.value(), name -> new StringBuilder());
    }

    private static void block(StringBuilder text, StatusLine line) {
        text.append("\nProcess '").append(line.service()).append("'\n");
        row(text, "status", line.status());
        row(text, "monitoring status", monitored(line.monitored()));
        row(text, "monitoring mode", line.mode());
        row(text, "pid", line.pid());
        row(text, "memory", memory(line));
        row(text, "role", line.role().name().toLowerCase(Locale.ROOT));
        row(text, "liveness", line.liveness().name().toLowerCase(Locale.ROOT));
        row(text, "since", time(line.since()));
        row(text, "reason", line.reason());
        row(text, "data collected", time(line.collectedAt()));
    }

    private static void block(StringBuilder text, HostLine line) {
        text.append('\n').append(line.kind().word()).append(" '");
        text.append(line.service()).append("'\n");
        row(text, "status", line.status());
        row(text, "monitoring status", monitored(line.monitored()));
        row(text, "monitoring mode", line.mode());
        row(text, "on reboot", ON_REBOOT);
        measured(text, line.machine());
        measured(text, line.filesystem());
        row(text, "figures", unmeasured(line));
        row(text, "host", line.host());
        row(text, "since", time(line.since()));
        row(text, "reason", line.reason());
        row(text, "data collected", time(line.collectedAt()));
    }

    /** Not Monit's: what it is about is no service. */
    private static void block(StringBuilder text, Drifted one) {
        DriftView drift = one.drift();
        text.append("\nDrift '").append(one.cluster()).append("'\n");
        row(text, "status", drift.counted());
        row(text, "plan", drift.plan());
        drift.first().forEach(title -> row(text, "change", title));
        row(text, "since", time(drift.since()));
        row(text, "reason", drift.reason());
    }

    private static void measured(StringBuilder text, @Nullable MachineFigures known) {
        if (known != null) {
            row(text, "load average", load(known.load()));
            row(text, "cpu", cpu(known.cpu()));
            row(text, "memory usage", share(known.memory()));
            row(text, "swap usage", share(known.swap()));
        }
    }

    private static void measured(StringBuilder text, @Nullable FilesystemFigures known) {
        if (known == null) {
            return;
        }
        FilesystemFigures.Space space = known.space();
        String total = size(known.totalBytes());
        if (space != null) {
            String kept = String.format(Locale.ROOT, "%.1f%%", space.reservedPercent());
            total += " (of which " + kept + " is reserved for root user)";
        }
        row(text, "space total", total);
        row(text, "space free for non superuser", part(size(known.availableBytes()), known.availablePercent()));
        if (space != null) {
            row(text, "space free total", part(size(space.freeBytes()), space.freePercent()));
        }
        FilesystemFigures.Inodes inodes = known.inodes();
        if (inodes != null) {
            row(text, "inodes total", inodes.total());
            row(text, "inodes free", part(Long.toString(inodes.free()), inodes.freePercent()));
        }
        // Not Monit's: what a rule about space is judged by.
        if (space != null) {
            row(text, "space usage", part(size(space.usedBytes()), space.usedPercent()));
        }
    }

    private static String load(MachineFigures.Load load) {
        Double five = load.five();
        Double fifteen = load.fifteen();
        String one = String.format(Locale.ROOT, "[%.2f]", load.one());
        if (five == null || fifteen == null) {
            return one;
        }
        return one + String.format(Locale.ROOT, " [%.2f] [%.2f]", five, fifteen);
    }

    /** Monit leaves out what its system does not count; ours sends the others as one sum. */
    private static @Nullable String cpu(MachineFigures.@Nullable Cpu cpu) {
        return cpu == null
                ? null
                : String.format(
                        Locale.ROOT,
                        "%.1f%%usr %.1f%%sys %.1f%%iowait",
                        cpu.userPercent(),
                        cpu.systemPercent(),
                        cpu.waitPercent());
    }

    private static @Nullable String share(MachineFigures.@Nullable Share share) {
        return share == null ? null : part(size(share.usedBytes()), share.usedPercent());
    }

    private static String part(String amount, double percent) {
        return String.format(Locale.ROOT, "%s [%.1f%%]", amount, percent);
    }

    /** Null while there are figures, and where the reason says it already. */
    private static @Nullable String unmeasured(HostLine line) {
        String why = line.unmeasured();
        return why.isEmpty() || line.reason().contains(why) ? null : "unknown: " + why;
    }

    private static String monitored(boolean monitored) {
        return monitored ? "Monitored" : "Not monitored";
    }

    /** A line of the table. */
    private record Row(String service, String status, String type) {}

    /** The table of {@code summary}, by type in Monit's order. */
    public static String summary(Services services, Duration uptime) {
        List<Row> rows = new ArrayList<>(rows(services, HostLine.Kind.SYSTEM));
        services.items().forEach(line -> rows.add(new Row(line.service(), line.status(), "Process")));
        rows.addAll(rows(services, HostLine.Kind.FILESYSTEM));
        rows.addAll(rows(services, HostLine.Kind.HOST));
        services.drifts().forEach(one -> rows.add(drifted(one)));
        int name = Math.max(
                NAME_WIDTH,
                rows.stream().mapToInt(row -> row.service().length()).max().orElse(0));
        String form = " %-" + name + "s %-" + STATUS_WIDTH + "s %-13s\n";
        StringBuilder text = new StringBuilder(head(uptime));
        text.append(form.formatted("Service Name", "Status", "Type"));
        rows.forEach(row -> text.append(form.formatted(row.service(), row.status(), row.type())));
        return text.append('\n').toString();
    }

    private static Row drifted(Drifted one) {
        int changes = one.drift().changes();
        return new Row(one.cluster().value(), changes + (changes == 1 ? " change" : " changes"), "Drift");
    }

    private static List<Row> rows(Services services, HostLine.Kind kind) {
        return services.hosts().stream()
                .filter(line -> line.kind() == kind)
                .map(line -> new Row(line.service(), line.status(), kind.word()))
                .toList();
    }

    /** The five lines of {@code report}. */
    public static String report(Report report) {
        return counted("up", report.up(), report.total())
                + counted("down", report.down(), report.total())
                + counted("initialising", report.initialising(), report.total())
                + counted("unmonitored", report.unmonitored(), report.total())
                + "%-15s %d services\n".formatted("total:", report.total());
    }

    private static String counted(String what, int count, int total) {
        double percent = total == 0 ? 0 : 100.0 * count / total;
        return String.format(Locale.ROOT, "%-15s %d (%.1f%%)\n", what + ":", count, percent);
    }

    private static String head(Duration uptime) {
        return "Redfleet uptime: " + uptime(uptime) + "\n";
    }

    /** As Monit writes a time span: days and hours only where there are any, minutes always. */
    static String uptime(Duration span) {
        String days = span.toDays() > 0 ? span.toDays() + "d " : "";
        String hours = span.toHours() > 0 ? span.toHoursPart() + "h " : "";
        return days + hours + span.toMinutesPart() + "m";
    }

    private static void row(StringBuilder text, String key, @Nullable Object value) {
        if (value != null) {
            text.append("  %-28s %s\n".formatted(key, value));
        }
    }

    private static @Nullable String time(@Nullable Instant at) {
        return at == null ? null : TIME.format(at);
    }

    private static @Nullable String memory(StatusLine line) {
        Long bytes = line.memoryBytes();
        Double percent = line.memoryPercent();
        return bytes == null || percent == null
                ? null
                : String.format(Locale.ROOT, "%.1f%% [%s]", percent, size(bytes));
    }

    /** As Monit writes a size: powers of 1024, one decimal unless it comes out even. */
    static String size(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        boolean even = value == Math.rint(value);
        String number = even ? Long.toString((long) value) : String.format(Locale.ROOT, "%.1f", value);
        return number + " " + units[unit];
    }
}
