package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PipeTest {
    private final Pipe pipe = new Pipe(7, Duration.ofMillis(100));
    private final OutputStream in = pipe.in();

    @Test
    void whatGoesInComesOutWholeThoughItIsMoreThanIsHeld() throws Exception {
        byte[] sent = new byte[10_000];
        new Random(1).nextBytes(sent);
        Pipe patient = new Pipe(7, Duration.ofSeconds(10));
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try (OutputStream to = patient.in()) {
                to.write(sent, 0, 5_000);
                for (int i = 5_000; i < sent.length; i++) {
                    to.write(sent[i]);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(patient.out(() -> 10_000).readAllBytes()).isEqualTo(sent);
        writing.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aReaderHearsThatNothingWasSaidInTimeAndLosesNothingByIt() throws Exception {
        InputStream out = pipe.out(() -> 50);
        assertThatThrownBy(out::read)
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("nothing was said for 50 ms");
        in.write(200);
        assertThat(out.available()).isEqualTo(1);
        assertThat(out.read()).isEqualTo(200);
    }

    @Test
    void aWriterWhomNobodyReadsIsHeldUpForSoLong() throws Exception {
        in.write(new byte[7]);
        long begun = System.nanoTime();
        assertThatThrownBy(() -> in.write(1)).isInstanceOf(IOException.class).hasMessage("nobody has read for 100 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(90), Duration.ofSeconds(10));
    }

    @Test
    void whatIsHeldAtTheEndIsStillRead() throws Exception {
        InputStream out = pipe.out(() -> 0);
        in.write(1);
        in.close();
        assertThat(out.read()).isEqualTo(1);
        assertThat(out.read()).isEqualTo(-1);
        assertThat(out.read(new byte[3], 0, 3)).isEqualTo(-1);
        assertThatThrownBy(() -> in.write(2)).hasMessage("the pipe is closed");
    }

    @Test
    void whoClosesItsReadingEndFreesBothWhoWait() throws Exception {
        InputStream out = pipe.out(() -> 0);
        CompletableFuture<String> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return "" + out.read();
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        });
        out.close();
        assertThat(reading.get(10, TimeUnit.SECONDS)).isEqualTo("the pipe is closed");
        assertThatThrownBy(() -> in.write(1)).hasMessage("the pipe is closed");
    }
}
