package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.provisioner.reach.KeyLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that is never silent for long and never says anything whole. */
@Timeout(30)
class LimitedSocketsTest {
    private ServerSocket host;
    private Thread dripping;

    @BeforeEach
    void aHostThatDrips() throws IOException {
        host = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        dripping = Thread.ofVirtual().start(this::drip);
    }

    @AfterEach
    void itEnds() throws Exception {
        host.close();
        dripping.interrupt();
        dripping.join();
    }

    @Test
    void aHandshakeEndsThoughEachByteOfItCameInTime() throws Exception {
        LimitedSockets sockets = sockets();
        try (Socket socket = sockets.createSocket("127.0.0.1", host.getLocalPort())) {
            InputStream in = sockets.getInputStream(socket);
            assertThat(in.read()).isEqualTo('x');
            assertThatThrownBy(() -> readOn(in)).isInstanceOf(SocketTimeoutException.class);
            assertThatThrownBy(() -> in.readNBytes(10)).hasMessage("no session within 400 ms");
        }
    }

    @Test
    void aSessionThatStandsIsReadForAsLongAsItLasts() throws Exception {
        LimitedSockets sockets = sockets();
        try (Socket socket = sockets.createSocket("127.0.0.1", host.getLocalPort())) {
            InputStream in = sockets.getInputStream(socket);
            sockets.established();
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < Duration.ofMillis(800).toNanos()) {
                assertThat(in.read()).isEqualTo('x');
            }
        }
    }

    private static LimitedSockets sockets() {
        return new LimitedSockets("ops", new KeyLimits.None(), Duration.ofMillis(200));
    }

    private static void readOn(InputStream in) throws IOException {
        int last = 'x';
        while (last == 'x') {
            last = in.read();
        }
    }

    private void drip() {
        try (Socket caller = host.accept()) {
            OutputStream out = caller.getOutputStream();
            while (!Thread.currentThread().isInterrupted()) {
                out.write('x');
                out.flush();
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (IOException gone) {
            // The caller has hung up, or nobody called.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
