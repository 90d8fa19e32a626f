package io.redfleet.provisioner.archive;

import java.util.regex.Pattern;

/** What an archive and its digest may be called. */
public final class ArchiveName {
    /** For people, after the value. */
    public static final String FILE_RULE = "must be the plain name of a .tar.gz among the provisioner's artefacts: at"
            + " most 128 letters, digits, dots, dashes or underscores, the first one a letter or digit";

    public static final String SHA256_RULE =
            "must be 64 hex digits in lower case and in quotes, as sha256sum prints them";

    private static final String END = ".tar.gz";
    /** Before the end. */
    private static final int MOST = 121;
    /** Enough to tell apart what lies in one directory. */
    private static final int TOLD = 12;

    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,120}\\.tar\\.gz");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private ArchiveName() {}

    /** Whether it is one plain name, which leads out of no directory. */
    public static boolean allowed(String file) {
        return FILE.matcher(file).matches();
    }

    /**
     * The name for one of several archives that are called so: it ends with the head of the digest, and what would be too long
     * before that is cut.
     *
     * @param file an allowed one
     */
    public static String told(String file, String sha256) {
        String name = file.substring(0, file.length() - END.length());
        String head = "-" + sha256.substring(0, TOLD);
        return name.substring(0, Math.min(name.length(), MOST - head.length())) + head + END;
    }

    /** Whether it is a SHA-256 in hex. */
    public static boolean digest(String sha256) {
        return SHA256.matcher(sha256).matches();
    }
}
