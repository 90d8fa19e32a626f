package io.redfleet.provisioner.edge.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.archive.ArchiveName;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes from a build host: whole, as it was said, or not at all. */
class FetchedTest {
    private static final String NAME = "redis-8.0.2-abc-process-x86_64-glibc2.41.tar.gz";
    private static final String PREFIX = "redis-8.0.2-abc-process-";
    private static final String CONTENT = "an archive";
    private static final HostAccess ACCESS = new HostAccess("build", "10.9.9.9", 22, "builder", "ops", "");
    private static final String FROM = "builder@10.9.9.9:22/";
    private static final Reply.Done WELL = new Reply.Done(0, "", "");

    @TempDir
    Path directory;

    @Test
    void whatHasComeIsKeptUnderItsNameForWhoAsksForThatHost() throws Exception {
        Fetched fetched = new Fetched(directory.resolve("artefacts"));
        Freight.Load load = load(NAME, CONTENT);
        assertThat(fetched.kept(PREFIX, FROM)).as("there is no directory yet").isEmpty();
        assertThat(fetched.fetch(ACCESS, load, writing(CONTENT, WELL))).isEqualTo(WELL);
        Freight.Load kept = kept(NAME, CONTENT);
        assertThat(kept.artefact())
                .isEqualTo("redis-8.0.2-abc-process-x86_64-glibc2.41-"
                        + load.sha256().substring(0, 12) + ".tar.gz");
        assertThat(Files.readString(directory.resolve("artefacts").resolve(kept.artefact())))
                .isEqualTo(CONTENT);
        assertThat(fetched.kept(PREFIX, FROM)).contains(kept);
        assertThat(fetched.kept(PREFIX, "builder@10.9.9.8:22/")).isEmpty();
        assertThat(fetched.kept("redis-8.0.2-abd-process-", FROM)).isEmpty();
        assertThat(names(directory.resolve("artefacts"))).containsExactly(kept.artefact(), note(kept.artefact(), FROM));
    }

    @Test
    void twoBuildHostsOfOneKindKeepEachTheirOwn() {
        HostAccess other = new HostAccess("build", "10.9.9.8", 22, "builder", "ops", "");
        Fetched fetched = new Fetched(directory);
        fetched.fetch(ACCESS, load(NAME, CONTENT), writing(CONTENT, WELL));
        fetched.fetch(other, load(NAME, "another"), writing("another", WELL));
        assertThat(fetched.kept(PREFIX, FROM)).contains(kept(NAME, CONTENT));
        assertThat(fetched.kept(PREFIX, "builder@10.9.9.8:22/")).contains(kept(NAME, "another"));
    }

    /** The same compiler makes the same bytes of a source: whoever fetched first needs his build host no more than before. */
    @Test
    void twoBuildHostsThatMakeTheSameBytesHaveOneArtefactAndANoteEach() throws Exception {
        HostAccess other = new HostAccess("build", "10.9.9.8", 22, "builder", "ops", "");
        String there = "builder@10.9.9.8:22/";
        Fetched fetched = new Fetched(directory);
        fetched.fetch(ACCESS, load(NAME, CONTENT), writing(CONTENT, WELL));
        assertThat(fetched.kept(PREFIX, there))
                .as("nobody has it from there yet")
                .isEmpty();
        fetched.fetch(other, load(NAME, CONTENT), writing(CONTENT, WELL));
        Freight.Load kept = kept(NAME, CONTENT);
        assertThat(fetched.kept(PREFIX, FROM)).contains(kept);
        assertThat(fetched.kept(PREFIX, there)).contains(kept);
        assertThat(names(directory))
                .containsExactlyInAnyOrder(kept.artefact(), note(kept.artefact(), FROM), note(kept.artefact(), there));

        Files.delete(directory.resolve(note(kept.artefact(), FROM)));
        assertThat(fetched.kept(PREFIX, FROM)).isEmpty();
        assertThat(fetched.kept(PREFIX, there)).contains(kept);
    }

    @Test
    void aNameThatWouldBeTooLongIsCutBeforeItsDigest() throws Exception {
        Fetched fetched = new Fetched(directory);
        String longest = PREFIX + "x".repeat(121 - PREFIX.length()) + ".tar.gz";
        assertThat(fetched.fetch(ACCESS, load(longest, CONTENT), writing(CONTENT, WELL)))
                .isEqualTo(WELL);
        assertThat(fetched.kept(PREFIX, FROM)).contains(kept(longest, CONTENT));
        assertThat(names(directory).getFirst())
                .hasSize(128)
                .endsWith("x-" + load(NAME, CONTENT).sha256().substring(0, 12) + ".tar.gz");
    }

    /** What a release of before has fetched has no digest in its name. */
    @Test
    void whatWasFetchedUnderAPlainNameIsKept() throws Exception {
        Freight.Load load = load(NAME, CONTENT);
        Files.writeString(directory.resolve(NAME), CONTENT);
        Files.writeString(directory.resolve(NAME + ".fetched"), load.sha256() + " " + load.bytes() + " " + FROM + "\n");
        assertThat(new Fetched(directory).kept(PREFIX, FROM)).contains(load);
    }

    /** What comes, how it ends, and words of the reason. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            an archiv     | 0 | 9 of the
            an archive!   | 0 | 11 of the
            an archivf    | 0 | it was not taken
            an archive    | 1 | is not kept any more
            an archive    | 2 | the connection was lost
            """)
    void whatIsNotWholeOrAnotherIsNotTakenAndLeavesNothing(String content, int how, String reason) throws Exception {
        Reply end = switch (how) {
            case 0 -> WELL;
            case 1 -> new Reply.Done(1, "", "is not kept any more");
            default -> new Reply.Failed(Trouble.DROPPED, "the connection was lost");
        };
        Fetched fetched = new Fetched(directory);
        Reply reply = fetched.fetch(ACCESS, load(NAME, CONTENT), writing(content, end));
        assertThat(reply).isNotEqualTo(WELL);
        assertThat(reply.toString()).contains(reason);
        assertThat(names(directory)).isEmpty();
        assertThat(fetched.kept(PREFIX, FROM)).isEmpty();
    }

    @Test
    void whatIsTooLargeOrLeadsOutIsNotEvenAskedFor() {
        Fetched fetched = new Fetched(directory);
        Function<OutputStream, Reply> never = out -> {
            throw new AssertionError("nobody asks");
        };
        Freight.Load large = new Freight.Load(NAME, Freight.MOST_BYTES + 1, "a".repeat(64));
        assertThat(fetched.fetch(ACCESS, large, never)).isInstanceOf(Reply.Failed.class);
        Freight.Load out = new Freight.Load("../" + NAME, 10, "a".repeat(64));
        assertThat(fetched.fetch(ACCESS, out, never)).isInstanceOf(Reply.Failed.class);
    }

    @Test
    void ofSeveralTheNewestCountsAndTheSameAgainTakesItsPlace() throws Exception {
        Fetched fetched = new Fetched(directory);
        fetched.fetch(ACCESS, load(NAME, CONTENT), writing(CONTENT, WELL));
        age(NAME, CONTENT);
        fetched.fetch(ACCESS, load(NAME, "another"), writing("another", WELL));
        assertThat(fetched.kept(PREFIX, FROM)).contains(kept(NAME, "another"));

        String newer = NAME.replace("2.41", "2.42");
        age(NAME, "another");
        fetched.fetch(ACCESS, load(newer, CONTENT), writing(CONTENT, WELL));
        assertThat(fetched.kept(PREFIX, FROM)).contains(kept(newer, CONTENT));

        age(newer, CONTENT);
        fetched.fetch(ACCESS, load(NAME, CONTENT), writing(CONTENT, WELL));
        assertThat(fetched.kept(PREFIX, FROM)).contains(kept(NAME, CONTENT));
        assertThat(names(directory)).hasSize(6);
    }

    private void age(String name, String content) throws IOException {
        Path note = directory.resolve(note(kept(name, content).artefact(), FROM));
        Files.setLastModifiedTime(note, FileTime.from(Instant.EPOCH));
    }

    @Test
    void aNoteOfAnotherFormSaysNothing() throws Exception {
        Path note = directory.resolve(NAME + ".fetched");
        Fetched fetched = new Fetched(directory);
        for (String text : List.of("", "abc", "abc x " + FROM, "abc 10 " + FROM + " more", "x".repeat(2000))) {
            Files.writeString(note, text);
            assertThat(fetched.kept(PREFIX, FROM)).as(text).isEmpty();
        }
        Files.writeString(note, "abc 10 " + FROM + "\n");
        assertThat(fetched.kept(PREFIX, FROM)).contains(new Freight.Load(NAME, 10, "abc"));
    }

    @Test
    void whatAKilledProcessHasLeftGoesOnceItIsOld() throws Exception {
        Path old = Files.writeString(directory.resolve(".fetching-1"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path fresh = Files.writeString(directory.resolve(".fetching-2"), "half");
        new Fetched(directory).fetch(ACCESS, load(NAME, CONTENT), writing(CONTENT, WELL));
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    private static Function<OutputStream, Reply> writing(String content, Reply end) {
        return out -> {
            try {
                out.write(content.getBytes(UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return end;
        };
    }

    private static Freight.Load load(String name, String content) {
        byte[] bytes = content.getBytes(UTF_8);
        return new Freight.Load(
                name, bytes.length, HexFormat.of().formatHex(Fetched.sha256().digest(bytes)));
    }

    /** The same, under the name that it comes to lie under. */
    private static Freight.Load kept(String name, String content) {
        Freight.Load load = load(name, content);
        return new Freight.Load(ArchiveName.told(name, load.sha256()), load.bytes(), load.sha256());
    }

    private static String note(String artefact, String from) {
        String digest = HexFormat.of().formatHex(Fetched.sha256().digest(from.getBytes(UTF_8)));
        return artefact + "." + digest.substring(0, 12) + ".fetched";
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
