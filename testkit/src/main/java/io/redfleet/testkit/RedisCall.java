package io.redfleet.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One blocking RESP2 connection for tests: a call, a reply.
 *
 * <p>Replies are String (simple and bulk strings), Long, List, or null (the nil reply). An error reply is a
 * {@link Refused}; silence beyond the deadline and a lost connection are IOExceptions.
 */
public final class RedisCall implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    private RedisCall(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Opens a connection; {@code deadline} bounds the connect and then the wait for each reply. */
    public static RedisCall open(String host, int port, Duration deadline) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) deadline.toMillis());
            socket.connect(new InetSocketAddress(host, port), (int) deadline.toMillis());
            return new RedisCall(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Such a connection by TLS, to a server whose certificate names the host. */
    public static RedisCall open(String host, int port, Duration deadline, SSLContext trusting) throws IOException {
        RedisCall plain = open(host, port, deadline);
        try {
            SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(plain.socket, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new RedisCall(socket);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** This connection, once the server has taken the user's password. */
    public RedisCall as(String user, String password) throws IOException {
        try {
            call("AUTH", user, password);
            return this;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public @Nullable Object call(String... words) throws IOException {
        send(words);
        return receive();
    }

    /** Writes the command and returns at once: for pipelines and subscriptions. */
    public void send(String... words) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ascii("*" + words.length + "\r\n"));
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ascii("$" + bytes.length + "\r\n"));
            out.writeBytes(bytes);
            out.writeBytes(ascii("\r\n"));
        }
        socket.getOutputStream().write(out.toByteArray());
    }

    /** The next reply or pushed message. */
    public @Nullable Object receive() throws IOException {
        int type = in.read();
        if (type < 0) {
            throw new EOFException("connection closed by the server");
        }
        String head = line();
        return switch (type) {
            case '+' -> head;
            case '-' -> throw new Refused(head);
            case ':' -> Long.parseLong(head);
            case '$' -> bulk(Integer.parseInt(head));
            case '*' -> array(Integer.parseInt(head));
            default -> throw new IOException("not RESP2: " + (char) type + head);
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private @Nullable String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length + 2);
        if (bytes.length < length + 2) {
            throw new EOFException("connection closed inside a reply");
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private @Nullable List<@Nullable Object> array(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        List<@Nullable Object> items = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            items.add(receive());
        }
        return items;
    }

    private String line() throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int read = in.read(); read != '\r'; read = in.read()) {
            if (read < 0) {
                throw new EOFException("connection closed inside a reply");
            }
            bytes.write(read);
        }
        if (in.read() != '\n') {
            throw new IOException("not RESP2: a line without its end");
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** An error reply, with Redis's own words as its message. */
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;

        Refused(String words) {
            super(words);
        }
    }
}
