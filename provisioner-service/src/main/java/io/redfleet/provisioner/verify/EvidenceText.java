package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what verify.sh printed. A line that it does not know is left out. */
final class EvidenceText {
    private static final Pattern LINE = Pattern.compile("i\\.([a-z0-9-]+)\\.([a-z]+)=(.*)");
    private static final String END = "verify.end=yes";

    /** Of one instance, while it is read. */
    private static final class Draft {
        private long pid;
        private String openFiles = "";
        private final Map<String, Evidence.Mode> modes = new HashMap<>();
        private final Map<String, String> users = new HashMap<>();
        private final Map<String, Set<String>> knows = new HashMap<>();
        private final Map<String, String> conf = new HashMap<>();
        private Evidence.Log log = Evidence.Log.NONE;
        private final Map<String, Evidence.Logged> logged = new HashMap<>();

        private void take(String key, String value) {
            switch (key) {
                case "pid" -> pid = value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
                case "files" -> openFiles = value;
                case "mode" -> mode(value.split(" ", 3));
                case "acl" -> pair(users, value);
                case "heard" -> knows.computeIfAbsent(value, kind -> new TreeSet<>());
                case "knows" -> known(value);
                case "conf" -> pair(conf, value);
                case "log" -> log = value.equals("whole") ? Evidence.Log.WHOLE : Evidence.Log.CUT;
                case "logged" -> logged(value.split(" ", 3));
                default -> {}
            }
        }

        private void mode(String[] words) {
            if (words.length == 3) {
                modes.put(words[0], new Evidence.Mode(words[1], words[2]));
            }
        }

        private void logged(String[] words) {
            if (words.length == 3 && words[1].matches("\\d{1,9}")) {
                logged.put(words[0], new Evidence.Logged(Integer.parseInt(words[1]), words[2]));
            }
        }

        private void known(String value) {
            int blank = value.indexOf(' ');
            if (blank > 0) {
                knows.computeIfAbsent(value.substring(0, blank), kind -> new TreeSet<>())
                        .add(value.substring(blank + 1));
            }
        }

        private static void pair(Map<String, String> pairs, String value) {
            int blank = value.indexOf(' ');
            if (blank > 0) {
                pairs.put(value.substring(0, blank), value.substring(blank + 1));
            }
        }

        private Evidence made() {
            return new Evidence(pid, openFiles, modes, users, knows, conf, log, logged);
        }
    }

    private EvidenceText() {}

    /** Empty when the text is not whole: its last line is missing. */
    static Optional<Map<InstanceId, Evidence>> read(HostSpec host, String text) {
        Map<String, Draft> drafts = new LinkedHashMap<>();
        boolean whole = false;
        for (String line : text.split("\n", -1)) {
            whole |= line.equals(END);
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                drafts.computeIfAbsent(matcher.group(1), name -> new Draft()).take(matcher.group(2), matcher.group(3));
            }
        }
        if (!whole) {
            return Optional.empty();
        }
        Map<InstanceId, Evidence> found = new LinkedHashMap<>();
        for (InstanceSpec instance : host.instances()) {
            Draft draft = drafts.getOrDefault(instance.name(), new Draft());
            found.put(InstanceId.of(host.name(), instance.name()), draft.made());
        }
        return Optional.of(found);
    }
}
