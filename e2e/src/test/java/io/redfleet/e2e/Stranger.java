package io.redfleet.e2e;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Another user of the machine, who tries what comes to mind: a program that {@link StrangerTest} runs under that user's id.
 * One line per attempt, {@code attempt<tab>what came of it}; the arguments are attempts with their objects.
 */
final class Stranger {
    private static final int PATIENCE_MILLIS = 5_000;
    /** AuthenticationSASL in PostgreSQL's protocol: SCRAM is asked for; 0 would be "come in". */
    private static final int SASL_ASKED_FOR = 10;

    private Stranger() {}

    public static void main(String[] arguments) throws Exception {
        for (String argument : arguments) {
            String[] words = argument.split(" ", 2);
            say(argument, () -> attempt(words[0], words[1]));
        }
    }

    private static String attempt(String what, String object) throws Exception {
        return switch (what) {
            case "greet" -> greet(port(object));
            case "list" -> list(object);
            case "produce" -> produce(object);
            case "consume" -> consume(object);
            case "inner" -> kafka(object, login("PLAIN", "plain.Plain", "broker"), Stranger::describe);
            case "postgres" -> postgres(port(object));
            case "read" -> read(Path.of(object));
            case "attach" -> attach(object);
            case "get" -> ask(HttpRequest.newBuilder(URI.create(object)));
            case "post" -> ask(HttpRequest.newBuilder(URI.create(object)).POST(BodyPublishers.ofString("<monit/>")));
            default -> throw new IllegalArgumentException(what);
        };
    }

    /** A metadata request without a login: answered, or the connection ends. */
    private static String greet(int port) throws IOException {
        byte[] metadata = ByteBuffer.allocate(18)
                .putInt(14)
                .putShort((short) 3)
                .putShort((short) 1)
                .putInt(7)
                .putShort((short) -1)
                .putInt(-1)
                .array();
        try (Socket socket = connected(port)) {
            socket.getOutputStream().write(metadata);
            return socket.getInputStream().read() < 0 ? "hung up" : "answered";
        }
    }

    private static String list(String bootstrap) throws Exception {
        return kafka(bootstrap, scram("admin"), Stranger::describe);
    }

    private static String produce(String bootstrap) throws Exception {
        return kafka(bootstrap, scram("gateway"), config -> {
            try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("redfleet.commands.v1", "orders", "{}"))
                        .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                return "done";
            }
        });
    }

    private static String consume(String bootstrap) throws Exception {
        return kafka(bootstrap, scram("consumer"), config -> {
            config.put("group.id", "consumer-stranger");
            try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
                consumer.subscribe(List.of("redfleet.events.v1"));
                consumer.poll(Duration.ofMillis(PATIENCE_MILLIS));
                return "done";
            }
        });
    }

    private static String describe(Map<String, Object> config) throws Exception {
        try (Admin admin = Admin.create(config)) {
            return "done, " + admin.listTopics().names().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private interface Use {
        String with(Map<String, Object> config) throws Exception;
    }

    private static String kafka(String bootstrap, Map<String, Object> login, Use use) throws Exception {
        Map<String, Object> config = new HashMap<>(login);
        config.put("bootstrap.servers", bootstrap);
        config.put("default.api.timeout.ms", PATIENCE_MILLIS);
        config.put("request.timeout.ms", PATIENCE_MILLIS);
        config.put("max.block.ms", PATIENCE_MILLIS);
        return use.with(config);
    }

    private static Map<String, Object> scram(String user) {
        return login("SCRAM-SHA-512", "scram.Scram", user);
    }

    private static Map<String, Object> login(String mechanism, String module, String user) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                "org.apache.kafka.common.security." + module + "LoginModule required username=\"" + user
                        + "\" password=\"guess\";");
    }

    /** As the superuser, without a password. */
    private static String postgres(int port) throws IOException {
        byte[] start = "\0\3\0\0user\0postgres\0database\0postgres\0\0".getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = connected(port)) {
            var out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(start.length + 4);
            out.write(start);
            out.flush();
            var in = new DataInputStream(socket.getInputStream());
            char kind = (char) in.readByte();
            in.readInt();
            return kind == 'R' && in.readInt() == SASL_ASKED_FOR ? "asks for SCRAM" : "answered " + kind;
        }
    }

    /** A file, or what a directory holds. */
    private static String read(Path path) throws IOException {
        try {
            if (Files.isDirectory(path)) {
                try (var entries = Files.list(path)) {
                    return "done, " + entries.toList();
                }
            }
            try (var in = Files.newInputStream(path)) {
                return "done, " + in.read();
            }
        } catch (AccessDeniedException denied) {
            return "denied";
        }
    }

    private static String attach(String pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, pid, "VM.version")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "done" : said.replaceAll("\\s+", " ").strip();
    }

    private static String ask(HttpRequest.Builder asked) throws IOException, InterruptedException {
        HttpRequest request = asked.timeout(Duration.ofSeconds(10)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + (response.statusCode() == 200 ? " " + response.body() : "");
        }
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return socket;
    }

    private static int port(String text) {
        return Integer.parseInt(text);
    }

    private static void say(String what, Callable<String> attempt) {
        String result;
        try {
            result = attempt.call();
        } catch (ExecutionException e) {
            result = String.valueOf(e.getCause()).replaceAll("\\s+", " ");
        } catch (Exception e) {
            result = e.toString().replaceAll("\\s+", " ");
        }
        System.out.println(what + "\t" + result);
    }
}
