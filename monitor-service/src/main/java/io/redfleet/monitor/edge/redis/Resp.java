package io.redfleet.monitor.edge.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.redis.ArrayHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringRedisContent;
import io.netty.handler.codec.redis.ErrorRedisMessage;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.IntegerRedisMessage;
import io.netty.handler.codec.redis.LastBulkStringRedisContent;
import io.netty.handler.codec.redis.RedisDecoder;
import io.netty.handler.codec.redis.SimpleStringRedisMessage;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redis's protocol by Netty's codec, on a connection of Vert.x, which then hands over each message as a {@link Said}. Who sends
 * a message that is longer or nested deeper than any answer to what we ask has failed the connection.
 */
final class Resp {
    /** The INFO of a large instance is some kilobytes; what a Sentinel says of a thousand replicas, less than a megabyte. */
    private static final int MOST_BYTES = 4 << 20;

    /** A Sentinel says some forty of each replica. */
    private static final int MOST_ITEMS = 100_000;

    /** {@code SENTINEL REPLICAS} and {@code ROLE} have two levels. */
    private static final int DEEPEST = 8;

    private static final byte[] END = {'\r', '\n'};

    private Resp() {}

    /** @param before the handler that is to receive the messages */
    static void decode(ChannelPipeline pipeline, String before) {
        Bound bound = new Bound();
        pipeline.addBefore(before, "bound", bound);
        pipeline.addBefore(before, "redis", new RedisDecoder());
        pipeline.addBefore(before, "gather", new Gather(bound));
    }

    /** A command as an array of bulk strings. */
    static void write(Buffer to, String... words) {
        to.appendString("*" + words.length).appendBytes(END);
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            to.appendString("$" + bytes.length).appendBytes(END);
            to.appendBytes(bytes).appendBytes(END);
        }
    }

    /** Counts what has come of the message under way; what one read brings of the next one is not counted. */
    private static final class Bound extends ChannelInboundHandlerAdapter {
        private long bytes;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            bytes += message instanceof ByteBuf part ? part.readableBytes() : 0;
            if (bytes > MOST_BYTES) {
                ReferenceCountUtil.release(message);
                throw new TooLongFrameException("an answer of more than " + MOST_BYTES + " bytes");
            }
            context.fireChannelRead(message);
        }

        void whole() {
            bytes = 0;
        }
    }

    /**
     * Makes whole messages of the codec's parts. Bulk strings too: the codec's own aggregator makes a composite buffer for each,
     * which was half of all that a monitor allocated.
     */
    private static final class Gather extends ChannelInboundHandlerAdapter {
        private record Level(long length, List<Said> items) {}

        private final Bound bound;
        private final Deque<Level> open = new ArrayDeque<>(2);
        private int items;
        /** What has come of a bulk string that came in more than one piece. */
        private @Nullable ByteArrayOutputStream pieces;

        Gather(Bound bound) {
            this.bound = bound;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ArrayHeaderRedisMessage header && header.length() > 0) {
                if (open.size() == DEEPEST) {
                    throw new TooLongFrameException("an answer of more than " + DEEPEST + " levels");
                }
                open.push(new Level(header.length(), new ArrayList<>()));
                return;
            }
            Said said = plain(message);
            if (said == null) {
                return;
            }
            if (++items > MOST_ITEMS) {
                throw new TooLongFrameException("an answer of more than " + MOST_ITEMS + " items");
            }
            for (Level inner = open.peek(); inner != null; inner = open.peek()) {
                inner.items().add(said);
                if (inner.items().size() < inner.length()) {
                    return;
                }
                open.pop();
                said = new Said.Many(inner.items());
            }
            items = 0;
            bound.whole();
            context.fireChannelRead(said);
        }

        /** Null where more of it is to come. */
        private @Nullable Said plain(Object message) {
            try {
                return switch (message) {
                    case SimpleStringRedisMessage simple -> new Said.Text(simple.content());
                    case ErrorRedisMessage error -> new Said.Refusal(error.content());
                    case IntegerRedisMessage number -> new Said.Int(number.value());
                    case FullBulkStringRedisMessage bulk when bulk.isNull() -> new Said.Nothing();
                    case BulkStringHeaderRedisMessage header -> null;
                    case LastBulkStringRedisContent last -> new Said.Text(whole(last.content()));
                    case BulkStringRedisContent piece -> {
                        keep(piece.content());
                        yield null;
                    }
                    case ArrayHeaderRedisMessage none when none.length() == 0 -> new Said.Many(List.of());
                    default -> new Said.Nothing();
                };
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private String whole(ByteBuf last) {
            ByteArrayOutputStream before = pieces;
            if (before == null) {
                return last.toString(StandardCharsets.UTF_8);
            }
            pieces = null;
            append(last, before);
            return before.toString(StandardCharsets.UTF_8);
        }

        private void keep(ByteBuf piece) {
            ByteArrayOutputStream before = pieces;
            if (before == null) {
                before = new ByteArrayOutputStream();
                pieces = before;
            }
            append(piece, before);
        }

        private static void append(ByteBuf piece, ByteArrayOutputStream to) {
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes);
            to.writeBytes(bytes);
        }
    }
}
