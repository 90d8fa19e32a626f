package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisTrio;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("peer")
@Timeout(180)
class AdoptVerbTest {
    @TempDir
    Path dir;

    private PlayedGateway gateway;

    @BeforeEach
    void open() throws IOException {
        gateway = new PlayedGateway(dir);
    }

    @AfterEach
    void close() {
        assertThat(gateway.asked).as("no gateway is asked").isEmpty();
        gateway.close();
    }

    @Test
    void aDraftIsAFileForAPersonAndATreeForAProgram() throws IOException {
        try (RedisTrio trio = RedisTrio.start("orders", Duration.ofSeconds(30))) {
            String sentinel = trio.sentinels().getFirst().address();
            String master = trio.nodes().getFirst().address();

            var file = gateway.run("adopt", "--sentinel", sentinel, "--draft");
            assertThat(file.exit()).as(file.err()).isZero();
            assertThat(file.out())
                    .startsWith("# The cluster of the master orders as it answered; asked first: " + sentinel)
                    .contains("# Nothing is left to be filled in")
                    .contains("#   WARNING orders has several data nodes at one address");
            assertThat(file.err())
                    .contains("orders: 0 to be filled in, 1 found, 0 of it critical. Nothing was changed anywhere.");
            JsonNode spec = new YAMLMapper().readTree(file.out());
            assertThat(spec.at("/metadata/name").asText()).isEqualTo("orders");
            assertThat(spec.at("/spec/hosts/0/address").asText() + ":"
                            + spec.at("/spec/hosts/0/instances/0/port").asText())
                    .isEqualTo(master);
            assertThat(spec.at("/spec/hosts/0/instances")).hasSize(6);

            var tree = gateway.run("adopt", "--sentinel", sentinel, "--draft", "--all", "-o", "json");
            JsonNode draft = new ObjectMapper().readTree(tree.out()).at("/drafts/0");
            assertThat(draft.at("/document")).isEqualTo(new ObjectMapper().readTree(spec.toString()));
            assertThat(draft.at("/document/spec/manage").asText()).isEqualTo("observe");
            assertThat(draft.at("/blanks").isArray()).isTrue();
            assertThat(draft.at("/blanks")).isEmpty();
            assertThat(draft.at("/findings/0/severity").asText()).isEqualTo("WARNING");

            var none = gateway.run("adopt", "--sentinel", sentinel, "--draft", "--master", "stock");
            assertThat(none.exit()).isEqualTo(1);
            assertThat(none.out()).isEmpty();
            assertThat(none.err()).isEqualTo(sentinel + " monitors orders, and no master called stock\n");
        }
    }

    @Test
    void whoIsNoSentinelIsOneAndNobodyThereIsThree() {
        try (RedisNode node = RedisNode.start()) {
            var wrong = gateway.run("adopt", "--sentinel", node.address(), "--draft");
            assertThat(wrong.exit()).isEqualTo(1);
            assertThat(wrong.err()).contains(node.address() + " is no Sentinel: ERR unknown command");
        }
        String nobody = "127.0.0.1:" + FreePort.choose();
        var away = gateway.run("adopt", "--sentinel", nobody, "--draft");
        assertThat(away.exit()).isEqualTo(3);
        assertThat(away.err()).isEqualTo(nobody + " refuses connections\n");
    }

    /** By what it reaches: a Redis that lets it in is no Sentinel, one that does not says so. */
    @Test
    void aPasswordComesFromAFileOfOnesOwnOrFromStandardInput() throws IOException {
        try (RedisNode locked = RedisNode.start("requirepass geheim")) {
            Path file = dir.resolve("pass");
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, "geheim\n");
            String[] byFile = {"adopt", "--sentinel", locked.address(), "--draft", "--sentinel-password-file", ""};
            byFile[5] = file.toString();
            assertThat(gateway.run(byFile).err()).contains("is no Sentinel").doesNotContain("geheim");

            byFile[5] = "-";
            var in = new ByteArrayInputStream("geheim".getBytes(StandardCharsets.UTF_8));
            assertThat(gateway.run(in, false, byFile).err()).contains("is no Sentinel");

            var wrong = new ByteArrayInputStream("falsch\n".getBytes(StandardCharsets.UTF_8));
            var refused = gateway.run(wrong, false, byFile);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("lets us not in: WRONGPASS").doesNotContain("falsch");

            var two = new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
            var unclear = gateway.run(two, false, byFile);
            assertThat(unclear.exit()).isEqualTo(2);
            assertThat(unclear.err()).contains("standard input must hold one line, the password");

            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
            byFile[5] = file.toString();
            var open = gateway.run(byFile);
            assertThat(open.exit()).isEqualTo(2);
            assertThat(open.err())
                    .contains("is open to others; run: chmod 600 " + file)
                    .doesNotContain("geheim");
        }
    }
}
