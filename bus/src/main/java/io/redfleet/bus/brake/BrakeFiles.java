package io.redfleet.bus.brake;

import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.LocalBrakes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file {@code disarmed} holds everything; an entry of the directory {@code disarmed.labels} holds the label that its name
 * says, with {@code %} for a slash. Only names are looked at, so that no content can mislead, and at most one more than may
 * be there. What cannot be looked at or understood counts as holding everything: of two mistakes, doing nothing is the
 * smaller one.
 */
public final class BrakeFiles {
    private static final int SHOWN_MAX = 60;

    private BrakeFiles() {}

    /** A look at the disk: it may block. */
    public static LocalBrakes read(Path home) {
        Path all = home.resolve("disarmed");
        return Files.notExists(all) ? labels(home) : LocalBrakes.everywhere("the file " + all + " stands");
    }

    /** What the entries for labels say by themselves, whether or not the file that holds everything stands. It may block. */
    public static LocalBrakes labels(Path home) {
        Path directory = home.resolve("disarmed.labels");
        List<Label> labels = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (labels.size() == LabelBrakes.MOST) {
                    return LocalBrakes.everywhere(directory + " has more than " + LabelBrakes.MOST + " entries");
                }
                String label = name.replace('%', '/');
                if (!Label.allowed(label)) {
                    return LocalBrakes.everywhere(
                            "the entry '" + shown(name) + "' of " + directory + " names no label (" + Label.RULE + ")");
                }
                labels.add(new Label(label));
            }
            return new LocalBrakes("", labels);
        } catch (NoSuchFileException e) {
            return LocalBrakes.NONE;
        } catch (IOException | DirectoryIteratorException e) {
            return LocalBrakes.everywhere(directory + " cannot be read");
        }
    }

    private static String shown(String name) {
        String plain = name.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > SHOWN_MAX ? plain.substring(0, SHOWN_MAX) + "..." : plain;
    }
}
