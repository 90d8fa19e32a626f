package io.redfleet.provisioner.edge.ssh;

import io.redfleet.provisioner.archive.ArchiveName;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Artefacts in one directory of the provisioner's machine, where an admin puts them and what was built comes to lie, sent over the
 * hosts' own connections.
 */
public final class Shelf implements Freight {
    private static final int PIECE_BYTES = 64 * 1024;

    private final SshHosts hosts;
    private final Path directory;
    private final Fetched fetched;
    private final Scale scale = new Scale();

    /** @param directory need not exist */
    public Shelf(SshHosts hosts, Path directory) {
        this.hosts = hosts;
        this.directory = directory;
        this.fetched = new Fetched(directory);
    }

    @Override
    public Weight weigh(String artefact) {
        if (!ArchiveName.allowed(artefact)) {
            return new Missing("an artefact " + ArchiveName.FILE_RULE);
        }
        Path file = directory.resolve(artefact);
        if (!Files.isRegularFile(file)) {
            return new Missing("there is no " + artefact + " in " + directory + " of this provisioner: put it there");
        }
        try {
            return scale.weigh(artefact, file, () -> read(artefact, file));
        } catch (IOException e) {
            return new Missing(file + " cannot be read: " + Connection.reason(e));
        }
    }

    private static Load read(String artefact, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = Fetched.sha256();
            byte[] piece = new byte[PIECE_BYTES];
            long bytes = 0;
            // What is too large is not read to its end: its size says enough.
            for (int read = in.read(piece); read >= 0 && bytes <= MOST_BYTES; read = in.read(piece)) {
                digest.update(piece, 0, read);
                bytes += read;
            }
            return new Load(
                    artefact, Math.max(bytes, Files.size(file)), HexFormat.of().formatHex(digest.digest()));
        }
    }

    @Override
    public Reply send(HostAccess access, Script script, Load load) {
        if (!ArchiveName.allowed(load.artefact())) {
            throw new IllegalArgumentException("no plain name: " + load.artefact());
        }
        try (InputStream in = Files.newInputStream(directory.resolve(load.artefact()))) {
            return hosts.talk(access, script, in);
        } catch (IOException e) {
            return new Reply.Failed(
                    Trouble.DROPPED, access + ": " + load.artefact() + " cannot be read: " + Connection.reason(e));
        }
    }

    @Override
    public Optional<Load> kept(String prefix, String from) {
        return fetched.kept(prefix, from).flatMap(this::unchanged);
    }

    @Override
    public Reply fetch(HostAccess access, Script script, Load wanted) {
        return fetched.fetch(access, wanted, sink -> hosts.fetch(access, script, sink));
    }

    private Optional<Load> unchanged(Load noted) {
        return weigh(noted.artefact()) instanceof Load found && found.equals(noted)
                ? Optional.of(found)
                : Optional.empty();
    }
}
