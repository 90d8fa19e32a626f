package io.redfleet.gateway.edge.rest;

import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A POST by a client that reads the answer while it is still writing, as HTTP libraries do not. */
final class RawPost {
    private RawPost() {}

    /** A POST of what REST-assured would rather take apart first. */
    static int status(String type, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + RestAssured.port + "/api/v1/clusters"))
                .header("Authorization", "Bearer " + Stage.adminToken())
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    static String send(byte[] body, boolean chunked) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(10_000);
            String length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length;
            String head = "POST /api/v1/clusters HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Stage.adminToken()
                    + "\r\nContent-Type: application/json\r\n" + length + "\r\n\r\n";
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                    for (int at = 0; at < body.length; at += 65_536) {
                        int size = Math.min(65_536, body.length - at);
                        if (chunked) {
                            socket.getOutputStream()
                                    .write((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                        }
                        socket.getOutputStream().write(body, at, size);
                        if (chunked) {
                            socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.US_ASCII));
                        }
                    }
                } catch (IOException e) {
                    // The server has said what it had to say.
                }
            });
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8_192];
            try {
                for (int read; !answer.toString().contains("\"status\"") && (read = in.read(buffer)) > 0; ) {
                    answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                answer.append(" [").append(e.getMessage()).append(']');
            }
            writer.interrupt();
            return answer.toString();
        }
    }
}
