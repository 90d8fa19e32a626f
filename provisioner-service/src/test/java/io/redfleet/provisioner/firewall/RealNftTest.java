package io.redfleet.provisioner.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.reach.Range;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** nft itself takes the rules, in a network namespace of its own; nothing of this machine's is touched. */
@Timeout(60)
class RealNftTest {
    private static final String LIST = "nft -s list table inet redfleet_orders";

    @TempDir
    Path directory;

    @BeforeEach
    void nftInANamespace() throws Exception {
        String said = inside("nft list tables");
        assumeTrue(
                said.startsWith("0"),
                "no nft in a network namespace: " + said.strip().replaceAll("\\s+", " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.11", "fd00::11"})
    void theRulesAreTakenAndTakenAgainAndNoOtherTableIsTouched(String address) throws Exception {
        Path rules = directory.resolve("rules.nft");
        Files.write(rules, rules(address));
        String said = inside("""
                set -e
                nft add table inet theirs
                nft -c -f %1$s
                nft -f %1$s
                %2$s >%1$s.first
                nft -f %1$s
                %2$s >%1$s.second
                cmp %1$s.first %1$s.second
                nft list tables
                """.formatted(rules, LIST));
        assertThat(said.lines()).containsExactlyInAnyOrder("0", "table inet theirs", "table inet redfleet_orders");
        assertThat(Files.readString(directory.resolve("rules.nft.first")))
                .contains("policy accept", "iif \"lo\" accept", "6379, 26379", "jump asked")
                .containsOnlyOnce("reject with tcp reset");
    }

    private static List<String> rules(String address) {
        List<Range> sources = Stream.of(address, "10.1.0.0/16", "10.2.0.7", "fd00:1::/32")
                .map(text -> Range.of(text).orElseThrow())
                .toList();
        HostSpec host = new HostSpec(
                new HostName("r1"),
                address,
                "",
                new SshSpec("ops", 22, "ops", null),
                "/srv",
                List.of(instance("redis-server", 6379), instance("redis-sentinel", 26379)));
        return FilterFile.rules(new ClusterUid("u1"), new ClusterName("orders"), host, sources);
    }

    private static InstanceSpec instance(String name, int port) {
        return new InstanceSpec(name, InstanceRole.REDIS, port, 100, new Endpoint("10.0.0.11", port));
    }

    /** The exit status, and what was said, line by line. */
    private static String inside(String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "exec unshare -rn sh -s").redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin", (path, sbin) -> path + ":" + sbin);
        Process shell = builder.start();
        shell.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return (shell.exitValue() + "\n" + said).strip();
    }
}
