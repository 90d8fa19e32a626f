package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.plan.Adoption;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.secret.Vault;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same, of a cluster whose data nodes and Sentinels ask for a password that its builder has chosen. */
@Timeout(300)
@Tag("long")
class TakenOverByPasswordTest extends TakenOverTest {
    private static final String PASSWORD = "s3cret-Word.1";

    /** What the provisioner has of it. */
    private String known = PASSWORD;

    @Override
    Function<ClusterState, Accounts> accounts() {
        Vault vault = new Vault(new PlainLocksmith());
        return cluster -> {
            vault.stands(vault.sealed(cluster, Purpose.PROBE, Secret.of(known), Instant.EPOCH));
            return vault.accounts(cluster);
        };
    }

    @Override
    Map<String, Object> security() {
        return Map.of("acl", "off", "probe", Map.of("credential", "orders-probe"));
    }

    @Override
    List<String> passwords(InstanceRole role) {
        return switch (role) {
            case REDIS -> List.of("requirepass " + PASSWORD, "masterauth " + PASSWORD);
            case SENTINEL -> List.of("requirepass " + PASSWORD, "sentinel auth-pass orders " + PASSWORD);
        };
    }

    @Override
    RedisCall open(String address, int port) throws IOException {
        return super.open(address, port).as("default", PASSWORD);
    }

    @Test
    void byAnotherPasswordNothingIsTakenOverAndNothingWritten() {
        known = "an0ther-Word";
        ClusterState cluster = cluster();
        Plan plan = work.provisioning().plan(cluster);
        assertThat(plan.obstacles())
                .hasSize(6)
                .allSatisfy(obstacle -> assertThat(obstacle.reason())
                        .startsWith("is not taken over: ")
                        .contains("does not let in user default of security.probe")
                        .doesNotContain("an0ther-Word"));
        assertThat(Adoption.forbidden(plan, true)).isPresent();
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).doesNotContain("an0ther-Word");
        for (int number = 1; number <= 3; number++) {
            assertThat(trio.host(number).home().resolve("orders")).doesNotExist();
        }
        known = PASSWORD;
        applied(cluster, "as the spec wants it");
    }

    /** What is told of it, and what lies where Redfleet writes: links are not followed. */
    @AfterEach
    void thePasswordIsInNothingThatIsTold() throws IOException {
        assertThat(work.ledger().all(Object.class).toString()).doesNotContain(PASSWORD, "an0ther-Word");
        for (int number = 1; number <= 3; number++) {
            Path ours = trio.host(number).home().resolve("orders");
            for (Path file : files(ours)) {
                assertThat(Files.readString(file)).as("%s", file).doesNotContain(PASSWORD);
            }
        }
    }

    private static List<Path> files(Path ours) throws IOException {
        if (!Files.exists(ours)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(ours)) {
            return all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }
}
