package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.clock.Moment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The raw answers of one Sentinel, field by field, and the view they add up to.
 *
 * @param master the fields of SENTINEL MASTER; empty when it knows no such master
 * @param ckquorum the text of CKQUORUM's answer or error
 * @param others the entries of REPLICAS and SENTINELS
 */
public record SentinelAnswers(Map<String, String> master, String ckquorum, List<Map<String, String>> others) {
    private static final Pattern USABLE = Pattern.compile("(\\d+) usable Sentinels");

    public SentinelAnswers {
        master = Map.copyOf(master);
        others = List.copyOf(others);
    }

    public SentinelView view(InstanceId sentinel, Moment at) {
        Set<Endpoint> down = new HashSet<>();
        others.stream()
                .filter(SentinelAnswers::sdown)
                .flatMap(entry -> address(entry).stream())
                .forEach(down::add);
        Optional<Endpoint> named = address(master);
        if (sdown(master)) {
            named.ifPresent(down::add);
        }
        Set<Endpoint> lists = new HashSet<>();
        others.stream()
                .filter(entry -> flags(entry).contains("slave"))
                .flatMap(entry -> address(entry).stream())
                .forEach(lists::add);
        Matcher usable = USABLE.matcher(ckquorum);
        return new SentinelView(
                sentinel,
                named.orElse(null),
                number(master.getOrDefault("config-epoch", "")),
                flags(master),
                ckquorum.startsWith("OK"),
                usable.find() ? number(usable.group(1)) : -1,
                down,
                lists,
                at);
    }

    private static boolean sdown(Map<String, String> entry) {
        return flags(entry).contains("s_down");
    }

    private static Set<String> flags(Map<String, String> entry) {
        return Set.copyOf(
                new HashSet<>(Arrays.asList(entry.getOrDefault("flags", "").split(",", -1))));
    }

    private static Optional<Endpoint> address(Map<String, String> entry) {
        int port = number(entry.getOrDefault("port", ""));
        String ip = entry.getOrDefault("ip", "");
        return port < 1 || port > 65535 || ip.isBlank() ? Optional.empty() : Optional.of(new Endpoint(ip, port));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
