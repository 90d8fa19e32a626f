package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.tuning.TuningPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what survey.sh printed, and units.sh, filter.sh, packages.sh, packages-rpm.sh and archives.sh before it. */
final class SurveyText {
    private static final int MOST_SHOWN = 600;
    /** What units.sh, filter.sh, packages.sh and archives.sh say. */
    private static final Pattern OF_THE_MACHINE =
            Pattern.compile("(packages|systemd|firewall|archive)\\.|i\\.[^=]*\\.unit(?!\\.refused=)[^=]*=");

    private final Map<String, List<String>> lines = new HashMap<>();

    private SurveyText(String text) {
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                lines.computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
    }

    /**
     * What the survey itself has to say. It runs as redis where the machine was asked before it, so what it says of units and
     * packages is redis's word, and is left out.
     */
    static String own(String said) {
        return said.lines()
                .filter(line -> !OF_THE_MACHINE.matcher(line).lookingAt())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Empty when the text is not whole: its last line is missing. */
    static Optional<HostSurvey> read(HostSpec host, String text, Instant now) {
        SurveyText survey = new SurveyText(text);
        if (!survey.first("end").equals("yes")) {
            return Optional.empty();
        }
        Map<InstanceId, InstanceSurvey> instances = new LinkedHashMap<>();
        Map<InstanceId, SystemdSurvey.Unit> units = new LinkedHashMap<>();
        for (InstanceSpec instance : host.instances()) {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            String prefix = "i." + instance.name() + ".";
            instances.put(id, survey.instance(prefix));
            units.put(id, survey.unit(prefix + "unit"));
        }
        return Optional.of(new HostSurvey(
                survey.first("base"),
                survey.first("boot"),
                survey.first("os"),
                survey.first("binary"),
                survey.first("version"),
                missing(survey),
                survey.number("free"),
                survey.number("now") - now.getEpochSecond(),
                instances,
                survey.agent(),
                survey.tuning(),
                new SystemdSurvey(
                        survey.yes("systemd.init"),
                        units,
                        survey.rotation("systemd.rotation"),
                        survey.firewall(),
                        survey.all("systemd.dropin"),
                        survey.rotation("systemd.shared"),
                        survey.yes("systemd.made"),
                        survey.yes("systemd.account")),
                PackageSurvey.read(text),
                survey.all("above").stream()
                        .flatMap(line -> Ancestor.read(line).stream())
                        .toList(),
                survey.tls(),
                ArchiveSurvey.read(text),
                survey.first("engine"),
                Footing.read(host, survey.lines)));
    }

    private TlsSurvey tls() {
        if (first("tls.user").isEmpty()) {
            return TlsSurvey.NONE;
        }
        Map<String, String> files = new HashMap<>();
        for (String part : List.of("ca", "certificate", "key")) {
            files.put(part, first("tls." + part));
        }
        return new TlsSurvey(
                shown(first("tls.user")),
                shown(first("tls.plain")),
                files,
                first("tls.mode"),
                first("tls.hash"),
                yes("tls.openssl"),
                shown(first("tls.ends")),
                number("tls.lasts"),
                yes("tls.pair"),
                shown(first("tls.verified")),
                shown(first("tls.print")),
                words(all("tls.served").stream().map(SurveyText::shown).toList()));
    }

    private TuningSurvey tuning() {
        Map<TuningPart, TuningSurvey.File> files = new EnumMap<>(TuningPart.class);
        for (TuningPart part : TuningPart.values()) {
            String owner = first("tuning." + part.word() + ".owner");
            if (!owner.isEmpty()) {
                String key = "tuning." + part.word();
                files.put(part, new TuningSurvey.File(owner, first(key + ".hash"), text(key)));
            }
        }
        return new TuningSurvey(
                first("tuning.owner"),
                files,
                yes("tuning.enabled"),
                words(all("tuning.live")),
                first("tuning.hugepages"),
                words(all("tuning.before")));
    }

    /** Lines of a key and a value. */
    private static Map<String, String> words(List<String> lines) {
        Map<String, String> words = new HashMap<>();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                words.put(line.substring(0, blank), line.substring(blank + 1));
            }
        }
        return words;
    }

    private SystemdSurvey.Unit unit(String key) {
        String refused = shown(first(key + ".refused"));
        return new SystemdSurvey.Unit(
                yes(key),
                first(key + ".owner"),
                first(key + ".hash"),
                yes(key + ".enabled"),
                first(key + ".guard"),
                first(key + ".guard.owner"),
                first(key + ".auth"),
                refused,
                first(key + ".age").isEmpty() ? -1 : number(key + ".age"),
                first(key + ".started"),
                text(key),
                yes(key + ".left"));
    }

    /** A file, line by line; what comes after its last newline is a line too. */
    private String text(String key) {
        return String.join("\n", all(key + ".text"));
    }

    /** What comes from redis's hands, and is shown to people. */
    private static String shown(String said) {
        String plain = said.replaceAll("[^ -~]", "?");
        return plain.substring(0, Math.min(plain.length(), MOST_SHOWN));
    }

    private SystemdSurvey.Rotation rotation(String key) {
        return new SystemdSurvey.Rotation(
                yes("systemd.rotates"), yes(key), first(key + ".owner"), first(key + ".hash"), text(key));
    }

    private FirewallSurvey firewall() {
        return new FirewallSurvey(
                yes("firewall.nft"),
                words(all("firewall.owner")),
                first("firewall.rules"),
                first("firewall.unit"),
                yes("firewall.enabled"),
                yes("firewall.active"),
                yes("firewall.waiting"),
                first("firewall.noted"),
                first("firewall.listed"),
                shown(first("firewall.trouble")),
                text("firewall.rules"));
    }

    /** Why units.sh may not run scripts as it has to; empty: it may. */
    static String refused(String text) {
        return new SurveyText(text).first("systemd.sudo");
    }

    /** Which program a unit runs is not for the user of the instances to say, who says all that survey.sh says there. */
    private AgentSurvey agent() {
        return new AgentSurvey(
                first(yes("systemd.end") ? "systemd.monit" : "monit"),
                first("mount"),
                first("agent.owner"),
                first("agent.file"),
                first("agent.taken"),
                number("agent.pid"),
                new AgentUnit(
                        yes("systemd.agent"),
                        first("systemd.agent.owner"),
                        first("systemd.agent.hash"),
                        yes("systemd.agent.enabled"),
                        yes("systemd.agent.active"),
                        text("systemd.agent")));
    }

    /** One instance of a text that is whole. */
    static InstanceSurvey instance(String text, String name) {
        return new SurveyText(text).instance("i." + name + ".");
    }

    private static List<String> missing(SurveyText survey) {
        List<String> missing = new ArrayList<>(survey.all("missing"));
        if (survey.first("cli").isEmpty()) {
            missing.add(HostSurvey.CLIENT);
        }
        return missing;
    }

    private InstanceSurvey instance(String prefix) {
        return new InstanceSurvey(
                yes(prefix + "directory"),
                first(prefix + "owner"),
                first(prefix + "revision"),
                yes(prefix + "conf"),
                yes(prefix + "joined"),
                yes(prefix + "data"),
                yes(prefix + "files"),
                yes(prefix + "stopped"),
                yes(prefix + "retired"),
                first(prefix + "claimed"),
                number(prefix + "pid"),
                number(prefix + "start"),
                yes(prefix + "saving"),
                yes(prefix + "listening"),
                first(prefix + "ping"),
                Said.colons(all(prefix + "info")),
                Said.pairs(all(prefix + "config")),
                Said.pairs(all(prefix + "master")),
                first(prefix + "quorum"),
                Set.copyOf(all(prefix + "knows")),
                yes(prefix + "outdated"),
                elsewhere(prefix + "own."),
                file(prefix + "file"),
                yes(prefix + "unlinked"));
    }

    private FileSurvey file(String key) {
        return new FileSurvey(
                yes(key + ".read"), all(key), Set.copyOf(all(key + ".other")), shown(first(key + ".refused")));
    }

    private OwnSurvey elsewhere(String prefix) {
        return new OwnSurvey(
                shown(first(prefix + "refused")),
                first(prefix + "pidfile"),
                first(prefix + "data"),
                first(prefix + "log"),
                first(prefix + "asks"));
    }

    private List<String> all(String key) {
        return lines.getOrDefault(key, List.of());
    }

    private String first(String key) {
        List<String> all = all(key);
        return all.isEmpty() ? "" : all.getFirst();
    }

    private boolean yes(String key) {
        return first(key).equals("yes");
    }

    private long number(String key) {
        String text = first(key);
        return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
