package io.redfleet.provisioner.apply;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.tuning.HostFiles;
import io.redfleet.provisioner.tuning.TuningPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What belongs to a whole machine, as a state: tune.sh's deeds without a kernel. Guarded by the hosts that it is one of. */
public final class ScriptedMachine {
    private final Map<String, String> live = new TreeMap<>(Map.of(
            "vm.overcommit_memory", "0",
            "vm.swappiness", "60",
            "net.core.somaxconn", "128",
            "net.ipv4.tcp_max_syn_backlog", "128",
            "net.ipv4.tcp_sack", "1",
            "net.ipv4.tcp_timestamps", "1",
            "net.ipv4.tcp_window_scaling", "1",
            "net.ipv4.tcp_syncookies", "1",
            "fs.file-max", "9223372036854775807",
            "hugepages", "always"));

    private final Map<String, List<String>> files = new TreeMap<>();
    private final Map<String, String> before = new TreeMap<>();
    private String owner = "";
    private String frozen = "";

    /** What holds, by key; the mode of huge pages is {@code hugepages}. */
    public Map<String, String> live() {
        return Map.copyOf(live);
    }

    /** Lines by part. */
    public Map<String, List<String>> files() {
        return Map.copyOf(files);
    }

    /** By a person. */
    public void set(String key, String value) {
        live.put(key, value);
    }

    public void lose(String key) {
        live.remove(key);
    }

    /** By a person, or by another cluster, as its first line says. */
    public void put(TuningPart part, String... lines) {
        files.put(part.word(), List.of(lines));
    }

    public void own(String uid) {
        owner = uid;
    }

    /** The kernel takes no other value of it. */
    public void freeze(String key) {
        frozen = key;
    }

    String surveyed(List<String> keys) {
        StringBuilder text = new StringBuilder();
        if (!owner.isEmpty()) {
            text.append("tuning.owner=").append(owner).append('\n');
            before.forEach((key, value) -> text.append("tuning.before=" + key + " " + value + "\n"));
        }
        files.forEach((part, lines) -> {
            String hash = Secret.of(String.join("\n", lines) + "\n").hash();
            text.append("tuning." + part + ".owner=" + owner(lines) + "\ntuning." + part + ".hash=" + hash + "\n");
        });
        if (files.containsKey("thp")) {
            text.append("tuning.enabled=yes\n");
        }
        if (!keys.isEmpty() && live.containsKey("hugepages")) {
            text.append("tuning.hugepages=" + live.get("hugepages") + "\n");
        }
        for (String key : keys) {
            if (live.containsKey(key)) {
                text.append("tuning.live=" + key + " " + live.get(key) + "\n");
            }
        }
        return text.toString();
    }

    /** ROOT UID VERB ... */
    Reply tune(List<String> arguments) {
        String uid = arguments.get(1);
        if (!owner.isEmpty() && !owner.equals(uid)) {
            return failed("it belongs to the cluster of uid " + owner);
        }
        List<String> rest = arguments.subList(3, arguments.size());
        return arguments.get(2).equals("set") ? set(uid, rest) : restore(uid, rest);
    }

    private Reply set(String uid, List<String> words) {
        String part = words.getFirst();
        List<String> there = files.getOrDefault(part, List.of());
        if (!there.isEmpty() && !owner(there).equals(uid)) {
            return failed("not ours: " + part);
        }
        int end = words.indexOf("--");
        Map<String, String> wanted = new TreeMap<>();
        for (int i = 1; i < end; i += 3) {
            wanted.put(words.get(i), words.get(i + 2));
        }
        owner = uid;
        List<String> gone = new ArrayList<>(before.keySet());
        gone.removeIf(key -> !part.equals("sysctl") || key.equals("hugepages") || wanted.containsKey(key));
        gone.forEach(key -> live.put(key, before.getOrDefault(key, "")));
        gone.forEach(before::remove);
        for (Map.Entry<String, String> one : wanted.entrySet()) {
            if (!live.containsKey(one.getKey()) || one.getKey().equals(frozen)) {
                return failed(one.getKey() + " cannot be set to " + one.getValue() + ": Permission denied");
            }
            before.putIfAbsent(one.getKey(), live.getOrDefault(one.getKey(), ""));
            live.put(one.getKey(), one.getValue());
        }
        files.put(part, List.copyOf(words.subList(end + 1, words.size())));
        return new Reply.Done(0, "changed\n", "");
    }

    private Reply restore(String uid, List<String> parts) {
        for (String part : parts) {
            List<String> keys = new ArrayList<>(before.keySet());
            keys.removeIf(key -> part.equals("limits") || part.equals("thp") != key.equals("hugepages"));
            keys.forEach(key -> live.put(key, before.getOrDefault(key, "")));
            keys.forEach(before::remove);
            if (owner(files.getOrDefault(part, List.of())).equals(uid)) {
                files.remove(part);
            }
        }
        if (files.values().stream().noneMatch(lines -> owner(lines).equals(uid))) {
            owner = "";
        }
        return new Reply.Done(0, "changed\n", "");
    }

    private static String owner(List<String> lines) {
        String first = lines.isEmpty() ? "" : lines.getFirst();
        return first.startsWith(HostFiles.MARK) ? first.substring(HostFiles.MARK.length()) : "?";
    }

    private static Reply failed(String why) {
        return new Reply.Done(1, "", why);
    }
}
