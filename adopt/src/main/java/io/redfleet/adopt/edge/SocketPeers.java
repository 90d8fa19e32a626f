package io.redfleet.adopt.edge;

import io.redfleet.adopt.Answer;
import io.redfleet.adopt.Peers;
import io.redfleet.adopt.Question;
import io.redfleet.contracts.cluster.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Nodes over TCP, unencrypted: one that speaks TLS alone is {@link Peers.Away}. A password goes to every node of its
 * kind that a Sentinel names, as those of any client of Sentinel do, unless its {@link Door} is shut. For one thread.
 */
public final class SocketPeers implements Peers {
    /** INFO has some kilobytes; what a Sentinel says of a hundred replicas, less than a hundred. */
    static final long MOST_BYTES = 4L << 20;

    private final Login sentinels;
    private final Login nodes;
    private final Patience patience;
    private final Bounds bounds;
    private final LongSupplier nanoTime;
    private final long end;
    /** Of all answers that are still to come. */
    private long bytesLeft;

    /**
     * How far a survey goes.
     *
     * @param door who is connected to
     * @param bytes of all answers of all nodes together
     */
    public record Bounds(Door door, long bytes) {
        /** Whoever asks from a machine of his own. */
        public static final Bounds NONE = new Bounds(Door.ANY, Long.MAX_VALUE);
    }

    /** For one survey: its time runs from now. */
    public SocketPeers(Login sentinels, Login nodes, Patience patience) {
        this(sentinels, nodes, patience, Bounds.NONE);
    }

    /** For one survey: its time runs from now. */
    public SocketPeers(Login sentinels, Login nodes, Patience patience, Bounds bounds) {
        this(sentinels, nodes, patience, bounds, System::nanoTime);
    }

    SocketPeers(Login sentinels, Login nodes, Patience patience, LongSupplier nanoTime) {
        this(sentinels, nodes, patience, Bounds.NONE, nanoTime);
    }

    SocketPeers(Login sentinels, Login nodes, Patience patience, Bounds bounds, LongSupplier nanoTime) {
        this.sentinels = sentinels;
        this.nodes = nodes;
        this.patience = patience;
        this.bounds = bounds;
        this.nanoTime = nanoTime;
        this.end = nanoTime.getAsLong() + patience.whole().toNanos();
        this.bytesLeft = bounds.bytes();
    }

    @Override
    public Heard ask(Endpoint node, Kind kind, List<Question> questions) {
        if (left() <= 0) {
            return over();
        }
        if (bytesLeft <= 0) {
            return new Away("was not asked: the survey had read its " + bounds.bytes() + " bytes");
        }
        Login login = kind == Kind.SENTINEL ? sentinels : nodes;
        try {
            return switch (bounds.door().to(node)) {
                case Door.Shut shut -> new Away(shut.why());
                case Door.Open open -> reached(new InetSocketAddress(open.address(), node.port()), login, questions);
            };
        } catch (IOException e) {
            return new Away(why(e));
        }
    }

    private Heard reached(InetSocketAddress node, Login login, List<Question> questions) throws IOException {
        // A name may have taken long to look up.
        long left = left();
        if (left <= 0) {
            return over();
        }
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(node, (int) Math.min(left, patience.connecting().toMillis()));
            return connected(socket, login, questions);
        }
    }

    private long left() {
        return TimeUnit.NANOSECONDS.toMillis(end - nanoTime.getAsLong());
    }

    private Away over() {
        return new Away(
                "was not asked: the survey had taken its " + patience.whole().toSeconds() + " s");
    }

    private Heard connected(Socket socket, Login login, List<Question> questions) throws IOException {
        long soon = nanoTime.getAsLong() + patience.answering().toNanos();
        Wire wire = new Wire(new Timed(socket, nanoTime, soon - end < 0 ? soon : end), Math.min(MOST_BYTES, bytesLeft));
        try {
            return answered(socket, wire, login, questions);
        } finally {
            bytesLeft -= wire.bytes();
        }
    }

    private static Heard answered(Socket socket, Wire wire, Login login, List<Question> questions) throws IOException {
        Answer let = let(socket, wire, login);
        if (let.refused().startsWith("WRONGPASS")) {
            // In our words: a node that is not what it seems could say the password here.
            return new Said(true, Collections.nCopies(questions.size(), new Answer.Refusal("WRONGPASS")));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        questions.forEach(question -> all.writeBytes(Wire.command(question.words())));
        socket.getOutputStream().write(all.toByteArray());
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            answers.add(wire.answer());
        }
        boolean guarded = let instanceof Answer.Text
                || answers.stream().anyMatch(answer -> answer.refused().startsWith("NOAUTH"));
        return new Said(guarded, answers);
    }

    /** What the node says to the login; it refuses one that it does not ask for, and answers all the same. */
    private static Answer let(Socket socket, Wire wire, Login login) throws IOException {
        if (!login.given()) {
            return new Answer.Nothing();
        }
        socket.getOutputStream().write(Wire.command(words(login)));
        return wire.answer();
    }

    private static List<String> words(Login login) {
        String password = login.password().reveal();
        return login.user().isEmpty() ? List.of("AUTH", password) : List.of("AUTH", login.user(), password);
    }

    /** The end of a sentence that begins with the node. */
    private String why(IOException failure) {
        return switch (failure) {
            case UnknownHostException none -> "is a name that has no address here";
            case NoRouteToHostException none -> "has no route from here";
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") -> "refuses connections";
            case SocketTimeoutException none ->
                "does not answer in time: " + patience.connecting().toSeconds() + " s for a connection, "
                        + patience.answering().toSeconds() + " s for its answers";
            case EOFException none -> "ends connections before it answers: does it speak TLS alone, or is it full?";
            case Wire.Unlikely unlikely -> "answers as no Redis does: " + unlikely.getMessage();
            default -> "cannot be spoken to: " + failure.getMessage();
        };
    }
}
