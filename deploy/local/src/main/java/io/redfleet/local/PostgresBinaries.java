package io.redfleet.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL as it comes from a Maven artifact, unpacked once per user and version. */
record PostgresBinaries(Path cache, String archive) {
    private static final int OWNER_EXECUTES = 0100;
    private static final Pattern JAR_VERSION = Pattern.compile("-(\\d[\\w.]*)\\.jar!");

    /** The archive for this machine, kept under the user's cache directory. */
    static PostgresBinaries of(Map<String, String> environment) throws StartRefused {
        String named = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = named.isBlank() ? Home.userHome(environment).resolve(".cache") : Path.of(named);
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> throw new StartRefused("no PostgreSQL comes along for " + System.getProperty("os.arch"));
        };
        return new PostgresBinaries(base.resolve("redfleet"), "postgres-" + system + "-" + machine + ".txz");
    }

    /** Names the artifact's version, so that an upgrade is unpacked beside the old one. */
    String version() throws StartRefused {
        Matcher jar = JAR_VERSION.matcher(place().toString());
        return archive.replace(".txz", jar.find() ? "-" + jar.group(1) : "");
    }

    /** The directory with bin, lib and share. Two that unpack at once do not meet: each in its own draft. */
    Path unpack() throws IOException, StartRefused {
        Path place = cache.resolve(version());
        if (Files.isDirectory(place)) {
            return place;
        }
        Files.createDirectories(cache);
        Path draft = Files.createTempDirectory(cache, "unpacking-");
        try (InputStream in = open();
                var tar = new TarArchiveInputStream(new XZInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, draft);
            }
        }
        try {
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException another) {
            return place;
        }
        return place;
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path draft) throws IOException {
        Path target = draft.resolve(entry.getName()).normalize();
        if (!target.startsWith(draft)) {
            throw new IOException("an entry outside the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(target.getParent());
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(target, draft.resolve(entry.getLinkName()).normalize());
        } else {
            Files.createDirectories(target.getParent());
            Files.copy(tar, target);
            if ((entry.getMode() & OWNER_EXECUTES) != 0) {
                Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(target));
                permissions.add(PosixFilePermission.OWNER_EXECUTE);
                Files.setPosixFilePermissions(target, permissions);
            }
        }
    }

    private InputStream open() throws IOException, StartRefused {
        return place().openStream();
    }

    private URL place() throws StartRefused {
        URL found = PostgresBinaries.class.getResource("/" + archive);
        if (found == null) {
            throw new StartRefused("the build has brought no " + archive + "; run ./redfleet build on this machine");
        }
        return found;
    }
}
