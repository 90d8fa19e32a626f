package io.redfleet.provisioner.packages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What was found on one host of Redis's packages, and of Monit's. Asked only for a cluster that installs them.
 *
 * @param apt whether the host has apt and dpkg
 * @param found what dpkg has, or rpm, by package
 * @param offers what apt offers, or dnf, by package; empty where nothing that is needed is missing
 * @param running units of the vendor's that run
 * @param needrestart whether needrestart is there, and told to leave Redis alone
 * @param readAgo how many seconds ago apt, or dnf, read its lists for Redfleet; empty: never, or its clock went back since
 * @param monit what was noted of Monit's package
 * @param rpm what a host of the RHEL family has instead of apt and dpkg
 * @param unasked why it is not known what apt offers where another version waits for its turn; empty: it is, or nobody asked
 */
public record PackageSurvey(
        boolean apt,
        Map<String, Found> found,
        Map<String, Offer> offers,
        Set<String> running,
        PackageNotes notes,
        Needrestart needrestart,
        OptionalLong readAgo,
        PackageNotes monit,
        RpmSurvey rpm,
        String unasked) {
    /** Of a host that nobody asked. */
    public static final PackageSurvey NONE = new PackageSurvey(
            false,
            Map.of(),
            Map.of(),
            Set.of(),
            PackageNotes.NONE,
            Needrestart.ABSENT,
            OptionalLong.empty(),
            PackageNotes.NONE);

    private static final int MOST_SHOWN = 200;

    private static final Set<String> RUNNING = Set.of("active", "activating", "reloading", "deactivating");

    /** Of a host that is not of the RHEL family. */
    PackageSurvey(
            boolean apt,
            Map<String, Found> found,
            Map<String, Offer> offers,
            Set<String> running,
            PackageNotes notes,
            Needrestart needrestart,
            OptionalLong readAgo,
            PackageNotes monit) {
        this(apt, found, offers, running, notes, needrestart, readAgo, monit, RpmSurvey.NONE, "");
    }

    public PackageSurvey {
        found = Map.copyOf(found);
        offers = Map.copyOf(offers);
        running = Set.copyOf(running);
    }

    /** The file that tells needrestart to leave Redis alone. */
    public enum Needrestart {
        /** No needrestart is there. */
        ABSENT,
        MISSING,
        OURS,
        /** Somebody else's under its name. */
        STRANGE;

        /** The scripts know it too. */
        public static final String PATH = "/etc/needrestart/conf.d/redfleet.conf";
    }

    /** A package, in dpkg's words, also where rpm has it: what is wanted of it, and what is. */
    public record Found(String want, String status, String version) {
        static final Found NONE = new Found("unknown", "not-installed", "");

        public boolean installed() {
            return status.equals("installed");
        }

        public boolean held() {
            return want.equals("hold");
        }

        boolean absent() {
            return status.equals("not-installed") || status.equals("config-files");
        }

        /** Unpacked, and not configured yet. */
        boolean half() {
            return status.equals("unpacked") || status.equals("half-configured") || status.startsWith("triggers-");
        }
    }

    /** Whose packages the host has. */
    public Family family() {
        if (rpm.there()) {
            return Family.RHEL;
        }
        return apt ? Family.DEBIAN : Family.NONE;
    }

    /** What dpkg has of a package, or rpm. */
    public Found of(String name) {
        return found.getOrDefault(name, Found.NONE);
    }

    /** What apt offers of a package, or dnf. */
    Offer offer(String name) {
        return offers.getOrDefault(name, Offer.NONE);
    }

    /** What packages.sh printed, and packages-rpm.sh, among other lines; as {@link #NONE} if it printed nothing. */
    public static PackageSurvey read(String text) {
        Map<String, Found> found = new LinkedHashMap<>();
        Set<String> running = new LinkedHashSet<>();
        List<String> known = new ArrayList<>(lines(text, "dpkg"));
        known.addAll(lines(text, "rpm.found"));
        for (String line : known) {
            String[] words = line.split(" ", -1);
            if (words.length == 4) {
                found.put(words[0], new Found(words[1], words[2], words[3]));
            }
        }
        for (String line : lines(text, "unit")) {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && RUNNING.contains(words[1])) {
                running.add(words[0]);
            }
        }
        Map<String, Offer> offers = new LinkedHashMap<>(Offer.read(lines(text, "policy")));
        offers.putAll(RpmSurvey.offers(text));
        return new PackageSurvey(
                lines(text, "apt").contains("yes"),
                found,
                offers,
                running,
                notes(text, ""),
                needrestart(lines(text, "needrestart")),
                seconds(lines(text, "read")),
                notes(text, "monit."),
                RpmSurvey.read(text),
                lines(text, "policy.failed").stream()
                        .findFirst()
                        .map(PackageSurvey::shown)
                        .orElse(""));
    }

    /** What comes from a host's hands, and is shown to people. */
    private static String shown(String said) {
        String plain = said.replaceAll("[^ -~]", "?");
        return plain.substring(0, Math.min(plain.length(), MOST_SHOWN));
    }

    private static PackageNotes notes(String text, String of) {
        boolean noted = lines(text, of + "noted").contains("yes");
        return noted ? PackageNotes.read(lines(text, of + "notes")) : PackageNotes.NONE;
    }

    private static Needrestart needrestart(List<String> said) {
        return switch (said.isEmpty() ? "" : said.getFirst()) {
            case "missing" -> Needrestart.MISSING;
            case "ours" -> Needrestart.OURS;
            case "strange" -> Needrestart.STRANGE;
            default -> Needrestart.ABSENT;
        };
    }

    private static OptionalLong seconds(List<String> said) {
        return !said.isEmpty() && said.getFirst().matches("\\d{1,12}")
                ? OptionalLong.of(Long.parseLong(said.getFirst()))
                : OptionalLong.empty();
    }

    static List<String> lines(String text, String key) {
        String before = "packages." + key + "=";
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(before)) {
                lines.add(line.substring(before.length()));
            }
        }
        return lines;
    }
}
