package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.provisioner.survey.Freight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is read once for as long as nothing touches it. */
class ScaleTest {
    private static final String NAME = "redis.tar.gz";
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private final Scale scale = new Scale();
    private Path file;
    private int reads;

    @BeforeEach
    void aFileThatHasLainForLong() throws IOException {
        file = Files.writeString(directory.resolve(NAME), "one");
        touched(LONG_AGO);
    }

    @Test
    void whatHasLainForLongIsReadOnce() throws IOException {
        assertThat(weigh()).isEqualTo(weigh());
        assertThat(reads).isEqualTo(1);
        assertThat(new Scale().weigh(NAME, file, this::read).sha256()).isEqualTo("one");
        assertThat(reads).as("nothing is remembered beyond a process").isEqualTo(2);
    }

    @Test
    void anotherTimeAnotherSizeOrAnotherFileOfThatNameIsReadAnew() throws IOException {
        weigh();
        Files.writeString(file, "two");
        touched(LONG_AGO.plusSeconds(60));
        assertThat(weigh().sha256()).isEqualTo("two");

        Files.writeString(file, "three");
        touched(LONG_AGO.plusSeconds(60));
        assertThat(weigh().sha256()).isEqualTo("three");

        Path other = Files.writeString(directory.resolve("other"), "seven");
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        touched(LONG_AGO.plusSeconds(60));
        assertThat(weigh().sha256()).isEqualTo("seven");
        assertThat(reads).isEqualTo(4);
        weigh();
        assertThat(reads).isEqualTo(4);
    }

    /** Within one tick of the file system a second change leaves the same time. */
    @Test
    void whatWasJustChangedOrWillHaveBeenIsReadEachTime() throws IOException {
        for (Instant young : new Instant[] {Instant.now(), Instant.now().plusSeconds(3600)}) {
            touched(young);
            reads = 0;
            weigh();
            weigh();
            assertThat(reads).as("%s", young).isEqualTo(2);
        }
    }

    @Test
    void whatIsChangedWhileItIsReadIsNotRemembered() throws IOException {
        scale.weigh(NAME, file, () -> {
            Freight.Load load = read();
            Files.writeString(file, "longer");
            touched(LONG_AGO);
            return load;
        });
        assertThat(weigh().sha256()).isEqualTo("longer");
    }

    @Test
    void whatCannotBeReadIsNotRememberedEither() throws IOException {
        assertThatThrownBy(() -> scale.weigh(NAME, file, () -> {
                    throw new IOException("input/output error");
                }))
                .isInstanceOf(IOException.class);
        assertThat(weigh().sha256()).isEqualTo("one");
        Files.delete(file);
        assertThatThrownBy(this::weigh).isInstanceOf(IOException.class);
    }

    @Test
    void ofManyTheFirstIsForgotten() throws IOException {
        weigh();
        for (int i = 0; i < 40; i++) {
            scale.weigh("a" + i, file, this::read);
        }
        reads = 0;
        weigh();
        assertThat(reads).isEqualTo(1);
        scale.weigh("a39", file, this::read);
        assertThat(reads).isEqualTo(1);
    }

    private Freight.Load weigh() throws IOException {
        return scale.weigh(NAME, file, this::read);
    }

    /** The digest is the content itself, so that a test sees which was read. */
    private Freight.Load read() throws IOException {
        reads++;
        return new Freight.Load(NAME, Files.size(file), Files.readString(file));
    }

    private void touched(Instant when) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(when));
    }
}
