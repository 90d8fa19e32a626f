package io.redfleet.adopt.edge;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What a socket brings until a moment: who sends a byte now and then is waited for no longer than who sends none. */
final class Timed extends FilterInputStream {
    private final Socket socket;
    private final LongSupplier nanoTime;
    private final long end;

    /** @param end by {@code nanoTime} */
    Timed(Socket socket, LongSupplier nanoTime, long end) throws IOException {
        super(socket.getInputStream());
        this.socket = socket;
        this.nanoTime = nanoTime;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        arm();
        return in.read();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        arm();
        return in.read(to, offset, length);
    }

    /** A socket's own deadline is for one read; what is left is for all. */
    private void arm() throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(end - nanoTime.getAsLong());
        if (left <= 0) {
            throw new SocketTimeoutException("the time is over");
        }
        socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
    }
}
