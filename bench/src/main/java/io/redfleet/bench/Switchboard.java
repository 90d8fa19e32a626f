package io.redfleet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one thread that serves every scripted instance of this JVM: thousands of them cost a socket each and no thread.
 *
 * <p>Channels are registered and closed on that thread only, by way of {@link #call}: a channel that is closed elsewhere keeps
 * its port until the selector has looked at it once more.
 */
final class Switchboard {
    /** So that who calls learns of it when the thread has ended by a fault, which it prints. */
    private static final int ANSWERS_SECONDS = 30;

    static final Switchboard SHARED = new Switchboard();

    private final Selector selector;
    private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();

    private Switchboard() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("scripted").start(this::run);
    }

    /** Does the work on the switchboard's thread, between two rounds, and waits for it. Not to be called from there. */
    <T> T call(Supplier<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        calls.add(() -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        selector.wakeup();
        return done.orTimeout(ANSWERS_SECONDS, TimeUnit.SECONDS).join();
    }

    /** On the switchboard's thread: {@code ready} runs there whenever the channel has something for us. */
    void register(SelectableChannel channel, int operations, Runnable ready) {
        try {
            channel.configureBlocking(false);
            channel.register(selector, operations, ready);
        } catch (ClosedChannelException e) {
            throw new IllegalStateException("closed before it was served", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Within {@link #call}: what was closed is gone from the kernel when this returns. */
    void letGo() {
        try {
            // Whatever is ready is still ready at the next round.
            selector.selectNow(key -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run() {
        try {
            while (true) {
                selector.select(Switchboard::serve);
                for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
                    call.run();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(SelectionKey key) {
        if (key.isValid()) {
            ((Runnable) key.attachment()).run();
        }
    }
}
