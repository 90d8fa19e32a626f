package io.redfleet.provisioner.edge.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Bytes from one thread to another, so many and no more. A reader waits for as long as it likes; a writer that finds no room
 * waits for so long, and then fails: it is the one reader of a session that others share, and must not be held up for ever by
 * one of them.
 */
final class Pipe {
    private final byte[] ring;
    private final Duration roomWithin;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private int first;
    private int held;
    private boolean ended;
    private boolean closed;

    /** @param roomWithin how long a writer waits for room, in one call */
    Pipe(int bytes, Duration roomWithin) {
        this.ring = new byte[bytes];
        this.roomWithin = roomWithin;
    }

    /** Where bytes come in; to close it is the end of them. */
    OutputStream in() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                put(bytes, offset, length);
            }

            @Override
            public void close() {
                end();
            }
        };
    }

    /**
     * Where they come out; to close it makes every later write fail.
     *
     * @param withinMillis asked at each read: how long it waits for a byte; 0 for ever
     */
    InputStream out(IntSupplier withinMillis) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return take(bytes, offset, length, withinMillis.getAsInt());
            }

            @Override
            public int available() {
                return waiting();
            }

            @Override
            public void close() {
                shut();
            }
        };
    }

    private void put(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        long rest = roomWithin.toNanos();
        lock.lock();
        try {
            while (done < length) {
                while (held == ring.length && !closed) {
                    if (rest <= 0) {
                        throw new IOException("nobody has read for " + roomWithin.toMillis() + " ms");
                    }
                    rest = changed.awaitNanos(rest);
                }
                if (closed || ended) {
                    throw new IOException("the pipe is closed");
                }
                int at = (first + held) % ring.length;
                int many = Math.min(length - done, Math.min(ring.length - held, ring.length - at));
                System.arraycopy(bytes, offset + done, ring, at, many);
                held += many;
                done += many;
                changed.signalAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] bytes, int offset, int length, int withinMillis) throws IOException {
        if (length == 0) {
            return 0;
        }
        long rest = withinMillis * 1_000_000L;
        lock.lock();
        try {
            while (held == 0 && !ended && !closed) {
                if (withinMillis == 0) {
                    changed.await();
                } else if (rest <= 0) {
                    throw new SocketTimeoutException("nothing was said for " + withinMillis + " ms");
                } else {
                    rest = changed.awaitNanos(rest);
                }
            }
            if (closed) {
                throw new IOException("the pipe is closed");
            }
            if (held == 0) {
                return -1;
            }
            int many = Math.min(length, Math.min(held, ring.length - first));
            System.arraycopy(ring, first, bytes, offset, many);
            first = (first + many) % ring.length;
            held -= many;
            changed.signalAll();
            return many;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private int waiting() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /** What is held may still be read. */
    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void shut() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
