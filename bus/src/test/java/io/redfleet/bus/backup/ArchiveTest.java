package io.redfleet.bus.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a backup is found before a record is written, and named. */
class ArchiveTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void aWholeBackupIsReadAsItWasWritten() throws Exception {
        Archive archive = Archive.open(MadeArchive.good().in(directory));
        List<String> keys = new ArrayList<>();
        archive.records(archive.manifest().topics().getFirst(), record -> keys.add(record.key()));
        assertThat(keys).containsExactly("s1", "s2");
        assertThat(archive.content(archive.manifest().files().getFirst()))
                .asString()
                .isEqualTo("a private key");
    }

    static Stream<Arguments> wrong() {
        MadeArchive good = MadeArchive.good();
        String manifest = good.manifest();
        return Stream.of(
                Arguments.of(
                        "a value was changed",
                        MadeArchive.good()
                                .with(MadeArchive.ENTRY, MadeArchive.line("s1", "one") + MadeArchive.line("s2", "owt")),
                        "topics/redfleet.quiet.v1.jsonl was changed"),
                Arguments.of(
                        "a line was taken out",
                        MadeArchive.good().with(MadeArchive.ENTRY, MadeArchive.line("s1", "one")),
                        "topics/redfleet.quiet.v1.jsonl was changed"),
                Arguments.of(
                        "a count was changed",
                        MadeArchive.good().with("manifest.json", manifest.replace("\"records\":2", "\"records\":3")),
                        "has 2 records, its manifest says 3"),
                Arguments.of(
                        "a topic's file is missing",
                        MadeArchive.good().without(MadeArchive.ENTRY),
                        "lacks topics/redfleet.quiet.v1.jsonl"),
                Arguments.of(
                        "a key file was changed",
                        MadeArchive.good().with("files/credentials/ops", "another key"),
                        "files/credentials/ops was changed"),
                Arguments.of(
                        "something was put beside it",
                        MadeArchive.good().with("topics/redfleet.access.v1.jsonl", MadeArchive.line("t", "mine")),
                        "holds topics/redfleet.access.v1.jsonl, which its manifest does not name"),
                Arguments.of(
                        "the format is of a later release",
                        MadeArchive.good().with("manifest.json", manifest.replace("\"version\":1", "\"version\":2")),
                        "has version 2 of the format, and this release reads 1"),
                Arguments.of(
                        "it is some other zip file",
                        MadeArchive.good().without("manifest.json"),
                        "is no backup: it has no manifest.json"),
                Arguments.of(
                        "its manifest is no JSON",
                        MadeArchive.good().with("manifest.json", manifest.substring(0, 40)),
                        "its manifest cannot be understood"),
                Arguments.of(
                        "its manifest lacks a part",
                        MadeArchive.good().with("manifest.json", manifest.replace("\"sha256\"", "\"sha512\"")),
                        "its manifest cannot be understood"),
                Arguments.of(
                        "it names a topic of its own",
                        MadeArchive.good()
                                .with(
                                        "manifest.json",
                                        manifest.replace("\"redfleet.quiet.v1\"", "\"redfleet.events.v1\"")),
                        "holds redfleet.events.v1, which is no topic that is restored"),
                Arguments.of(
                        "it would write outside of the home",
                        MadeArchive.good()
                                .with(
                                        "manifest.json",
                                        manifest.replace("\"credentials/ops\"", "\"../.ssh/authorized_keys\"")),
                        "names a file outside of the home"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void aBackupThatIsNotAsItWasWrittenIsRefusedAndWhatIsWrongIsNamed(String what, MadeArchive made, String reason)
            throws IOException {
        Path file = made.in(directory);
        assertThatThrownBy(() -> Archive.open(file))
                .isInstanceOf(BackupRefused.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(reason);
    }

    /** Wherever a copy broke off: at no length is a part of a backup taken for a backup. */
    @Test
    void aBackupThatIsCutShortIsRefusedWhereverItWasCut() throws IOException {
        byte[] whole = Files.readAllBytes(MadeArchive.good().in(directory));
        Path cut = directory.resolve("cut.backup");
        for (int length = 0; length < whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Archive.open(cut))
                    .as("cut after %d of %d bytes", length, whole.length)
                    .isInstanceOf(BackupRefused.class)
                    .hasMessageContaining(cut.toString());
        }
    }

    /** Bits that rot: either it is found, or nothing that is restored has changed. */
    @Test
    void aByteThatFlippedIsFoundOrChangesNothing() throws Exception {
        byte[] whole = Files.readAllBytes(MadeArchive.good().in(directory));
        Archive good = Archive.open(MadeArchive.good().in(directory));
        Path rotten = directory.resolve("rotten.backup");
        int found = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x20;
            Files.write(rotten, changed);
            try {
                Archive archive = Archive.open(rotten);
                assertThat(digests(archive)).as("byte %d", at).isEqualTo(digests(good));
                assertThat(archive.content(archive.manifest().files().getFirst()))
                        .isEqualTo(good.content(good.manifest().files().getFirst()));
            } catch (BackupRefused refused) {
                found++;
            }
        }
        assertThat(found).isGreaterThan(whole.length / 2);
    }

    private static List<String> digests(Archive archive) throws BackupRefused {
        List<String> digests = new ArrayList<>();
        archive.records(archive.manifest().topics().getFirst(), record -> digests.add(record.digest()));
        return digests;
    }
}
