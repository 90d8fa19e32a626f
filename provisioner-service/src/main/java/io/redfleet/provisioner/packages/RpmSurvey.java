package io.redfleet.provisioner.packages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found on a host of the RHEL family beside its packages, of what decides whether Redis can run there.
 *
 * @param there whether the host is one, and has rpm and dnf
 * @param lock whether dnf can hold a package at its version, by its plugin versionlock
 * @param enforcing whether SELinux refuses what its policy does not allow
 * @param semanage whether it could be asked which ports are whose; true where it does not enforce
 * @param ports what each port of the cluster is to SELinux, by number: a type, or {@code none}
 * @param context the type that SELinux gives to what is made in the instances' directory; empty: not known
 * @param firewalld whether firewalld runs
 */
public record RpmSurvey(
        boolean there,
        boolean lock,
        boolean enforcing,
        boolean semanage,
        Map<String, String> ports,
        String context,
        boolean firewalld) {
    /** Of a host of another family, or one that nobody asked. */
    public static final RpmSurvey NONE = new RpmSurvey(false, false, false, true, Map.of(), "", false);

    /** What a port is to SELinux where Redis may use it. */
    public static final String PORT = "redis_port_t";

    /** What a directory is to SELinux where Redis may write. */
    public static final String FILES = "redis_var_lib_t";

    /** Of a port that no policy gives to anybody. */
    public static final String FREE = "none";

    public RpmSurvey {
        ports = Map.copyOf(ports);
    }

    /** What packages-rpm.sh printed, among other lines; as {@link #NONE} if packages.sh did not say that it is one. */
    static RpmSurvey read(String text) {
        if (!PackageSurvey.lines(text, "rpm").contains("yes")) {
            return NONE;
        }
        Map<String, String> ports = new LinkedHashMap<>();
        for (String line : PackageSurvey.lines(text, "rpm.port")) {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && words[0].matches("\\d{1,5}") && words[1].matches("[a-z0-9_]{1,64}")) {
                ports.put(words[0], words[1]);
            }
        }
        String context = PackageSurvey.lines(text, "rpm.context").stream()
                .filter(type -> type.matches("[a-z0-9_]{1,64}"))
                .findFirst()
                .orElse("");
        return new RpmSurvey(
                true,
                PackageSurvey.lines(text, "rpm.lock").contains("yes"),
                PackageSurvey.lines(text, "rpm.selinux").contains("enforcing"),
                !PackageSurvey.lines(text, "rpm.semanage").contains("no"),
                ports,
                context,
                PackageSurvey.lines(text, "rpm.firewalld").contains("yes"));
    }

    /** By package, what dnf offers, the highest first. A line of another form says nothing. */
    static Map<String, Offer> offers(String text) {
        List<String> versions = new ArrayList<>();
        for (String line : PackageSurvey.lines(text, "rpm.offer")) {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && words[0].equals(RpmPackages.NAME) && RpmPackages.allowed(words[1])) {
                versions.add(words[1]);
            }
        }
        return versions.isEmpty() ? Map.of() : Map.of(RpmPackages.NAME, new Offer("", versions));
    }
}
