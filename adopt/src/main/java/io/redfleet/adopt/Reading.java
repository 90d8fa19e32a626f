package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What nodes say, as fields. All of it may end in a spec and on a terminal, so each value is short and of one line. */
final class Reading {
    /** Nothing that is used of an answer is longer. */
    private static final int MOST_CHARS = 300;

    /** Entries of one list; a Sentinel monitors no more masters, nor a master more of anything, than a survey asks. */
    static final int MOST_ENTRIES = 512;

    /** What is asked of an answer. Nothing else is kept: names and sizes of the rest are a stranger's to choose. */
    private static final Set<String> KEPT = Set.of(
            "name",
            "ip",
            "port",
            "flags",
            "quorum",
            "down-after-milliseconds",
            "failover-timeout",
            "parallel-syncs",
            "run_id",
            "redis_version",
            "valkey_version",
            "server_name",
            "tcp_port",
            "process_supervised",
            "config_file",
            "role",
            "master_host",
            "master_port",
            "master_link_status",
            "slave_priority");

    /** A line of INFO for each replica that is attached. */
    private static final Pattern ATTACHED = Pattern.compile("slave\\d{1,3}");

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9._:-]{0,252}");
    private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");

    private Reading() {}

    /** A flat list of names and values. */
    static Map<String, String> fields(Answer flat) {
        Map<String, String> fields = new LinkedHashMap<>();
        List<Answer> items = flat.list();
        for (int i = 0; i + 1 < items.size(); i += 2) {
            keep(items.get(i).string(), items.get(i + 1).string(), fields);
        }
        return fields;
    }

    /** The first of them. */
    static List<Map<String, String>> entries(Answer list) {
        return list.list().stream().limit(MOST_ENTRIES).map(Reading::fields).toList();
    }

    /** The names of all. */
    static List<String> names(Answer masters) {
        return masters.list().stream()
                .map(entry -> fields(entry).getOrDefault("name", ""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The first masters, and the wanted one wherever it stands. */
    static List<Map<String, String>> masters(Answer list, String wanted) {
        List<Map<String, String>> kept = new ArrayList<>(entries(list));
        if (kept.stream().noneMatch(fields -> wanted.equals(fields.get("name")))) {
            list.list().stream()
                    .skip(MOST_ENTRIES)
                    .map(Reading::fields)
                    .filter(fields -> wanted.equals(fields.get("name")))
                    .findFirst()
                    .ifPresent(kept::add);
        }
        return kept;
    }

    /** The lines of the form {@code name:value} of an INFO. */
    static Map<String, String> info(Answer text) {
        Map<String, String> fields = new LinkedHashMap<>();
        text.string().lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
                keep(line.substring(0, colon), line.substring(colon + 1), fields);
            }
        });
        return fields;
    }

    private static void keep(String name, String value, Map<String, String> fields) {
        if (KEPT.contains(name) || ATTACHED.matcher(name).matches()) {
            fields.put(name, plain(value));
        }
    }

    /** Empty where the fields name no address that anybody could connect to. */
    static Optional<Endpoint> endpoint(Map<String, String> fields, String host, String port) {
        return endpoint(fields.getOrDefault(host, ""), fields.getOrDefault(port, ""));
    }

    static Optional<Endpoint> endpoint(String host, String port) {
        boolean named =
                HOST.matcher(host).matches() && PORT.matcher(port).matches() && Integer.parseInt(port) <= 65_535;
        return named ? Optional.of(new Endpoint(host, Integer.parseInt(port))) : Optional.empty();
    }

    /** What neither breaks a line nor steers a terminal. */
    static String plain(String text) {
        String cut = text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS);
        return UNSEEN.matcher(cut.strip()).replaceAll("?");
    }
}
