package io.redfleet.monitor.failover;

import io.redfleet.contracts.cluster.InstanceId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What three real Sentinels published during one failover. */
public record Transcript(List<Heard> lines) {
    public record Heard(long millis, InstanceId witness, SentinelLine line) {}

    public static Transcript of(String name) {
        try (@Nullable InputStream in = Transcript.class.getResourceAsStream(name + ".tsv")) {
            if (in == null) {
                throw new IllegalStateException("no transcript " + name);
            }
            return new Transcript(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Transcript::heard)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Heard heard(String line) {
        List<String> cells = List.of(line.split("\t", 4));
        return new Heard(
                Long.parseLong(cells.get(0)),
                new InstanceId(cells.get(1)),
                SentinelLine.parse(cells.get(2), cells.get(3)));
    }
}
