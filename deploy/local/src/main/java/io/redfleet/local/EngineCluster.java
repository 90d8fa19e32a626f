package io.redfleet.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.Main;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Bearer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.gateway.LocalGateway;
import io.redfleet.cli.gateway.Trust;
import io.redfleet.cli.verb.World;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The demo's cluster on hosts that boot systemd. Its hosts end with the stack. Left in the fleet it would be so many hosts out of
 * reach that the fleet disarms itself, in the middle of whatever comes next.
 */
public final class EngineCluster {
    public static final String NAME = "orders-systemd";

    /** What the script told of the hosts that it had booted, a line for each: name, address, key. */
    public static final String TOLD = "engine-hosts";

    /** A file beside that: the fleet was made to forget the cluster, and all of it lies on the hosts still. */
    public static final String GIVEN_UP = "engine-hosts.given-up";

    private static final String WITHIN = "3m";
    private static final int SSH = 22;
    private static final int ANSWERS_MILLIS = 500;

    private EngineCluster() {}

    /** Takes it out of the fleet, with its data, while services and hosts still run; says why where that cannot be. */
    static void forget(Home home, List<Running> all, Screen screen) throws IOException {
        forget(home, all, screen, EngineCluster::answers);
    }

    /** @param answers whether a host at that address takes connections */
    static void forget(Home home, List<Running> all, Screen screen, Predicate<String> answers) throws IOException {
        Optional<Running> gateway = all.stream()
                .filter(each -> each.part().replaceFirst("-\\d+$", "").equals("gateway"))
                .filter(each -> each.life().goesOn())
                .findFirst();
        if (gateway.isEmpty() || !Files.isRegularFile(told(home))) {
            return;
        }
        LocalGateway here = new LocalGateway(home.root(), gateway.get().port());
        Optional<Gateway> reached = reached(home, here);
        List<String> hosts = reached.isEmpty() ? List.of() : own(reached.get(), home);
        if (hosts.isEmpty()) {
            return;
        }
        if (hosts.stream().noneMatch(answers)) {
            screen.part(NAME, "stays in the fleet: its hosts had ended before");
            return;
        }
        List<String> words = List.of("delete", NAME, "--confirm", NAME, "--remove-data", "--wait", "--timeout", WITHIN);
        screen.line("  $ ./redfleet " + String.join(" ", words));
        int exit = Main.run(world(home, here), words.toArray(String[]::new));
        screen.part(
                NAME,
                exit == 0
                        ? "taken out of the fleet, with its data, for its hosts end"
                        : "stays in the fleet though its hosts end: delete ended with " + exit);
    }

    /**
     * The names of its hosts, if it is in the fleet and none of them is there any more. Empty: it is not, or is not the demo's own,
     * or some of them are.
     */
    public static List<String> left(Home home, Gateway gateway) throws IOException {
        return left(home, gateway, EngineCluster::answers);
    }

    /** @param answers whether a host at that address takes connections */
    static List<String> left(Home home, Gateway gateway, Predicate<String> answers) throws IOException {
        if (!Files.isRegularFile(told(home)) || !(card(gateway) instanceof Answer.Done done)) {
            return List.of();
        }
        List<String> hosts = own(done.body(), Files.readString(told(home)));
        return hosts.stream().anyMatch(answers) || hosts.isEmpty() ? List.of() : each(done.body(), "name");
    }

    /** Whether the fleet knows it. */
    public static boolean stands(Gateway gateway) {
        return card(gateway) instanceof Answer.Done;
    }

    /** The addresses of the cluster's hosts, if all of them are of those that the demo has booted; empty: it is not the demo's. */
    static List<String> own(JsonNode card, String told) {
        Set<String> booted = new HashSet<>();
        told.lines()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length > 1)
                .forEach(words -> booted.add(words[1]));
        List<String> hosts = each(card, "address");
        return booted.containsAll(hosts) ? hosts : List.of();
    }

    private static List<String> each(JsonNode card, String field) {
        List<String> all = new ArrayList<>();
        card.path("spec").path("hosts").forEach(host -> all.add(host.path(field).asText("")));
        return all;
    }

    private static List<String> own(Gateway gateway, Home home) throws IOException {
        return card(gateway) instanceof Answer.Done done ? own(done.body(), Files.readString(told(home))) : List.of();
    }

    private static Answer card(Gateway gateway) {
        return gateway.get("/clusters/" + NAME, Map.of());
    }

    private static Path told(Home home) {
        return home.guests().resolve(TOLD);
    }

    /** Empty where its token or its certificate cannot be read: then nobody could be asked either. */
    private static Optional<Gateway> reached(Home home, LocalGateway here) {
        return Bearer.from(home.adminToken()) instanceof Bearer.Read.Found token
                        && here.trust() instanceof Trust.Read.Found trust
                ? Optional.of(new Gateway(here.url(), token.bearer(), trust.trust()))
                : Optional.empty();
    }

    private static World world(Home home, LocalGateway here) {
        Map<String, String> environment = Map.of(
                "REDFLEET_HOME", home.root().toString(),
                "REDFLEET_URL", here.url().toString(),
                "REDFLEET_TOKEN_FILE", home.adminToken().toString());
        return new World(
                environment, InputStream.nullInputStream(), System.out, System.out, false, InstantSource.system());
    }

    private static boolean answers(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, SSH), ANSWERS_MILLIS);
            return true;
        } catch (IOException gone) {
            return false;
        }
    }
}
