package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What nodes say, as fields. All of it may end in a spec and on a terminal, so each value is short and of one line. */
final class Reading {
    /** Nothing that is used of an answer is longer. */
    private static final int MOST_CHARS = 300;

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9._:-]{0,252}");
    private static final Pattern PORT = Pattern.compile("[1-9]\\d{0,4}");

    private Reading() {}

    /** A flat list of names and values. */
    static Map<String, String> fields(Answer flat) {
        Map<String, String> fields = new LinkedHashMap<>();
        List<Answer> items = flat.list();
        for (int i = 0; i + 1 < items.size(); i += 2) {
            fields.put(plain(items.get(i).string()), plain(items.get(i + 1).string()));
        }
        return fields;
    }

    static List<Map<String, String>> entries(Answer list) {
        return list.list().stream().map(Reading::fields).toList();
    }

    /** The lines of the form {@code name:value} of an INFO. */
    static Map<String, String> info(Answer text) {
        Map<String, String> fields = new LinkedHashMap<>();
        text.string().lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
                fields.put(plain(line.substring(0, colon)), plain(line.substring(colon + 1)));
            }
        });
        return fields;
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
