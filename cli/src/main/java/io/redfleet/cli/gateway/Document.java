package io.redfleet.cli.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** A spec as the operator wrote it: sent byte for byte, read here only for its name and its hosts'. */
public final class Document {
    /** What the gateway takes of a body. */
    private static final int MOST_BYTES = 1024 * 1024;

    private final byte[] bytes;
    private final String contentType;
    private final String name;
    private final Set<String> hosts;

    private Document(byte[] bytes, String contentType, String name, Set<String> hosts) {
        this.bytes = bytes;
        this.contentType = contentType;
        this.name = name;
        this.hosts = hosts;
    }

    /** What came of reading a spec file. */
    public sealed interface Read {
        record Found(Document document) implements Read {}

        record Refused(String reason) implements Read {}
    }

    /** @param file a path, or {@code -} for {@code in} */
    public static Read from(String file, InputStream in) {
        return switch (GivenFile.read(file, in, MOST_BYTES)) {
            case GivenFile.Read.Found found -> of(file, found.text().getBytes(StandardCharsets.UTF_8));
            case GivenFile.Read.Refused refused ->
                new Read.Refused("cannot read " + (file.equals("-") ? "standard input" : file) + ": " + refused.why());
        };
    }

    private static Read of(String file, byte[] bytes) {
        try {
            JsonNode tree = new YAMLMapper().readTree(bytes);
            String name = tree.path("metadata").path("name").asText("");
            if (name.isEmpty()) {
                return new Read.Refused(file + ": no metadata.name, so it names no cluster");
            }
            boolean json = file.endsWith(".json") || startsAsJson(bytes);
            Set<String> hosts = new HashSet<>();
            tree.path("spec")
                    .path("hosts")
                    .forEach(host -> hosts.add(host.path("name").asText("")));
            return new Read.Found(new Document(bytes, json ? "application/json" : "application/yaml", name, hosts));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return new Read.Refused(file + ": not YAML or JSON: " + e.getOriginalMessage() + place(e));
        } catch (IOException e) {
            return new Read.Refused(file + ": not YAML or JSON: " + e.getMessage());
        }
    }

    public String name() {
        return name;
    }

    /** Whether {@code spec.hosts} has one of this name. */
    public boolean hasHost(String host) {
        return hosts.contains(host);
    }

    byte[] bytes() {
        return bytes;
    }

    String contentType() {
        return contentType;
    }

    private static boolean startsAsJson(byte[] bytes) {
        for (byte b : bytes) {
            if (b > ' ') {
                return b == '{';
            }
        }
        return false;
    }

    private static String place(com.fasterxml.jackson.core.JsonProcessingException e) {
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }
}
