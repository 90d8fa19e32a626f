package io.redfleet.provisioner.edge.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.provisioner.archive.ArchiveName;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Artefacts that came from a build host. Beside each lies a note of its digest, its size and where it came from, written after
 * it: an artefact without one was put there by an admin, or is the half of a fetch that was cut off. Two build hosts that make
 * the same bytes have one artefact, and a note each: what one of them has made is nobody else's word.
 */
final class Fetched {
    private static final String NOTE = ".fetched";
    /** Who fetches writes to a name of its own, which no spec can say. */
    private static final String PARTIAL = ".fetching-";

    /** Longer than any fetch takes. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final long MOST_NOTE_BYTES = 1000;

    /** Of the digest of a place, in the name of its note; a note of before has none. */
    private static final int PLACE_DIGITS = 12;

    private static final Pattern NOTED = Pattern.compile("(?<artefact>.+?)(\\.[0-9a-f]{" + PLACE_DIGITS + "})?");

    private final Path directory;

    /** @param directory need not exist */
    Fetched(Path directory) {
        this.directory = directory;
    }

    /** What the newest note says of an artefact whose name begins so; whether it is still so was not looked at. */
    Optional<Freight.Load> kept(String prefix, String from) {
        Optional<Path> newest = Optional.empty();
        try (DirectoryStream<Path> notes = Files.newDirectoryStream(
                directory, path -> isNote(path, prefix) && read(path, from).isPresent())) {
            for (Path note : notes) {
                if (newest.isEmpty() || modified(note) > modified(newest.get())) {
                    newest = Optional.of(note);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // There is no such directory, or it cannot be read: nothing is kept that could be sent.
            return Optional.empty();
        }
        return newest.flatMap(note -> read(note, from));
    }

    /**
     * Has an artefact come and takes it if it is what was said.
     *
     * @param coming writes all of it to the stream, and says how that ended
     */
    Reply fetch(HostAccess access, Freight.Load wanted, Function<OutputStream, Reply> coming) {
        if (!ArchiveName.allowed(wanted.artefact())
                || !ArchiveName.digest(wanted.sha256())
                || wanted.bytes() > Freight.MOST_BYTES) {
            String reason = "offers " + wanted.bytes() + " bytes as " + wanted.artefact() + ": at most "
                    + Freight.MOST_BYTES + " are taken, the name " + ArchiveName.FILE_RULE + ", and the digest "
                    + wanted.sha256() + " must be one of 64 hex digits";
            return new Reply.Failed(Trouble.DROPPED, access + ": " + reason);
        }
        try {
            Files.createDirectories(directory);
            forget();
            Path partial = Files.createTempFile(directory, PARTIAL, "");
            try {
                return received(access, wanted, partial, coming);
            } finally {
                Files.deleteIfExists(partial);
            }
        } catch (IOException | DirectoryIteratorException e) {
            return new Reply.Failed(
                    Trouble.DROPPED,
                    wanted.artefact() + " cannot be put into " + directory + " of this provisioner: "
                            + Connection.reason(e));
        }
    }

    /** What a process that was killed has left. */
    private void forget() throws IOException {
        long latest = System.currentTimeMillis() - ABANDONED.toMillis();
        try (DirectoryStream<Path> partials = Files.newDirectoryStream(directory, PARTIAL + "*")) {
            for (Path partial : partials) {
                // One that is gone meanwhile is as old as can be.
                if (partial.toFile().lastModified() < latest) {
                    Files.deleteIfExists(partial);
                }
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Reply received(HostAccess access, Freight.Load wanted, Path partial, Function<OutputStream, Reply> coming)
            throws IOException {
        MessageDigest digest = sha256();
        AtMost out = new AtMost(new DigestOutputStream(Files.newOutputStream(partial), digest), wanted.bytes());
        Reply reply;
        try (out) {
            reply = coming.apply(out);
        }
        if (!(reply instanceof Reply.Done done) || !done.ok()) {
            return reply;
        }
        String came = HexFormat.of().formatHex(digest.digest());
        if (out.failed() || out.seen() != wanted.bytes() || !came.equals(wanted.sha256())) {
            String reason = out.seen() + " of the archive's " + wanted.bytes() + " bytes came, with sha256 " + came
                    + ", not " + wanted.sha256() + ": it was not taken";
            return new Reply.Failed(Trouble.DROPPED, access + ": " + reason);
        }
        put(access, wanted, partial);
        return reply;
    }

    /**
     * Under a name with its digest: another build host of the same kind makes other bytes, and calls them the same. An earlier note
     * of that host goes first: it would speak of another file. One of another host that does so is not believed, for its digest
     * is compared.
     */
    private void put(HostAccess access, Freight.Load wanted, Path partial) throws IOException {
        String artefact = ArchiveName.told(wanted.artefact(), wanted.sha256());
        Path note = directory.resolve(artefact + "." + digits(access.place()) + NOTE);
        Files.deleteIfExists(note);
        Files.move(
                partial,
                directory.resolve(artefact),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        Path written = Files.createTempFile(directory, PARTIAL, NOTE);
        Files.writeString(written, wanted.sha256() + " " + wanted.bytes() + " " + access.place() + "\n");
        Files.move(written, note, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isNote(Path path, String prefix) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(prefix) && name.endsWith(NOTE) && ArchiveName.allowed(artefact(name));
    }

    /** What a note of this name is about. */
    private static String artefact(String note) {
        Matcher noted = NOTED.matcher(note.substring(0, note.length() - NOTE.length()));
        return noted.matches() ? noted.group("artefact") : "";
    }

    private static String digits(String place) {
        String digest = HexFormat.of().formatHex(sha256().digest(place.getBytes(UTF_8)));
        return digest.substring(0, PLACE_DIGITS);
    }

    /** A note of another form says nothing. */
    private static Optional<Freight.Load> read(Path note, String from) {
        try {
            if (!Files.isRegularFile(note) || Files.size(note) > MOST_NOTE_BYTES) {
                return Optional.empty();
            }
            String[] words = new String(Files.readAllBytes(note), UTF_8).strip().split(" ", -1);
            if (words.length != 3 || !words[1].matches("\\d{1,9}") || !words[2].equals(from)) {
                return Optional.empty();
            }
            String artefact = artefact(String.valueOf(note.getFileName()));
            return Optional.of(new Freight.Load(artefact, Long.parseLong(words[1]), words[0]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static long modified(Path note) throws IOException {
        return Files.getLastModifiedTime(note).toMillis();
    }

    /** Lets so many bytes through, and counts the others away: what a host sends is not ours to choose. */
    private static final class AtMost extends OutputStream {
        private final OutputStream out;
        private final long most;
        private long seen;
        private boolean failed;

        AtMost(OutputStream out, long most) {
            this.out = out;
            this.most = most;
        }

        @Override
        public synchronized void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            int let = (int) Math.min(length, Math.max(0, most - seen));
            seen += length;
            try {
                out.write(bytes, offset, let);
            } catch (IOException e) {
                failed = true;
                throw e;
            }
        }

        @Override
        public synchronized void flush() throws IOException {
            out.flush();
        }

        @Override
        public synchronized void close() throws IOException {
            out.close();
        }

        /** How many came, those included that were not let through. */
        synchronized long seen() {
            return seen;
        }

        synchronized boolean failed() {
            return failed;
        }
    }
}
