package io.redfleet.bus.outbox;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The file of an outbox: entries of length, CRC-32 and content. A torn last entry, as a crash leaves it, ends the reading;
 * nothing after it can have been acknowledged as durable. Not thread-safe.
 */
final class OutboxFile implements AutoCloseable {
    private static final int HEAD = 12;
    private static final int ENTRY_MAX = 2 * 1024 * 1024;

    private final FileChannel channel;
    private final FileLock lock;
    private long size;

    private OutboxFile(FileChannel channel, FileLock lock) throws IOException {
        this.channel = channel;
        this.lock = lock;
        this.size = channel.size();
    }

    static OutboxFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new IOException(path + " is held by another process");
        }
        return new OutboxFile(channel, lock);
    }

    long size() {
        return size;
    }

    /** The entry of a message as the file holds it; empty for a message that has none a reader would take. */
    static ByteBuffer entry(BusMessage message) {
        byte[] content;
        try {
            content = content(message);
        } catch (IOException e) {
            // A key or header that is longer than any.
            return ByteBuffer.allocate(0);
        }
        if (content.length > ENTRY_MAX) {
            return ByteBuffer.allocate(0);
        }
        CRC32 crc = new CRC32();
        crc.update(content);
        return ByteBuffer.allocate(HEAD + content.length)
                .putInt(content.length)
                .putLong(crc.getValue())
                .put(content)
                .flip();
    }

    /**
     * @param entry of {@link #entry}; unchanged
     * @throws IOException there is no room or no disk; the next entry is written over what came of this one
     */
    void append(ByteBuffer entry) throws IOException {
        ByteBuffer rest = entry.duplicate();
        long at = size;
        while (rest.hasRemaining()) {
            at += channel.write(rest, at);
        }
        size = at;
    }

    /** Every whole entry, oldest first. */
    List<BusMessage> left() throws IOException {
        List<BusMessage> left = new ArrayList<>();
        long at = 0;
        while (at + HEAD <= size) {
            ByteBuffer head = read(at, HEAD);
            int length = head.getInt();
            long crc = head.getLong();
            if (length <= 0 || length > ENTRY_MAX || at + HEAD + length > size) {
                break;
            }
            byte[] content = read(at + HEAD, length).array();
            CRC32 found = new CRC32();
            found.update(content);
            if (found.getValue() != crc) {
                break;
            }
            left.add(message(content));
            at += HEAD + length;
        }
        // Whatever is torn behind the last whole entry is overwritten by the next one.
        size = at;
        return left;
    }

    void empty() {
        try {
            channel.truncate(0);
            size = 0;
        } catch (IOException e) {
            // The entries stay and are sent again by the next process: repeats are harmless, they carry their ids.
        }
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            // Closing is all that was left to do with it.
        }
    }

    private ByteBuffer read(long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }

    private static byte[] content(BusMessage message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(message.topic().fullName());
            out.writeUTF(message.key());
            out.writeInt(message.headers().size());
            for (Map.Entry<String, String> header : message.headers().entrySet()) {
                out.writeUTF(header.getKey());
                out.writeUTF(header.getValue());
            }
            byte[] value = message.value();
            out.writeInt(value == null ? -1 : value.length);
            if (value != null) {
                out.write(value);
            }
        }
        return bytes.toByteArray();
    }

    private static BusMessage message(byte[] content) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            String name = in.readUTF();
            Topic topic = Topic.byFullName(name).orElseThrow(() -> new IOException("no topic of ours: " + name));
            String key = in.readUTF();
            Map<String, String> headers = new LinkedHashMap<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                headers.put(in.readUTF(), in.readUTF());
            }
            int length = in.readInt();
            return new BusMessage(topic, key, headers, length < 0 ? null : in.readNBytes(length));
        }
    }
}
