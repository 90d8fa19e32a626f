package io.redfleet.monitor.failover;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One message of a Sentinel's own pub/sub: the channel is the event's name, the payload its text. The grammar is that of
 * sentinel.c sentinelEvent: {@code type name ip port [@ master ip port] [extra]}, with a few events of their own form.
 *
 * @param fields the payload taken apart; empty for a form that is not known
 */
public record SentinelLine(String name, String payload, Map<String, String> fields) {
    public SentinelLine {
        fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Never fails: what does not fit the grammar has no fields. */
    public static SentinelLine parse(String name, String payload) {
        List<String> words = List.of(payload.strip().split(" +", -1));
        Map<String, String> fields = switch (name) {
            case "+switch-master" -> named(words, "master", "oldIp", "oldPort", "newIp", "newPort");
            case "+new-epoch" -> named(words, "epoch");
            case "+vote-for-leader" -> named(words, "leader", "epoch");
            default -> instance(words);
        };
        return new SentinelLine(name, payload, fields);
    }

    /** The master name that it is about; empty when it is about none, or about all. */
    public String master() {
        return fields.getOrDefault("master", "");
    }

    /** {@code master}, {@code slave} or {@code sentinel}, as the wire has it; empty for other forms. */
    public String type() {
        return fields.getOrDefault("type", "");
    }

    /** The address of the instance that it is about. */
    public Optional<Endpoint> subject() {
        return endpoint("ip", "port");
    }

    public Optional<Endpoint> switchedFrom() {
        return endpoint("oldIp", "oldPort");
    }

    public Optional<Endpoint> switchedTo() {
        return endpoint("newIp", "newPort");
    }

    /** The master's address as this Sentinel had it when it spoke. */
    public Optional<Endpoint> masterAddress() {
        return type().equals("master") ? subject() : endpoint("masterIp", "masterPort");
    }

    /** 0 when the line names none. */
    public int epoch() {
        return number(fields.getOrDefault("epoch", ""));
    }

    private Optional<Endpoint> endpoint(String ip, String port) {
        String host = fields.getOrDefault(ip, "");
        int number = number(fields.getOrDefault(port, ""));
        return host.isBlank() || number < 1 || number > 65535
                ? Optional.empty()
                : Optional.of(new Endpoint(host, number));
    }

    private static Map<String, String> named(List<String> words, String... names) {
        if (words.size() != names.length) {
            return Map.of();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            fields.put(names[i], words.get(i));
        }
        return fields;
    }

    private static Map<String, String> instance(List<String> words) {
        if (words.size() < 4 || !List.of("master", "slave", "sentinel").contains(words.getFirst())) {
            return Map.of();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("type", words.get(0));
        fields.put("name", words.get(1));
        fields.put("ip", words.get(2));
        fields.put("port", words.get(3));
        int rest = 4;
        if (words.size() >= 8 && words.get(4).equals("@")) {
            fields.put("master", words.get(5));
            fields.put("masterIp", words.get(6));
            fields.put("masterPort", words.get(7));
            rest = 8;
        } else if (words.getFirst().equals("master")) {
            fields.put("master", words.get(1));
        }
        if (words.size() > rest) {
            fields.put("extra", String.join(" ", words.subList(rest, words.size())));
        }
        return fields;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
