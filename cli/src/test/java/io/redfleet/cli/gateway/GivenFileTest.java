package io.redfleet.cli.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GivenFileTest {
    private static final int MOST = 20;

    @TempDir
    Path dir;

    @BeforeEach
    void make() throws IOException {
        Files.createDirectory(dir.resolve("directory"));
        Files.writeString(dir.resolve("fits"), "a".repeat(MOST));
        Files.writeString(dir.resolve("large"), "a".repeat(MOST + 1));
        Files.write(dir.resolve("latin1"), new byte[] {'n', ':', (byte) 0xe4, 'x'});
        Files.write(dir.resolve("cut"), new byte[] {'n', (byte) 0xc3});
    }

    @ParameterizedTest
    @CsvSource({
        "none, there is no such file",
        "none/spec.yaml, there is no such file",
        "directory, it is a directory",
        "fits/spec.yaml, Not a directory",
        "large, 'it is larger than 20 bytes, the most that is taken'",
        "latin1, it is not UTF-8 (byte 3)",
        "cut, it is not UTF-8 (byte 2)"
    })
    void whatIsWrongIsSaidInWords(String name, String why) {
        assertThat(read(name)).isEqualTo(new GivenFile.Read.Refused(why));
    }

    @Test
    void whatMayNotBeReadIsSaidToo() throws IOException {
        assumeFalse("root".equals(System.getProperty("user.name")), "root may read everything");
        Files.setPosixFilePermissions(dir.resolve("fits"), PosixFilePermissions.fromString("-wx------"));
        assertThat(read("fits")).isEqualTo(new GivenFile.Read.Refused("no permission to read it"));
    }

    @Test
    void whatHasNoEndIsTooLarge() {
        assertThat(GivenFile.read("/dev/zero", InputStream.nullInputStream(), MOST))
                .isInstanceOfSatisfying(
                        GivenFile.Read.Refused.class,
                        refused -> assertThat(refused.why()).contains("larger than 20"));
    }

    @Test
    void itsBytesComeBackAsTheyWere() {
        assertThat(read("fits")).isEqualTo(new GivenFile.Read.Found("a".repeat(MOST)));
        String strange = "\uFEFFä€😀\r\n\0";
        InputStream in = new ByteArrayInputStream(strange.getBytes(UTF_8));
        assertThat(GivenFile.read("-", in, MOST)).isEqualTo(new GivenFile.Read.Found(strange));
        assertThat(GivenFile.read("-", InputStream.nullInputStream(), MOST)).isEqualTo(new GivenFile.Read.Found(""));
    }

    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new NoSuchFileException("/nope"), "there is no such file"),
                Arguments.of(new AccessDeniedException("/nope"), "no permission to read it"),
                Arguments.of(new MalformedInputException(1), "it is not UTF-8"),
                Arguments.of(new FileSystemException("/nope", null, "Input/output error"), "Input/output error"),
                Arguments.of(
                        new FileSystemException("/nope"),
                        "it cannot be read: java.nio.file.FileSystemException: /nope"),
                Arguments.of(new IOException("Input/output error"), "Input/output error"));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void anExceptionIsNotShownByItsNameAlone(IOException thrown, String why) {
        assertThat(GivenFile.why(dir.resolve("nope"), thrown)).isEqualTo(why);
    }

    private GivenFile.Read read(String name) {
        return GivenFile.read(dir.resolve(name).toString(), InputStream.nullInputStream(), MOST);
    }
}
