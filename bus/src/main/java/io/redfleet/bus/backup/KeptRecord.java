package io.redfleet.bus.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record as a line of a backup has it.
 *
 * @param headers in their order; a name may come twice
 * @param value base64
 */
record KeptRecord(String key, List<KeptHeader> headers, String value) {
    KeptRecord {
        requireNonNull(key);
        requireNonNull(value);
        headers = List.copyOf(headers);
    }

    /** @param value base64; null where the record has a header without a value */
    record KeptHeader(String name, @Nullable String value) {
        KeptHeader {
            requireNonNull(name);
        }
    }

    /** Of a record that is no tombstone. */
    static KeptRecord of(ConsumerRecord<byte[], byte[]> record) throws BackupRefused {
        byte[] key = record.key() == null ? new byte[0] : record.key();
        String text = new String(key, UTF_8);
        if (text.isEmpty() || !Arrays.equals(text.getBytes(UTF_8), key)) {
            throw new BackupRefused(record.topic() + " partition " + record.partition() + " offset " + record.offset()
                    + " has a key that is no text: it is none of our records, and nothing is backed up beside it");
        }
        List<KeptHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            headers.add(new KeptHeader(
                    header.key(), value == null ? null : Base64.getEncoder().encodeToString(value)));
        }
        return new KeptRecord(text, headers, Base64.getEncoder().encodeToString(record.value()));
    }

    /** @throws BackupRefused if the line is none of ours; the reason does not repeat it */
    static KeptRecord read(String line) throws BackupRefused {
        try {
            KeptRecord record = Codec.mapper().readValue(line, KeptRecord.class);
            if (record == null) {
                throw new BackupRefused("a line is no record");
            }
            record.bytes();
            return record;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new BackupRefused("a line is no record");
        }
    }

    byte[] line() {
        return (new String(Codec.bytes(this), UTF_8) + "\n").getBytes(UTF_8);
    }

    byte[] bytes() {
        return Base64.getDecoder().decode(value);
    }

    /** The same for the same key, headers and value. */
    String digest() {
        return Sha256.of(line());
    }

    ProducerRecord<String, byte[]> onto(Topic topic) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic.fullName(), key, bytes());
        for (KeptHeader header : headers) {
            String text = header.value();
            record.headers()
                    .add(new RecordHeader(
                            header.name(),
                            text == null ? null : Base64.getDecoder().decode(text)));
        }
        return record;
    }

    /** Without its value, which may be a secret. */
    @Override
    public String toString() {
        return key;
    }
}
