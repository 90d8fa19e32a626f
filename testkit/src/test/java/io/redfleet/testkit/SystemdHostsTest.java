package io.redfleet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why there are no hosts; the hosts themselves are tried where our SSH meets them. */
class SystemdHostsTest {
    @TempDir
    Path directory;

    @Test
    void anEngineAndAnImageAreAllThatIsNeeded() throws Exception {
        Path socket = Files.createFile(directory.resolve("docker.sock"));
        assertThat(SystemdHosts.missing(environment(socket), "somebody", false)).isEmpty();
    }

    @Test
    void anEngineThatHasEndedIsNamed() {
        assertThat(SystemdHosts.missing(environment(directory.resolve("gone.sock")), "root", true))
                .hasValueSatisfying(reason -> assertThat(reason).contains("has ended", "gone.sock"));
    }

    @Test
    void withoutAnEngineTheReasonIsWhatStandsInTheWayOfOne() {
        assertThat(SystemdHosts.missing(Map.of(), "root", false))
                .hasValueSatisfying(reason -> assertThat(reason).contains("need Debian"));
        assertThat(SystemdHosts.missing(Map.of(), "somebody", true))
                .hasValueSatisfying(reason -> assertThat(reason).contains("need root"));
        assertThat(SystemdHosts.missing(Map.of(), "root", true))
                .hasValueSatisfying(reason -> assertThat(reason).contains("deploy/hosts/image"));
    }

    @Test
    void anEngineOfSomebodyElseIsNotOurs() {
        assertThat(SystemdHosts.missing(Map.of("DOCKER_HOST", "unix:///var/run/docker.sock"), "root", true))
                .hasValueSatisfying(reason -> assertThat(reason).contains("deploy/hosts/image"));
    }

    private static Map<String, String> environment(Path socket) {
        return Map.of("DOCKER_HOST", "unix://" + socket, "REDFLEET_HOST_IMAGE", "redfleet-host:x");
    }
}
