package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.ThreeHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From a plan to its end by the command line, as a person goes it: what was seen is carried out, or nothing is, where somebody
 * has changed a host in between.
 */
final class PlannedWay {
    private static final Pattern NAMED = Pattern.compile("(?m)^plan ([0-9a-f]{16}) ");
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Installation redfleet;
    private final ThreeHosts hosts;
    private final List<String> shown = new ArrayList<>();

    PlannedWay(Installation redfleet, ThreeHosts hosts) {
        this.redfleet = redfleet;
        this.hosts = hosts;
    }

    /** @return all that the command line has said */
    List<String> walked(Path directory) throws Exception {
        String spec = hosts.spec("orders").replace("appendonly: \"yes\"", "appendonly: \"yes\", maxmemory: 64mb");
        String file = Files.writeString(directory.resolve("planned.yaml"), spec).toString();

        String seen = named(said(0, "plan", "-f", file));
        assertThat(named(said(0, "plan", "-f", file)))
                .as("of a world that has not changed")
                .isEqualTo(seen);
        String admin = Passwords.of(redfleet.bootstrap(), redfleet.login("admin"), redfleet.home())
                .getOrDefault(Purpose.ADMIN, "");
        LoopbackHost third = hosts.all().getLast();
        try (RedisCall replica = admin(third, admin)) {
            assertThat(replica.call("CONFIG", "SET", "maxmemory", "32mb")).isEqualTo("OK");
        }

        String refused = said(1, "apply", "-f", file, "--plan", seen, "--wait");
        String now = named(said(0, "plan", "-f", file));
        assertThat(now).isNotEqualTo(seen);
        assertThat(refused).contains("(409)", seen, now);
        assertThat(maxmemory(third, admin)).as("nothing was done").isEqualTo("[maxmemory, 33554432]");

        said(0, "apply", "-f", file, "--plan", now, "--wait");
        for (LoopbackHost host : hosts.all()) {
            assertThat(maxmemory(host, admin)).as(host.address()).isEqualTo("[maxmemory, 67108864]");
        }
        assertThat(said(0, "plan", "orders")).contains("orders: nothing to change");
        // Whether its turn to be looked at has come is a matter of luck here.
        assertThat(said(0, "show", "orders")).containsPattern("(?m)^(no drift for .*|drift is not known: .*)$");
        assertThat(said(0, "list")).containsPattern("(?m)^NAME .* DRIFT .*$");
        assertThat(said(0, "sudoers", "orders")).contains("Cluster orders needs no sudo");
        return shown;
    }

    private String said(int status, String... arguments) {
        Installation.Said said = redfleet.commandLine(arguments);
        assertThat(said.status()).as(said.text()).isEqualTo(status);
        shown.add(said.text());
        return said.text();
    }

    private static String named(String plan) {
        Matcher named = NAMED.matcher(plan);
        assertThat(named.find()).as("a plan with an id: %s", plan).isTrue();
        return named.group(1);
    }

    private RedisCall admin(LoopbackHost host, String password) throws IOException {
        return RedisCall.open(host.address(), hosts.redisPort(), SOON).as(Purpose.ADMIN.word(), password);
    }

    private String maxmemory(LoopbackHost host, String password) throws IOException {
        try (RedisCall node = admin(host, password)) {
            return String.valueOf(node.call("CONFIG", "GET", "maxmemory"));
        }
    }
}
