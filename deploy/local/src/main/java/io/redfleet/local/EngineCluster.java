package io.redfleet.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Bearer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.gateway.LocalGateway;
import io.redfleet.cli.gateway.Trust;
import io.redfleet.cli.screen.Form;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Started;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

    private static final String PATH = "/clusters/" + NAME;
    private static final Duration WITHIN = Duration.ofMinutes(3);
    private static final int SSH = 22;
    private static final int ANSWERS_MILLIS = 500;

    private EngineCluster() {}

    /**
     * Takes it out of the fleet, with its data, while services and hosts still run; says why where that cannot be.
     *
     * @param err where the reason of a refusal goes
     * @param answers whether a host at that address takes connections
     * @return other clusters on those hosts, by name: then it stays, and its hosts are not to be ended
     */
    static List<String> forget(Home home, List<Running> all, Screen screen, PrintStream err, Predicate<String> answers)
            throws IOException {
        if (!Files.isRegularFile(told(home))) {
            return List.of();
        }
        boolean up = booted(Files.readString(told(home))).stream().anyMatch(answers);
        Optional<Gateway> gateway = running(home, all);
        if (gateway.isEmpty()) {
            return up ? Tenants.noted(home) : List.of();
        }
        List<String> tenants = up ? Tenants.noting(home, gateway.get()) : List.of();
        if (tenants.isEmpty()) {
            List<String> hosts = own(gateway.get(), home, screen, err);
            if (!hosts.isEmpty() && hosts.stream().noneMatch(answers)) {
                screen.part(NAME, "stays in the fleet: its hosts had ended before");
            } else if (!hosts.isEmpty()) {
                takeOut(gateway.get(), screen, err);
            }
        }
        return tenants;
    }

    private static void takeOut(Gateway gateway, Screen screen, PrintStream err) {
        screen.line("  $ ./redfleet delete " + NAME + " --confirm " + NAME + " --remove-data --wait --timeout "
                + WITHIN.toMinutes() + "m");
        Map<String, String> order = new HashMap<>(Map.of("confirm", NAME, "keepData", "false"));
        order.putAll(Started.inTurn());
        Answer answer = gateway.delete(PATH, order);
        if (ofBefore(answer)) {
            order.keySet().removeAll(Started.inTurn().keySet());
            answer = gateway.delete(PATH, order);
        }
        int exit = new Started().showToItsEnd(gateway, lines(err), answer, WITHIN);
        screen.part(
                NAME,
                exit == Exit.DONE
                        ? "taken out of the fleet, with its data, for its hosts end"
                        : "stays in the fleet though its hosts end: delete ended with " + exit);
    }

    /** Whether that is a gateway which does not know that one can ask to wait, and lets everybody wait. */
    private static boolean ofBefore(Answer answer) {
        return answer instanceof Answer.Refused refused
                && refused.status() == 400
                && refused.errors().stream().anyMatch(broken -> Started.inTurn().containsKey(broken.field()));
    }

    /** Whatever a verb would show, and why it was refused: the screen has its own lines of it. */
    private static io.redfleet.cli.screen.Screen lines(PrintStream err) {
        return new io.redfleet.cli.screen.Screen(err, err, Form.TABLE, false);
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
        Set<String> booted = booted(told);
        List<String> hosts = each(card, "address");
        return booted.containsAll(hosts) ? hosts : List.of();
    }

    /** The addresses of the hosts that the demo has booted. */
    static Set<String> booted(String told) {
        return told.lines()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length > 1)
                .map(words -> words[1])
                .collect(Collectors.toSet());
    }

    /** A field of each host of the cluster. */
    static List<String> each(JsonNode card, String field) {
        List<String> all = new ArrayList<>();
        card.path("spec").path("hosts").forEach(host -> all.add(host.path(field).asText("")));
        return all;
    }

    /** The same of the fleet's; where the gateway does not tell, that is said. */
    private static List<String> own(Gateway gateway, Home home, Screen screen, PrintStream err) throws IOException {
        Answer answer = card(gateway);
        if (answer instanceof Answer.Done done) {
            return own(done.body(), Files.readString(told(home)));
        }
        if (!(answer instanceof Answer.Refused refused && refused.status() == 404)) {
            int exit = Shown.done(lines(err), answer, body -> Exit.DONE);
            screen.part(NAME, "may stay in the fleet though its hosts end: to look for it ended with " + exit);
        }
        return List.of();
    }

    private static Answer card(Gateway gateway) {
        return gateway.get(PATH, Map.of());
    }

    private static Path told(Home home) {
        return home.guests().resolve(TOLD);
    }

    /** Empty where none runs, or its token or its certificate cannot be read: then nobody could be asked either. */
    private static Optional<Gateway> running(Home home, List<Running> all) {
        return all.stream()
                .filter(each -> each.part().replaceFirst("-\\d+$", "").equals("gateway"))
                .filter(each -> each.life().goesOn())
                .findFirst()
                .flatMap(each -> reached(home, new LocalGateway(home.root(), each.port())));
    }

    private static Optional<Gateway> reached(Home home, LocalGateway here) {
        return Bearer.from(home.adminToken()) instanceof Bearer.Read.Found token
                        && here.trust() instanceof Trust.Read.Found trust
                ? Optional.of(new Gateway(here.url(), token.bearer(), trust.trust()))
                : Optional.empty();
    }

    /** Whether a host at that address takes connections of SSH, within half a second. */
    static boolean answers(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, SSH), ANSWERS_MILLIS);
            return true;
        } catch (IOException gone) {
            return false;
        }
    }
}
