package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gateway is told when a cluster is taken in, and what is made of its answers. */
class TakeInVerbTest {
    private static final String CALL = "POST /clusters/adopt";
    private static final String DRY = CALL + "?dryRun=true";
    private static final String ACCEPTED = "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}";

    @TempDir
    Path dir;

    private PlayedGateway gateway;

    @BeforeEach
    void open() throws IOException {
        gateway = new PlayedGateway(dir);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static String drafts(String... masters) {
        StringBuilder all = new StringBuilder();
        for (String master : masters) {
            all.append(all.isEmpty() ? "" : ",").append("""
                    {"masterName":"%s","document":{"kind":"Cluster","metadata":{"name":"%s"}},
                     "blanks":[{"field":"spec.security.probe.credential","why":"the name of a file"}],
                     "findings":[{"severity":"WARNING","subject":"10.0.0.13:6379","text":"refuses connections"}],
                     "errors":[{"field":"spec.hosts[2].address","value":"10.9.0.13","rule":"is outside"}]}""".formatted(master, master));
        }
        return "{\"sentinel\":\"10.0.0.11:26379\",\"drafts\":[" + all + "]}";
    }

    @Test
    void aNamedMasterIsTakenInAtOnceWithAllThatIsSaid() {
        gateway.on(CALL, 202, ACCEPTED);
        var ran = gateway.run(
                "take-in",
                "--sentinel",
                "10.0.0.11:26379",
                "--master",
                "Orders",
                "--name",
                "orders",
                "--key",
                "ops-key",
                "--probe",
                "orders-probe",
                "--user",
                "watcher",
                "--label",
                "team=checkout",
                "--label",
                "env=");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("orders: operation op-7 accepted\n");
        assertThat(gateway.asked).singleElement().satisfies(asked -> {
            assertThat(asked.header("Idempotency-key")).isNotBlank();
            assertThat(asked.body())
                    .isEqualTo("{\"sentinel\":\"10.0.0.11:26379\",\"master\":\"Orders\",\"name\":\"orders\","
                            + "\"key\":\"ops-key\",\"labels\":{\"team\":\"checkout\",\"env\":\"\"},"
                            + "\"probe\":{\"credential\":\"orders-probe\",\"user\":\"watcher\"}}");
        });
    }

    @Test
    void aDryRunIsAFileThatSaysWhatItLacksAndNothingElseIsAsked() {
        gateway.on(DRY, 200, drafts("orders", "stock"));
        var ran = gateway.run("take-in", "--sentinel", "10.0.0.11", "--dry-run");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out())
                .contains(
                        "# The cluster of the master orders as it answered; asked first: 10.0.0.11:26379",
                        "# To be given: spec.security.probe.credential: the name of a file",
                        "# Would be refused: spec.hosts[2].address 10.9.0.13 is outside",
                        "# Found: WARNING 10.0.0.13:6379 refuses connections",
                        "\n---\n",
                        "name: \"stock\"");
        assertThat(ran.err()).isEqualTo("Nothing was changed anywhere.\n");
        assertThat(gateway.asked).hasSize(1);
    }

    @Test
    void theOnlyMasterNeedsNoNameAndOneOfSeveralDoes() {
        gateway.on(DRY, 200, drafts("orders"));
        gateway.on(CALL, 202, ACCEPTED);
        assertThat(gateway.run("take-in", "--sentinel", "10.0.0.11").exit()).isZero();
        assertThat(gateway.asked.getLast().body()).isEqualTo("{\"sentinel\":\"10.0.0.11\",\"master\":\"orders\"}");
        gateway.on(DRY, 200, drafts("orders", "stock"));
        var several = gateway.run("take-in", "--sentinel", "10.0.0.11");
        assertThat(several.exit()).isEqualTo(1);
        assertThat(several.err()).contains("monitors orders, stock: name one of these by --master");
        assertThat(gateway.asked.getLast().target()).endsWith("dryRun=true");
    }

    @Test
    void allAreTakenInOneAfterTheOtherAndOneThatIsRefusedIsSaid() {
        gateway.on(DRY, 200, drafts("orders", "stock", "carts"));
        gateway.on(CALL, exchange -> {
            // Its body has been read by then.
            boolean stock = gateway.asked.getLast().body().contains("stock");
            PlayedGateway.send(
                    exchange,
                    stock ? 409 : 202,
                    stock ? "application/problem+json" : "application/json",
                    stock
                            ? "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"cluster stock stands already\"}"
                            : ACCEPTED);
        });
        var ran = gateway.run("take-in", "--sentinel", "10.0.0.11", "--all");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("cluster stock stands already", "stock was not taken in");
        assertThat(gateway.asked).hasSize(4);
        assertThat(gateway.asked.get(1).body()).contains("\"master\":\"orders\"");
        assertThat(gateway.asked.get(3).body()).contains("\"master\":\"carts\"");
    }

    @Test
    void whatIsMissingIsShownByItsField() {
        gateway.on(CALL, 422, """
                {"status":422,"title":"Invalid request","detail":"1 rule(s) broken","errors":[
                  {"field":"spec.security.probe.credential","value":"?","rule":"give probe.credential: a file"}]}""");
        var ran = gateway.run("take-in", "--sentinel", "10.0.0.11", "--master", "orders");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("spec.security.probe.credential: ?: give probe.credential: a file");
    }
}
