package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Scripts;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The start guard of a data node: what its unit, or its init script, runs, as redis, before Redis. It asks the Sentinels who is
 * master, and lets the instance start as a replica of another one, or where nothing can be lost, or not at all; Redfleet may be
 * down.
 *
 * <p>Two files, where nobody but root can write, beside the unit: the script, which everybody may read, and the password by
 * which it asks, which redis alone may read. It is that of {@link Purpose#PROBE}, the least that can ask a Sentinel. Where
 * Sentinels speak TLS it believes those alone whose certificate the cluster's CA has signed.
 *
 * @param path where the script lies; the password lies beside it, under {@code .auth}
 * @param password empty: the Sentinels ask for none
 */
public record GuardFile(String path, String text, String password) {
    /** Nothing that a shell takes for something else stands in quotes of its own; this lets no quote in either. */
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9._:-]*");

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._:@-]+)+");

    /**
     * What a guard knows.
     *
     * @param directory the instance's
     * @param announced as whom Sentinels name it
     * @param masterName of the cluster, as its Sentinels have it
     * @param user as whom it asks; empty: Sentinels ask for nobody
     * @param auth the file with that user's password
     * @param ca the file of who signs the Sentinels' certificates; empty: they speak in the clear
     * @param sentinels all that are configured, running or not: a majority is one of these
     */
    public record Knows(
            String directory,
            Endpoint announced,
            Endpoint endpoint,
            String masterName,
            String user,
            String auth,
            String ca,
            List<Endpoint> sentinels) {
        public Knows {
            sentinels = List.copyOf(sentinels);
        }

        /** Of Sentinels that speak in the clear. */
        public Knows(
                String directory,
                Endpoint announced,
                Endpoint endpoint,
                String masterName,
                String user,
                String auth,
                List<Endpoint> sentinels) {
            this(directory, announced, endpoint, masterName, user, auth, "", sentinels);
        }
    }

    /** @param owner the mark of the instance's directory, which is the guard's too */
    public static GuardFile of(ClusterSpec spec, Place place, String base, String owner, Accounts accounts) {
        Member member = spec.member(place.id()).orElseThrow();
        String path = path(place);
        List<Endpoint> sentinels = spec.members(InstanceRole.SENTINEL).stream()
                .map(Member::endpoint)
                .toList();
        Knows knows = new Knows(
                place.directory(base),
                member.announce(),
                member.endpoint(),
                spec.sentinel().masterName(),
                accounts.isNone() ? "" : Purpose.PROBE.word(),
                path + ".auth",
                spec.security().tls().caFile(),
                sentinels);
        String password = accounts.isNone() ? "" : accounts.of(Purpose.PROBE).reveal();
        return new GuardFile(path, text(owner, knows), password);
    }

    /** The whole script. */
    public static String text(String owner, Knows knows) {
        return """
                #!/bin/sh
                # Written by Redfleet, which writes it anew whenever another is wanted.
                # redfleet-owner %s
                dir='%s'
                self='%s'
                here='%s'
                name='%s'
                user='%s'
                secret='%s'
                ca='%s'
                sentinels='%s'

                """.formatted(
                        UnitFile.words(owner),
                        path(knows.directory()),
                        words(knows.announced(), " "),
                        words(knows.endpoint(), " "),
                        word(knows.masterName()),
                        knows.user().isEmpty() ? "" : word(knows.user()),
                        path(knows.auth()),
                        knows.ca().isEmpty() ? "" : path(knows.ca()),
                        knows.sentinels().stream().map(one -> words(one, ":")).collect(Collectors.joining(" ")))
                + Scripts.standing(GuardFile.class, "guard");
    }

    /** Where the guard of an instance lies, whoever wrote it. */
    public static String path(Place place) {
        if (place.scripted()) {
            return InitScript.guard(place);
        }
        String unit = UnitFile.path(place);
        String suffix = place.vendorUnit().isPresent() ? DropIn.SUFFIX : UnitFile.SUFFIX;
        return unit.substring(0, unit.length() - suffix.length()) + ".guard";
    }

    /** SHA-256 of the script, in hex. */
    public String hash() {
        return Secret.of(text).hash();
    }

    /** Both, as unit-guard.sh takes them. */
    public String carried() {
        return password + "\n" + text;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "GuardFile[" + path + "]";
    }

    private static String words(Endpoint endpoint, String between) {
        return word(endpoint.host()) + between + endpoint.port();
    }

    private static String word(String word) {
        if (!WORD.matcher(word).matches()) {
            throw new IllegalArgumentException("a word that could break out of a guard");
        }
        return word;
    }

    private static String path(String path) {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("a path that could break out of a guard");
        }
        return path;
    }
}
