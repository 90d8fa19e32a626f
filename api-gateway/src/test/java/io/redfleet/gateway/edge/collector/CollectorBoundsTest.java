package io.redfleet.gateway.edge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** What nobody may make it do, however often it is tried. */
class CollectorBoundsTest extends CollectorGround {
    @Test
    void whatIsTooLongIsNotReadToItsEnd() throws Exception {
        String token = reporter("r1");
        assertThat(post(basic("r1", token), new byte[Collector.MOST_BYTES + 1])).isEqualTo(413);
        byte[] bomb = gzip(new byte[Collector.MOST_BYTES], 200);
        assertThat(bomb.length).isLessThan(Collector.MOST_BYTES);
        HttpRequest zipped = request(basic("r1", token))
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bomb))
                .build();
        assertThat(status(zipped)).isEqualTo(413);
        assertThat(delivered).isEmpty();
    }

    /** A host that begins more reports than there are places holds up itself alone, and no place is held for ever. */
    @Test
    @Execution(CONCURRENT)
    void whoBeginsAndSaysNothingMoreHoldsNobodyElseUp() throws Exception {
        String token = reporter("r1");
        String head = "POST /collector HTTP/1.1\r\nHost: x\r\nAuthorization: " + basic("r1", token)
                + "\r\nContent-Length: 1000\r\n\r\n<monit";
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i <= Collector.AT_ONCE; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                slow.add(socket);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            }
            String beyond = answer(slow.getLast());
            assertThat(beyond).startsWith("HTTP/1.1 503").contains("of this host");
            assertThat(post(basic("r1", token), SMALL.getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(503);
            assertThat(post(basic("r2", reporter("r2")), SMALL.getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(200);

            String first = answer(slow.getFirst());
            assertThat(first.isEmpty() || first.startsWith("HTTP/1.1 408")).isTrue();
            assertThat(post(basic("r1", token), SMALL.getBytes(StandardCharsets.UTF_8)))
                    .as("the places are free again")
                    .isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static String answer(Socket socket) throws IOException {
        socket.setSoTimeout((int) Collector.ARRIVES.plusSeconds(10).toMillis());
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void nothingIsUnpackedForStrangersAndOnlyGzipForOthers() throws Exception {
        HttpRequest odd = request(basic("r1", reporter("r1")))
                .header("Content-Encoding", "br")
                .POST(HttpRequest.BodyPublishers.ofString(SMALL))
                .build();
        assertThat(status(odd)).isEqualTo(415);
        HttpRequest broken = request(basic("r1", reporter("r1")))
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString(SMALL))
                .build();
        assertThat(status(broken)).isEqualTo(400);
    }

    /** A byte now and then is no request. */
    @Test
    @Execution(CONCURRENT)
    void whoNeverComesToTheEndOfItsHeadIsLetGo() throws Exception {
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
            slow.setSoTimeout(1);
            OutputStream out = slow.getOutputStream();
            long until = System.nanoTime() + Collector.ARRIVES.plusSeconds(8).toNanos();
            boolean gone = false;
            while (!gone && System.nanoTime() < until) {
                gone = ended(slow, out);
            }
            assertThat(gone).isTrue();
        }
    }

    private static boolean ended(Socket socket, OutputStream out) throws InterruptedException {
        try {
            out.write('P');
            Thread.sleep(200);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stillThere) {
            return false;
        } catch (IOException cut) {
            return true;
        }
    }
}
