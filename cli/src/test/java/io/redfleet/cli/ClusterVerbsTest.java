package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterVerbsTest {
    private static final String SPEC = "# a comment that stays\nkind: Cluster\nmetadata: {name: orders}\n";
    private static final String TOO_MANY = "{\"title\":\"Too many requests\",\"status\":429}";

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

    @ParameterizedTest
    @CsvSource({"none, there is no such file", "., it is a directory"})
    void aFileThatCannotBeReadIsToldInWordsAndNothingIsSent(String name, String why) {
        String file = dir.resolve(name).toString();
        for (String[] verb : new String[][] {{"apply", "-f", file}, {"plan", "-f", file}}) {
            var ran = gateway.run(verb);
            assertThat(ran.exit()).isEqualTo(2);
            assertThat(ran.err()).contains("cannot read " + file + ": " + why);
        }
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void applySendsTheFileAsItIs() throws IOException {
        gateway.on(
                "PUT /clusters/orders", 202, "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        var ran = gateway.run("apply", "-f", spec(), "--if-revision", "3");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("orders: operation op-7 accepted\n");
        var asked = gateway.asked.get(0);
        assertThat(asked.body()).isEqualTo(SPEC);
        assertThat(asked.header("Content-type")).isEqualTo("application/yaml");
        assertThat(asked.header("If-match")).isEqualTo("\"3\"");
        assertThat(asked.header("Idempotency-key")).isNotBlank();
    }

    @Test
    void aSwitchOverNamesTheNextMasterOrLeavesItToSentinel() {
        gateway.on(
                "POST /clusters/orders/failover",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        var named = gateway.run("failover", "orders", "--to", "r2/redis-server");
        assertThat(named.exit()).isZero();
        assertThat(named.out()).isEqualTo("orders: operation op-7 accepted\n");
        assertThat(gateway.asked.getLast().body()).isEqualTo("{\"to\":\"r2/redis-server\"}");
        assertThat(gateway.run("failover", "orders").exit()).isZero();
        assertThat(gateway.asked.getLast().body()).isEqualTo("{}");
        gateway.on(
                "POST /clusters/orders/failover",
                409,
                "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"no replica is in sync\"}");
        var refused = gateway.run("failover", "orders");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("no replica is in sync");
    }

    @Test
    void aRollMayAcceptAnOutage() {
        gateway.on(
                "POST /clusters/orders/roll",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        var ran = gateway.run("roll", "orders");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("orders: operation op-7 accepted\n");
        assertThat(gateway.asked.getLast().body()).isEqualTo("{}");
        assertThat(gateway.run("roll", "orders", "--outage", "r1/redis-server").exit())
                .isZero();
        assertThat(gateway.asked.getLast().body()).isEqualTo("{\"outage\":\"r1/redis-server\"}");
    }

    @Test
    void restartsAreAgreedToByAWord() throws IOException {
        String accepted = "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}";
        gateway.on("PUT /clusters/orders?rolling=true", 202, accepted);
        assertThat(gateway.run("apply", "-f", spec(), "--rolling").exit()).isZero();
        gateway.on("PUT /clusters/orders?outage=r1%2Fredis-server&rolling=true", 202, accepted);
        assertThat(gateway.run("apply", "-f", spec(), "--rolling", "--outage", "r1/redis-server")
                        .exit())
                .isZero();
        gateway.on("PUT /clusters/orders?dryRun=true&rolling=true", 200, """
                {"cluster":"orders","revision":2,"changes":0,"steps":[],"obstacles":[],"notes":[]}""");
        assertThat(gateway.run("plan", "-f", spec(), "--rolling").exit()).isZero();
        gateway.on("PUT /clusters/orders?rolling=until-master", 202, accepted);
        assertThat(gateway.run("apply", "-f", spec(), "--rolling", "--until-master")
                        .exit())
                .isZero();
        int before = gateway.asked.size();
        assertThat(gateway.run("plan", "orders", "--rolling").exit()).isEqualTo(2);
        assertThat(gateway.run("apply", "-f", spec(), "--until-master").exit()).isEqualTo(2);
        assertThat(gateway.run("apply", "-f", spec(), "--rolling", "--until-master", "--outage", "r1/redis-server")
                        .exit())
                .isEqualTo(2);
        assertThat(gateway.run("apply", "-f", spec(), "--outage", "r1/redis-server")
                        .exit())
                .isEqualTo(2);
        assertThat(gateway.run("plan", "-f", spec(), "--outage", "r1/redis-server")
                        .exit())
                .isEqualTo(2);
        assertThat(gateway.asked).hasSize(before);
    }

    @Test
    void whatIsObservedIsTakenOverByAWord() throws IOException {
        String accepted = "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}";
        gateway.on("PUT /clusters/orders?adopt=true", 202, accepted);
        assertThat(gateway.run("apply", "-f", spec(), "--adopt").exit()).isZero();
        gateway.on("PUT /clusters/orders?adopt=true&dryRun=true", 200, """
                {"cluster":"orders","revision":2,"changes":0,"steps":[],"obstacles":[],"notes":[]}""");
        assertThat(gateway.run("apply", "-f", spec(), "--adopt", "--dry-run").exit())
                .isZero();
        assertThat(gateway.run("plan", "-f", spec(), "--adopt").exit()).isZero();
        int before = gateway.asked.size();
        assertThat(gateway.run("plan", "orders", "--adopt").exit()).isEqualTo(2);
        assertThat(gateway.run("apply", "-f", spec(), "--adopt", "--rolling").exit())
                .isEqualTo(2);
        assertThat(gateway.run("plan", "-f", spec(), "--adopt", "--rolling").exit())
                .isEqualTo(2);
        assertThat(gateway.asked).hasSize(before);
    }

    @Test
    void whatFailoverTakesIsInItsHelpAndInThatOfShow() {
        var help = gateway.run("failover", "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("CLUSTER", "--to=INSTANCE", "--wait", "NOREPLICAS", "show");
        var show = gateway.run("failover", "show", "--help");
        assertThat(show.exit()).isZero();
        assertThat(show.out()).startsWith("Usage: redfleet failover show");
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void applyReadsStandardInputAndSaysWhenNothingChanges() {
        gateway.on("PUT /clusters/orders", 200, "{\"cluster\":\"orders\",\"operation\":null,\"state\":\"accepted\"}");
        byte[] json = "{\"metadata\":{\"name\":\"orders\"}}".getBytes(StandardCharsets.UTF_8);
        var ran = gateway.run(new ByteArrayInputStream(json), false, "apply", "-f", "-");
        assertThat(ran.exit()).isZero();
        assertThat(ran.err()).isEqualTo("orders: nothing to change\n");
        assertThat(gateway.asked.get(0).header("Content-type")).isEqualTo("application/json");
    }

    @Test
    void aFileThatIsNoSpecIsBadUsage() throws IOException {
        Path broken = Files.writeString(dir.resolve("broken.yaml"), "metadata: {name: [\n");
        var ran = gateway.run("apply", "-f", broken.toString());
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("not YAML or JSON", "line");
        assertThat(gateway.run("apply", "-f", dir.resolve("none").toString()).exit())
                .isEqualTo(2);
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void aRevealedPasswordStandsAloneOnItsLine() {
        gateway.on(
                "POST /clusters/orders/secrets/application/reveal",
                200,
                "{\"cluster\":\"orders\",\"user\":\"application\",\"password\":\"s3\"}");
        var ran = gateway.run("secret", "reveal", "orders", "application");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("s3\n");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void aPasswordIsChangedInTwoStepsAndNoneTravels() {
        gateway.on(
                "POST /clusters/orders/secrets/rotate",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        var begun = gateway.run("secret", "rotate", "orders");
        assertThat(begun.exit()).isZero();
        assertThat(begun.out()).isEqualTo("orders: operation op-7 accepted\n");
        assertThat(gateway.asked.getLast().body()).isEqualTo("{\"purpose\":\"application\",\"finish\":false}");
        assertThat(gateway.run("secret", "rotate", "orders", "--purpose", "application", "--finish")
                        .exit())
                .isZero();
        assertThat(gateway.asked.getLast().body()).isEqualTo("{\"purpose\":\"application\",\"finish\":true}");
        gateway.on(
                "POST /clusters/orders/secrets/rotate",
                409,
                "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"r3: r3/redis-server: its host gave no answer\"}");
        var refused = gateway.run("secret", "rotate", "orders");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("its host gave no answer");
    }

    @Test
    void theConnectionNamesSentinelsMasterAndUser() {
        gateway.on(
                "GET /clusters/orders/connection",
                200,
                "{\"cluster\":\"orders\",\"masterName\":\"main\",\"sentinels\":[{\"host\":\"10.0.0.1\",\"port\":26379}],"
                        + "\"user\":\"application\",\"users\":[]}");
        assertThat(gateway.run("connection", "orders").out())
                .contains("main", "10.0.0.1:26379", "application")
                .doesNotContain("TLS");
        gateway.on(
                "GET /clusters/secured/connection",
                200,
                "{\"masterName\":\"main\",\"sentinels\":[],\"user\":null,\"users\":[],\"ca\":\"-----BEGIN\"}");
        assertThat(gateway.run("connection", "secured").out()).contains("TLS").doesNotContain("-----BEGIN");
    }

    @Test
    void whoeverWaitsTakesItsTurnAndNobodyElse() {
        List<List<String>> writes = List.of(
                List.of("roll", "orders"),
                List.of("failover", "orders"),
                List.of("secret", "rotate", "orders"),
                List.of("delete", "orders", "--confirm", "orders"),
                List.of("restart", "orders/r1/redis-server"),
                List.of("take-in", "--sentinel", "10.0.0.11", "--master", "orders"),
                List.of("operations", "resume", "op-7"));
        for (List<String> write : writes) {
            // What is answered does not matter: none of them is played.
            gateway.run(write.toArray(String[]::new));
            assertThat(gateway.asked.getLast().target()).as("%s", write).doesNotContain("wait");
            gateway.run(Stream.concat(write.stream(), Stream.of("--wait")).toArray(String[]::new));
            assertThat(gateway.asked.getLast().target()).as("%s", write).contains("wait=true");
        }
        assertThat(gateway.run("operations", "cancel", "op-7", "--wait").exit()).isEqualTo(2);
    }

    @Test
    void waitShowsEachStepOnceAndEndsWithTheOperation() throws IOException {
        gateway.on(
                "PUT /clusters/orders?wait=true",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        AtomicInteger polls = new AtomicInteger();
        gateway.on(
                "GET /operations/op-7",
                exchange -> PlayedGateway.send(
                        exchange,
                        200,
                        "application/json",
                        operation(polls.incrementAndGet() < 3 ? "RUNNING" : "SUCCEEDED")));
        var ran = gateway.run("apply", "-f", spec(), "--wait");
        assertThat(ran.exit()).isZero();
        assertThat(ran.err().lines())
                .containsExactly(
                        "  r1           running   Write redis.conf",
                        "  r1           done      Write redis.conf (41 ms)",
                        "Operation op-7 SUCCEEDED: all steps done");
    }

    /** What is decided may still hold the cluster: the next order would meet it there. */
    @Test
    void anOperationIsOverOnceItIsFinishedAndNotWhenItsEndIsDecided() throws IOException {
        gateway.on(
                "PUT /clusters/orders?wait=true",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        AtomicInteger polls = new AtomicInteger();
        gateway.on(
                "GET /operations/op-7",
                exchange -> PlayedGateway.send(
                        exchange,
                        200,
                        "application/json",
                        polls.incrementAndGet() == 1 ? operation("SUCCEEDED", "null") : operation("SUCCEEDED")));
        var ran = gateway.run("apply", "-f", spec(), "--wait");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(polls).hasValue(2);
        assertThat(ran.err()).containsOnlyOnce("Operation op-7 SUCCEEDED");
    }

    @Test
    void aGatewayThatFindsItTooOftenIsAskedAgain() throws IOException {
        gateway.on(
                "PUT /clusters/orders?wait=true",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        AtomicInteger polls = new AtomicInteger();
        gateway.on("GET /operations/op-7", exchange -> {
            boolean first = polls.incrementAndGet() == 1;
            PlayedGateway.send(
                    exchange,
                    first ? 429 : 200,
                    first ? "application/problem+json" : "application/json",
                    first ? TOO_MANY : operation("SUCCEEDED"));
        });
        var ran = gateway.run("apply", "-f", spec(), "--wait");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.err()).doesNotContain("Too many requests");
        assertThat(polls).hasValue(2);
    }

    @Test
    void whatCameTooOftenIsAskedAgainWhenTheGatewaySaysSo() throws IOException {
        AtomicInteger puts = new AtomicInteger();
        gateway.on("PUT /clusters/orders", exchange -> {
            boolean taken = puts.incrementAndGet() > 2;
            exchange.getResponseHeaders().set("Retry-After", "1");
            PlayedGateway.send(
                    exchange,
                    taken ? 202 : 429,
                    taken ? "application/json" : "application/problem+json",
                    taken ? "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}" : TOO_MANY);
        });
        long begun = System.nanoTime();
        var ran = gateway.run("apply", "-f", spec());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("orders: operation op-7 accepted\n");
        assertThat(gateway.asked).hasSize(3).allSatisfy(asked -> {
            assertThat(asked.body()).isEqualTo(SPEC);
            assertThat(asked.header("Idempotency-key"))
                    .isEqualTo(gateway.asked.get(0).header("Idempotency-key"));
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "6, 1", "'', 1", "soon, 1"})
    void whatIsFoundTooOftenForLongerIsSaid(String after, int times) throws IOException {
        gateway.on("PUT /clusters/orders", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", after);
            PlayedGateway.send(exchange, 429, "application/problem+json", TOO_MANY);
        });
        var ran = gateway.run("apply", "-f", spec());
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("Too many requests");
        assertThat(gateway.asked).hasSize(times);
    }

    @Test
    void aFailedOperationIsExitOne() throws IOException {
        gateway.on(
                "PUT /clusters/orders?wait=true",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        gateway.on("GET /operations/op-7", 200, operation("FAILED"));
        var ran = gateway.run("apply", "-f", spec(), "--wait");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("redfleet operations show op-7");
    }

    @Test
    void waitGivesUpAtItsDeadline() throws IOException {
        gateway.on(
                "PUT /clusters/orders?wait=true",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        gateway.on("GET /operations/op-7", 200, operation("RUNNING"));
        var ran = gateway.run("apply", "-f", spec(), "--wait", "--timeout", "50ms");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("still running");
    }

    @Test
    void dryRunShowsThePlanWithItsDifferences() throws IOException {
        gateway.on("PUT /clusters/orders?dryRun=true", 200, """
                {"cluster":"orders","revision":2,"changes":2,"steps":[
                  {"stage":1,"id":"r1/redis-server/revision","host":"r1","title":"note the revision","diff":[]},
                  {"stage":2,"id":"r1/redis-server/settings","host":"r1","title":"set [maxmemory]",
                   "diff":["- maxmemory 1gb","+ maxmemory 2gb"]}],
                 "obstacles":[],"warnings":["r1: memory: the host has 64 MiB"],
                 "notes":["r2/redis-server was stopped by a person and is left so"]}""");
        var ran = gateway.run("apply", "-f", spec(), "--dry-run");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("""
                        r1           note the revision
                        r1           set [maxmemory]
                                     - maxmemory 1gb
                                     + maxmemory 2gb
                        warning: r1: memory: the host has 64 MiB
                        note: r2/redis-server was stopped by a person and is left so
                        orders: 2 to change
                        """);
    }

    @Test
    void aPlanSaysWhatItCostsWhatStaysAsItIsAndUnderWhichIdItIsApplied() throws IOException {
        gateway.on("GET /clusters/orders/plan", 200, """
                {"cluster":"orders","revision":2,"plan":"0123456789abcdef","changes":4,
                 "effects":{"none":1,"live":1,"start":1,"stop":0,"restart":1},
                 "steps":[
                  {"host":"r1","title":"note the revision","diff":[],"effect":"none"},
                  {"host":"r1","title":"set [maxmemory]","diff":[],"effect":"live","instance":"r1/redis-server"},
                  {"host":"r2","title":"start r2/redis-server","diff":[],"effect":"start","instance":"r2/redis-server"},
                  {"host":"r3","title":"stop r3/redis-server","diff":[],"effect":"restart","instance":"r3/redis-server"}],
                 "refused":[{"host":"r1","subject":"r1/redis-server","diff":["- databases 16","+ databases 32"],
                  "reason":"Redis reads databases at its start only"}],
                 "obstacles":[],"notes":[]}""");
        assertThat(gateway.run("plan", "orders").out()).isEqualTo("""
                        r1           note the revision
                        r1           set [maxmemory] (live)
                        r2           start r2/redis-server (start)
                        r3           stop r3/redis-server (restart of r3/redis-server)
                        r1           refused: r1/redis-server differs, and stays so: Redis reads databases at its start only
                                     - databases 16
                                     + databases 32
                        orders: 4 to change (1 without effect on what runs, 1 live, 1 start, 1 restart)
                        plan 0123456789abcdef (apply -f FILE --plan 0123456789abcdef does this, or nothing)
                        """);
    }

    @Test
    void applyNamesThePlanThatWasSeenAndSaysWhyItIsRefused() throws IOException {
        gateway.on(
                "PUT /clusters/orders?plan=0123456789abcdef",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        var ran = gateway.run("apply", "-f", spec(), "--plan", "0123456789abcdef");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("orders: operation op-7 accepted\n");

        gateway.on("PUT /clusters/orders?plan=fedcba9876543210", 409, """
                {"title":"Conflict","status":409,"detail":"plan fedcba9876543210 is not what would be done now"}""");
        var refused = gateway.run("apply", "-f", spec(), "--plan", "fedcba9876543210");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("is not what would be done now");

        assertThat(gateway.run("apply", "-f", spec(), "--plan", "0123456789abcdef", "--dry-run")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void whoIsToLeaveIsNamedAndNobodyElseLeaves() throws IOException {
        String accepted = "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}";
        gateway.on("PUT /clusters/orders?lost=r2&remove=r3%2Credis-4%2Fredis-server", 202, accepted);
        var ran = gateway.run(
                "apply", "-f", spec(), "--remove", "r3", "--remove", "redis-4/redis-server", "--lost", "r2");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("orders: operation op-7 accepted\n");

        gateway.on("PUT /clusters/orders?dryRun=true&remove=r3%2Cr4", 200, """
                {"cluster":"orders","revision":2,"changes":0,"steps":[],"obstacles":[],"notes":[]}""");
        assertThat(gateway.run("plan", "-f", spec(), "--remove", "r3,r4").exit())
                .isZero();
        assertThat(gateway.run("plan", "orders", "--remove", "r3").exit()).isEqualTo(2);

        gateway.on("PUT /clusters/orders", 409, """
                {"title":"Conflict","status":409,"detail":"left out of the new spec, and not removed unless named"}""");
        var unnamed = gateway.run("apply", "-f", spec());
        assertThat(unnamed.exit()).isEqualTo(1);
        assertThat(unnamed.err()).contains("not removed unless named");
    }

    @Test
    void aHostIsReplacedByAFileThatSaysJustThat() throws IOException {
        gateway.on(
                "PUT /clusters/orders?lost=r2",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        String file = specOf("{name: r1}, {name: r4}");
        var ran = gateway.run("replace", "orders", "--host", "r2", "--with", "r4", "-f", file);
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("orders: operation op-7 accepted\n");

        assertThat(refusal("carts", "r2", "r4", file)).contains("metadata.name is orders, not carts");
        assertThat(refusal("orders", "r2", "r5", file))
                .contains("spec.hosts has no r5, which is to take the place of r2");
        assertThat(refusal("orders", "r1", "r4", file)).contains("spec.hosts still has r1, whose machine is lost");
        assertThat(refusal("orders", "r2", "r4", specOf(""))).contains("spec.hosts has no r4");
    }

    private String refusal(String cluster, String lost, String replacement, String file) {
        var ran = gateway.run("replace", cluster, "--host", lost, "--with", replacement, "-f", file);
        assertThat(ran.exit()).isEqualTo(2);
        return ran.err();
    }

    private String specOf(String hosts) throws IOException {
        return Files.writeString(dir.resolve("hosts.yaml"), """
                        metadata: {name: orders}
                        spec:
                          hosts: [%s]
                        """.formatted(hosts))
                .toString();
    }

    @Test
    void whatIsInTheWayOfAPlanIsNotTakenForNothingToChange() throws IOException {
        gateway.on("PUT /clusters/orders?dryRun=true", 200, """
                {"cluster":"orders","revision":2,"changes":0,"steps":[],
                 "obstacles":["r1: redis-server: port taken"],"notes":[]}""");
        assertThat(gateway.run("plan", "-f", spec()).out()).isEqualTo("""
                        in the way: r1: redis-server: port taken
                        orders: nothing is changed as long as something is in the way
                        """);
    }

    @Test
    void listIsATableThatFollowsThePages() {
        gateway.on("GET /clusters?limit=1000", 200, """
                {"items":[{"name":"orders","revision":4,"phase":"READY","diagnosis":"HEALTHY","summary":"all is well",
                  "master":{"host":"10.0.0.11","port":6379},"instances":6,"up":6,"drift":"FOUND","driftChanges":2}],
                 "next":"c1","stale":true}""");
        gateway.on("GET /clusters?after=c1&limit=999", 200, """
                {"items":[{"name":"p","revision":1,"phase":"PROVISIONING","reason":"step 3 of 9","diagnosis":null,
                  "master":null,"instances":6,"up":0}],"next":null,"stale":false}""");
        var ran = gateway.run("list");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("""
                        NAME    PHASE         STATE    UP   MASTER          REVISION  DRIFT  SUMMARY
                        orders  READY         HEALTHY  6/6  10.0.0.11:6379  4         2      all is well
                        p       PROVISIONING  -        0/6  -               1         -      step 3 of 9
                        """);
    }

    @ParameterizedTest
    @CsvSource({"FOUND, 3", "NONE, no", "UNKNOWN, ?", "LATER_WORD, ?"})
    void listSaysNoDriftOnlyWhereItIsKnown(String state, String shown) {
        gateway.on("GET /clusters?limit=1000", 200, """
                {"items":[{"name":"orders","summary":"well","drift":"%s","driftChanges":3}],"next":null}""".formatted(state));
        assertThat(gateway.run("list").out()).containsPattern(" " + Pattern.quote(shown) + " +well\n");
    }

    @Test
    void showSaysWhatHasDriftedAndWhatIsNotKnown() {
        drift("""
                {"state":"FOUND","reason":"The hosts differ from the spec. r2 is away","since":"2026-03-01T11:00:00Z",
                 "plan":"0123456789abcdef","changes":3,"live":1,"starts":1,"restarts":0,
                 "first":["set [maxmemory]","start r2"],"every":"PT10M"}""");
        assertThat(gateway.run("show", "orders").out()).contains("""
                        drift for 1h0m: 3 changes (1 live, 1 start), plan 0123456789abcdef
                          set [maxmemory]
                          start r2
                          and 1 more, see: redfleet plan orders
                          The hosts differ from the spec. r2 is away
                        """);
        drift("{\"state\":\"NONE\",\"reason\":\"as revision 3\",\"since\":\"2026-03-01T11:00:00Z\"}");
        assertThat(gateway.run("show", "orders").out()).contains("no drift for 1h0m: as revision 3\n");
        drift("{\"state\":\"UNKNOWN\",\"reason\":\"r2 is away\",\"since\":null}");
        assertThat(gateway.run("show", "orders").out())
                .contains("drift is not known: r2 is away\n")
                .doesNotContain("no drift");
        gateway.on("GET /clusters/orders", 200, "{\"name\":\"orders\"}");
        assertThat(gateway.run("show", "orders").out())
                .as("of a gateway of before")
                .doesNotContain("drift");
    }

    private void drift(String drift) {
        gateway.on("GET /clusters/orders", 200, "{\"name\":\"orders\",\"phase\":\"READY\",\"drift\":" + drift + "}");
    }

    @Test
    void sudoersIsTheFileAlone() {
        gateway.on(
                "GET /clusters/orders/sudoers",
                200,
                "{\"cluster\":\"orders\",\"needed\":true,\"users\":[\"ops\"],\"file\":\"# one\\nops ALL=(root) x\\n\"}");
        var ran = gateway.run("sudoers", "orders");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("# one\nops ALL=(root) x\n");
        assertThat(ran.err()).isEmpty();
        gateway.on("GET /clusters/orders/sudoers", 409, "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"no\"}");
        assertThat(gateway.run("sudoers", "orders").exit()).isEqualTo(1);
    }

    @Test
    void anEmptyPageIsNotTheLastOne() {
        gateway.on("GET /clusters?limit=1000", 200, "{\"items\":[],\"next\":\"c1\"}");
        gateway.on("GET /clusters?after=c1&limit=1000", 200, "{\"items\":[{\"name\":\"late\"}],\"next\":\"c1\"}");
        assertThat(gateway.run("list").out()).contains("late");
        assertThat(gateway.asked).hasSize(2);
    }

    @Test
    void showPutsHealthAndProcessesSideBySide() {
        gateway.on("GET /clusters/orders", 200, """
                {"name":"orders","revision":4,"phase":"READY","reason":"provisioned","operation":null,"stale":true,
                 "health":{"verdict":{"diagnosis":"DEGRADED","reason":"1 of 2 replicas down","since":"2026-03-01T11:58:30Z",
                   "master":{"host":"10.0.0.11","port":6379},"configEpoch":2},
                   "instances":{"r1/redis-server":{"liveness":"DOWN","since":"2026-03-01T11:59:00Z","reason":"refused",
                     "role":"REPLICA","monitored":true}}},
                 "hosts":[{"host":"r1","processes":{"r1/redis-server":{"present":true,"pid":4711}}}]}""");
        var ran = gateway.run("show", "orders");
        assertThat(ran.err()).contains("this is the last it knew");
        assertThat(ran.out()).isEqualTo("""
                        orders  READY  revision 4
                          provisioned
                        DEGRADED for 1m30s: 1 of 2 replicas down
                        master 10.0.0.11:6379, config epoch 2

                        INSTANCE         ROLE     STATE  FOR   PID   MONITORED  REASON
                        r1/redis-server  REPLICA  DOWN   1m0s  4711  yes        refused
                        """);
    }

    @Test
    void colorIsForATerminalWithoutNoColor() {
        gateway.on("GET /clusters?limit=1000", 200, "{\"items\":[{\"name\":\"o\",\"phase\":\"READY\"}],\"next\":null}");
        var in = java.io.InputStream.nullInputStream();
        assertThat(gateway.run(in, true, "list").out()).contains("\u001b[32mREADY\u001b[0m");
        assertThat(gateway.run(in, false, "list").out()).doesNotContain("\u001b");
        gateway.env.put("NO_COLOR", "1");
        assertThat(gateway.run(in, true, "list").out()).doesNotContain("\u001b");
    }

    @Test
    void textFromTheFleetCannotSteerTheTerminal() {
        gateway.on(
                "GET /clusters?limit=1000",
                200,
                "{\"items\":[{\"name\":\"o\\u001b[2J\\r\",\"phase\":\"x\"}],\"next\":null}");
        assertThat(gateway.run("list").out()).doesNotContain("\u001b", "\r").contains("o [2J");
    }

    @Test
    void jsonAndYamlAreTheAnswerItself() {
        gateway.on("GET /clusters/orders", 200, "{\"name\":\"orders\",\"unheard\":[1,2]}");
        assertThat(gateway.run("show", "orders", "-o", "json").out())
                .isEqualToIgnoringWhitespace("{\"name\":\"orders\",\"unheard\":[1,2]}");
        assertThat(gateway.run("show", "orders", "-o", "YAML").out())
                .isEqualTo("name: \"orders\"\nunheard:\n- 1\n- 2\n");
    }

    @Test
    void deleteKeepsTheDataUnlessTold() {
        String accepted = "{\"cluster\":\"orders\",\"operation\":\"op-8\",\"state\":\"accepted\"}";
        gateway.on("DELETE /clusters/orders?confirm=orders&keepData=true", 202, accepted);
        gateway.on("DELETE /clusters/orders?confirm=orders&keepData=false", 202, accepted);
        assertThat(gateway.run("delete", "orders", "--confirm", "orders").exit())
                .isZero();
        assertThat(gateway.run("delete", "orders", "--confirm", "orders", "--remove-data")
                        .exit())
                .isZero();
        assertThat(gateway.asked).extracting(PlayedGateway.Asked::target).doesNotHaveDuplicates();
    }

    @Test
    void deleteNamesTheHostsThatAreLost() {
        String accepted = "{\"cluster\":\"orders\",\"operation\":\"op-8\",\"state\":\"accepted\"}";
        gateway.on("DELETE /clusters/orders?confirm=orders&keepData=true&lost=r2%2Cr3", 202, accepted);
        var ran = gateway.run("delete", "orders", "--confirm", "orders", "--lost", "r2", "--lost", "r3");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("op-8");
    }

    @Test
    void deleteArchivesByAWordThatAGatewayOfBeforeRefuses() {
        String accepted = "{\"cluster\":\"orders\",\"operation\":\"op-8\",\"state\":\"accepted\"}";
        gateway.on("DELETE /clusters/orders?confirm=orders&keepData=archive", 202, accepted);
        var ran = gateway.run("delete", "orders", "--confirm", "orders", "--remove-data", "--archive");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("op-8");
    }

    @Test
    void whatDeleteWouldDoIsShownWithWhatStaysAndTheNameIsNotSent() {
        gateway.on("DELETE /clusters/orders?dryRun=true&keepData=archive", 200, """
                {"cluster":"orders","changes":1,"effects":{"none":1},"refused":[],"obstacles":[],
                 "notes":["r1: the user redis stays: packages make him too"],
                 "steps":[{"stage":1,"id":"r1/redis-server/archive","host":"r1","title":"archive its data","effect":"none",
                           "diff":["+ /base/orders/archive.u1/redis-server-TIME.tar.gz"]}]}""");
        var ran = gateway.run("delete", "orders", "--dry-run", "--remove-data", "--archive", "--confirm", "orders");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains("archive its data", "+ /base/orders/archive.u1/redis-server-TIME.tar.gz")
                .contains("note: r1: the user redis stays")
                .contains("orders: 1 to change")
                .doesNotContain("apply -f");
    }

    @Test
    void infoIsWrittenAsRedisWritesIt() {
        gateway.on(
                "GET /clusters/orders/info/replication",
                200,
                "{\"r1/redis-server\":{\"role\":\"master\"},\"r1/redis-sentinel\":{},\"r2/redis-server\":{\"error\":\"refused\"}}");
        var ran = gateway.run("info", "replication", "orders");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("# r1/redis-server\nrole:master\n\n# r2/redis-server\nerror:refused\n\n");
        gateway.on("GET /clusters/orders/info/replication", 200, "{\"r2/redis-server\":{\"error\":\"refused\"}}");
        assertThat(gateway.run("info", "replication", "orders").exit()).isEqualTo(1);
    }

    private String spec() throws IOException {
        return Files.writeString(dir.resolve("orders.yaml"), SPEC).toString();
    }

    private static String operation(String status) {
        return operation(status, status.equals("RUNNING") ? "null" : "\"2026-03-01T11:00:00Z\"");
    }

    /** @param finished as JSON has it */
    private static String operation(String status, String finished) {
        String step = status.equals("RUNNING") ? "RUNNING" : "DONE";
        return """
               {"id":"op-7","status":"%s","finishedAt":%s,"reason":"all steps done","steps":[
                 {"id":"a","host":"r1","title":"Write redis.conf","status":"%s","detail":"","tookMillis":41},
                 {"id":"b","host":"r1","title":"Start","status":"WAITING","detail":"","tookMillis":0}]}""".formatted(status, finished, step);
    }
}
