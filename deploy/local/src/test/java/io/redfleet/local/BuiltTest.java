package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Checkout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuiltTest {
    /** The JVM says which heap it was given, and ends with 1 on a flag that it does not know. */
    @ParameterizedTest
    @CsvSource({"monitor-service, 168, G1", "alert-service, 256, Serial"})
    void theFlagsOfAServiceAreFoundAndKnownToThisJvm(String module, long megabytes, String collector) throws Exception {
        List<String> command = new ArrayList<>(List.of(Built.java()));
        command.addAll(new Built(Checkout.root()).flags(module));
        command.addAll(List.of("-XX:+PrintFlagsFinal", "-version"));
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(java.exitValue()).as(said).isZero();
        assertThat(flag(said, "MaxHeapSize")).isEqualTo("" + (megabytes << 20));
        assertThat(flag(said, "Use" + collector + "GC")).isEqualTo("true");
        assertThat(flag(said, "UsePerfData")).isEqualTo("false");
    }

    /** A line is {@code size_t MaxHeapSize = 176160768 {product} {command line}}. */
    private static String flag(String said, String name) {
        return said.lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(words -> words.length > 3 && words[1].equals(name))
                .map(words -> words[3])
                .findFirst()
                .orElse("none");
    }
}
