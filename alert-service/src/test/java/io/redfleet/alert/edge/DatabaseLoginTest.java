package io.redfleet.alert.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody else on the database's port, and the driver with this service's own settings. */
@Timeout(60)
class DatabaseLoginTest {
    private static final String SECRET = "hunter2hunter2";
    private static final int CLEAR_TEXT = 3;
    private static final int MD5 = 5;
    private static final int NOTHING = 0;

    @ParameterizedTest
    @ValueSource(ints = {CLEAR_TEXT, MD5, NOTHING})
    void whoAsksOtherwiseThanBySaltedChallengeLearnsNothing(int request) throws Exception {
        try (Stranger stranger = new Stranger(request)) {
            assertThatThrownBy(() -> connect(stranger, settings(), ""))
                    .isInstanceOf(SQLException.class)
                    .hasMessageNotContaining(SECRET);
            byte[] heard = stranger.heard.get(20, TimeUnit.SECONDS);
            assertThat(new String(heard, UTF_8)).doesNotContain(SECRET).doesNotContain("md5");
            assertThat(heard).as("the answer to the request").isEmpty();
        }
    }

    /** The same stranger is told the password without the setting: what is tested is the setting. */
    @Test
    void withoutTheSettingTheDriverTellsIt() throws Exception {
        try (Stranger stranger = new Stranger(CLEAR_TEXT)) {
            assertThatThrownBy(() -> connect(stranger, new Properties(), "")).isInstanceOf(SQLException.class);
            assertThat(new String(stranger.heard.get(20, TimeUnit.SECONDS), UTF_8))
                    .contains(SECRET);
        }
    }

    @Test
    void theUrlMaySayOtherwise() throws Exception {
        try (Stranger stranger = new Stranger(MD5)) {
            assertThatThrownBy(() -> connect(stranger, settings(), "?requireAuth=md5"))
                    .isInstanceOf(SQLException.class);
            assertThat(new String(stranger.heard.get(20, TimeUnit.SECONDS), UTF_8))
                    .contains("md5");
        }
    }

    private static void connect(Stranger stranger, Properties settings, String parameters) throws SQLException {
        Properties login = new Properties();
        login.putAll(settings);
        login.setProperty("user", "redfleet_alert");
        login.setProperty("password", SECRET);
        login.setProperty("connectTimeout", "5");
        login.setProperty("socketTimeout", "5");
        String url = "jdbc:postgresql://127.0.0.1:" + stranger.socket.getLocalPort() + "/redfleet" + parameters;
        DriverManager.getConnection(url, login).close();
    }

    /** The driver's properties in application.properties, as this service hands them over. */
    private static Properties settings() throws IOException {
        Properties all = new Properties();
        try (InputStream in = DatabaseLoginTest.class.getResourceAsStream("/application.properties")) {
            all.load(in);
        }
        String prefix = "quarkus.datasource.jdbc.additional-jdbc-properties.";
        Properties driver = new Properties();
        all.stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> driver.setProperty(name.substring(prefix.length()), all.getProperty(name)));
        return driver;
    }

    /** Speaks as a PostgreSQL that asks for that kind of login, and keeps what it is answered. */
    private static final class Stranger implements AutoCloseable {
        final CompletableFuture<byte[]> heard = new CompletableFuture<>();
        private final ServerSocket socket;

        Stranger(int request) throws IOException {
            socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> serve(request));
        }

        private void serve(int request) {
            while (!heard.isDone()) {
                try (Socket client = socket.accept()) {
                    client.setSoTimeout(5_000);
                    DataInputStream in = new DataInputStream(client.getInputStream());
                    OutputStream out = client.getOutputStream();
                    if (startup(in) == 80_877_103) {
                        out.write('N');
                        startup(in);
                    }
                    ByteBuffer asked = ByteBuffer.allocate(request == MD5 ? 13 : 9);
                    asked.put((byte) 'R').putInt(asked.capacity() - 1).putInt(request);
                    out.write(asked.array());
                    heard.complete(rest(in));
                } catch (IOException e) {
                    heard.completeExceptionally(e);
                }
            }
        }

        /** Everything up to the end, or until nothing has come for a while. */
        private static byte[] rest(InputStream in) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] part = new byte[1_024];
            try {
                for (int read = in.read(part); read > 0; read = in.read(part)) {
                    all.write(part, 0, read);
                    if (all.toString(UTF_8).contains("\0")) {
                        return all.toByteArray();
                    }
                }
            } catch (SocketTimeoutException e) {
                return all.toByteArray();
            }
            return all.toByteArray();
        }

        private static int startup(DataInputStream in) throws IOException {
            byte[] body = in.readNBytes(in.readInt() - 4);
            return ByteBuffer.wrap(body).getInt();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
