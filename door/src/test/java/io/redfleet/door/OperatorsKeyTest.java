package io.redfleet.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorsKeyTest {
    @TempDir
    Path home;

    @Test
    void isShownByItself() throws IOException {
        write("s3same\n");
        assertThat(OperatorsKey.in(home).isShownBy("Bearer s3same")).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "Bearer", "Bearer ", "s3same", "Basic s3same", "Bearer s3sam", "Bearer s3samee"})
    void byNothingElse(String authorization) throws IOException {
        write("s3same\n");
        assertThat(OperatorsKey.in(home).isShownBy(authorization)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void anEmptyFileIsNobodysKey(String text) throws IOException {
        write(text);
        assertThat(OperatorsKey.in(home).isShownBy("Bearer ")).isFalse();
    }

    @Test
    void whereThereIsNoneNobodyHasIt() {
        assertThat(OperatorsKey.in(home).isShownBy("Bearer ")).isFalse();
    }

    private void write(String text) throws IOException {
        Files.createDirectories(home.resolve("credentials"));
        Files.writeString(home.resolve("credentials/metrics-key"), text);
    }
}
