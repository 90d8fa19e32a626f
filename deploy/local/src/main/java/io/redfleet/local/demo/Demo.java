package io.redfleet.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.topics.Account;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Bearer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.gateway.LocalGateway;
import io.redfleet.cli.gateway.Trust;
import io.redfleet.cli.verb.World;
import io.redfleet.local.Down;
import io.redfleet.local.EngineCluster;
import io.redfleet.local.Home;
import io.redfleet.local.KafkaAccounts;
import io.redfleet.local.Ports;
import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import io.redfleet.local.Tenants;
import io.redfleet.local.Up;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ./redfleet demo [--hosts] [--down] [--port-offset N]}. Ends with 0 when every act was seen, 1 when one was not, 2 on
 * bad usage. The stack stays up; {@code --down} ends it with all that the demo started. A second run kills another master.
 */
public final class Demo {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration WRITING_WITHIN = Duration.ofSeconds(15);
    private static final Duration STREAM_WITHIN = Duration.ofSeconds(10);
    /** Silent hosts are asked for ten seconds each time. */
    private static final Duration FORGOTTEN_WITHIN = Duration.ofSeconds(90);

    private static final int WRITES_BEFORE = 1000;

    private final DemoPlace place;
    private final Ports ports;
    private final Ground ground;
    private final Screen screen;
    private final Patience patience;

    private Demo(DemoPlace place, Ports ports, Ground ground, Screen screen) {
        this.place = place;
        this.ports = ports;
        this.ground = ground;
        this.screen = screen;
        this.patience = new Patience(screen);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            DemoWish wish = DemoWish.of(arguments, System.getenv());
            if (wish.down()) {
                Down.main(new String[0]);
                return;
            }
            String missing = wish.hosts() ? EngineHosts.missingHere().orElse("") : "";
            if (!missing.isEmpty()) {
                System.err.println("redfleet demo: " + missing);
                System.exit(1);
            }
            Screen screen = new Screen(System.out);
            screen.line("1  The stack");
            Up.raised(arguments, System.getenv(), screen);
            DemoPlace place =
                    new DemoPlace(Home.of(System.getenv()), wish.ports().offset());
            new Demo(place, wish.ports(), ground(wish, place), screen).run();
            System.exit(0);
        } catch (IllegalArgumentException e) {
            System.err.println("redfleet demo: " + e.getMessage());
            System.exit(2);
        } catch (StartRefused e) {
            System.err.println("redfleet demo: " + e.getMessage());
            System.err.println("  The stack stays up for a look; ./redfleet down ends it.");
            System.exit(1);
        } catch (IOException e) {
            System.err.println("redfleet demo: " + Up.words(e));
            System.exit(1);
        }
    }

    private static Ground ground(DemoWish wish, DemoPlace place) {
        Programs programs = Programs.in(System.getenv());
        return wish.hosts()
                ? new EngineHosts(place, programs, checkout().resolve("deploy/hosts/three"))
                : new DemoHosts(place, programs, System.getProperty("user.name"));
    }

    private static Path checkout() {
        return Path.of(System.getProperty("redfleet.checkout", ""));
    }

    private void run() throws IOException, InterruptedException, StartRefused {
        Gateway gateway = gateway();
        if (!ground.cluster().equals(EngineCluster.NAME)) {
            List<String> left = EngineCluster.left(place.home(), gateway);
            if (!left.isEmpty()) {
                giveUp(gateway, left);
            }
        } else if (EngineCluster.stands(gateway)) {
            Files.deleteIfExists(place.root().resolve(EngineCluster.GIVEN_UP));
        } else if (Files.exists(place.root().resolve(EngineCluster.GIVEN_UP))) {
            List<String> tenants = tenants(gateway);
            if (!tenants.isEmpty()) {
                throw new StartRefused(
                        "the hosts of an earlier demo would be made anew, and " + Tenants.words(tenants));
            }
        }
        Brake.armed(place.home().root(), gateway);
        try {
            play(gateway);
        } catch (StartRefused refused) {
            throw Brake.inVain(place.home().root(), gateway, refused);
        }
    }

    private void play(Gateway gateway) throws IOException, InterruptedException, StartRefused {
        act("2  " + ground.title());
        ground.raise(screen);
        Orders orders = new Orders(gateway, ground.cluster(), ground.hosts());
        JsonNode cluster = provision(orders);
        act("4  An application that writes all the time");
        Writer.Way way = way(orders);
        try (Writer writer = new Writer(way, Long.toString(Instant.now().toEpochMilli(), 36))) {
            writer.start();
            patience.until(
                    new Patience.Wanted(
                            WRITES_BEFORE + " acknowledged writes",
                            WRITING_WITHIN,
                            "./redfleet info replication " + orders.name()),
                    () -> writer.acknowledgedSoFar() >= WRITES_BEFORE
                            ? new Attempt.Done<>(true)
                            : new Attempt.NotYet<>(writer.acknowledgedSoFar() + " so far; " + writer.trouble()));
            screen.line("  " + writer.acknowledgedSoFar() + " writes acknowledged so far");
            Orders.Master master = orders.master(cluster);
            try (Witness witness = new Witness(gateway, orders.name(), screen)) {
                Instant killed = kill(witness, writer, master);
                new Aftermath(orders, gateway, screen, trail())
                        .show(writer, witness, new Aftermath.Death(master.host(), killed));
            }
        }
        farewell();
    }

    /** A cluster of an earlier demo whose hosts have ended: so many out of reach would disarm the fleet in the middle of this. */
    private void giveUp(Gateway gateway, List<String> hosts) throws IOException, InterruptedException, StartRefused {
        String name = EngineCluster.NAME;
        List<String> tenants = tenants(gateway);
        if (!tenants.isEmpty()) {
            // What is given up has its hosts made anew, with all that lies on them.
            screen.line("  Cluster " + name + " of an earlier demo has lost its hosts, and stays: "
                    + Tenants.words(tenants) + ". ./redfleet demo --hosts boots them again.");
            return;
        }
        screen.line("  Cluster " + name + " of an earlier demo has lost its hosts: it is given up first.");
        Files.writeString(place.root().resolve(EngineCluster.GIVEN_UP), "");
        String within = FORGOTTEN_WITHIN.toSeconds() + "s";
        String lost = String.join(",", hosts);
        command("delete", name, "--confirm", name, "--lost", lost, "--wait", "--timeout", within);
        patience.until(
                new Patience.Wanted(
                        "cluster " + name + " to be forgotten",
                        FORGOTTEN_WITHIN,
                        "./redfleet operations --cluster " + name),
                () -> gateway.get("/clusters/" + name, Map.of()) instanceof Answer.Refused refused
                                && refused.status() == 404
                        ? new Attempt.Done<>(true)
                        : new Attempt.NotYet<>("it is in the fleet still"));
    }

    /** Others on the hosts of an earlier demo. Who is not told of them makes nothing anew. */
    private List<String> tenants(Gateway gateway) throws IOException, StartRefused {
        return Tenants.on(place.home(), gateway)
                .orElseThrow(() -> new StartRefused("the gateway does not tell which clusters are on which hosts"));
    }

    /** Reads as another team would, with the account that is for other teams. */
    private AuditTrail trail() {
        return new AuditTrail(ports.bootstrap(), KafkaAccounts.of(place.home()).login(Account.CONSUMER));
    }

    private JsonNode provision(Orders orders) throws IOException, InterruptedException, StartRefused {
        act("3  A cluster on them, over SSH: one master, two replicas, three Sentinels");
        Path spec = ground.spec(place);
        String template =
                Files.readString(checkout().resolve("deploy/local/demo").resolve(ground.template()));
        Files.writeString(spec, Template.fill(template, ground.words()));
        String within = ground.provisionedWithin().toSeconds() + "s";
        screen.line("  downAfter is 2 s here, so that nobody has to wait; the default is 5 s.");
        if (orders.standsBroken()) {
            screen.line("  The cluster of an earlier demo is there but not whole: it is removed with its data first.");
            String name = orders.name();
            command("delete", name, "--confirm", name, "--remove-data", "--wait", "--timeout", within);
        }
        command("apply", "-f", spec.toString(), "--wait", "--timeout", within);
        JsonNode cluster = patience.until(
                new Patience.Wanted(
                        "the cluster to be ready",
                        READY_WITHIN,
                        "./redfleet show " + orders.name() + ", " + place.home().log("provisioner") + ", "
                                + place.home().log("monitor")),
                orders::ready);
        screen.line("  ready: "
                + cluster.path("health").path("verdict").path("reason").asText());
        return cluster;
    }

    /** @return the moment just before the signal */
    private Instant kill(Witness witness, Writer writer, Orders.Master master)
            throws IOException, InterruptedException, StartRefused {
        act("5  The master dies: " + ground.killing(master) + "  (" + ground.cluster() + "/"
                + master.host().redis() + ")");
        if (!witness.start(STREAM_WITHIN)) {
            throw new StartRefused("the gateway's event stream did not open; look at "
                    + place.home().log("gateway"));
        }
        writer.mark();
        Instant at = Instant.now();
        witness.killedAt(at);
        ground.kill(master);
        return at;
    }

    /** Types a verb for the reader and carries it out in this process. */
    private void command(String... words) throws StartRefused {
        screen.line("  $ ./redfleet " + String.join(" ", words));
        Map<String, String> environment = new HashMap<>(Map.of(
                "REDFLEET_HOME", place.home().root().toString(),
                "REDFLEET_URL", ports.gatewayUrl(place.home()),
                "REDFLEET_TOKEN_FILE", place.home().adminToken().toString()));
        World world = new World(environment, System.in, System.out, System.out, false, InstantSource.system());
        int exit = io.redfleet.cli.Main.run(world, words);
        if (exit != 0) {
            throw new StartRefused("./redfleet " + words[0] + " ended with " + exit
                    + ". Look at: ./redfleet operations, " + place.home().log("provisioner"));
        }
    }

    private Gateway gateway() throws StartRefused {
        return switch (Bearer.from(place.home().adminToken())) {
            case Bearer.Read.Found found -> gateway(found.bearer());
            case Bearer.Read.Refused refused -> throw new StartRefused(refused.reason());
        };
    }

    private Gateway gateway(Bearer bearer) throws StartRefused {
        LocalGateway here = new LocalGateway(place.home().root(), ports.gateway());
        return switch (here.trust()) {
            case Trust.Read.Found found -> new Gateway(here.url(), bearer, found.trust());
            case Trust.Read.Refused refused -> throw new StartRefused(refused.reason());
        };
    }

    /** As any application learns it; its password is shown to nobody here. */
    private Writer.Way way(Orders orders) throws StartRefused {
        screen.line("  $ ./redfleet connection " + orders.name());
        return switch (orders.way(user -> screen.line("  $ ./redfleet secret reveal " + orders.name() + " " + user))) {
            case Attempt.Done<Writer.Way> done -> done.value();
            case Attempt.NotYet<Writer.Way> not -> throw new StartRefused("no way in: " + not.why());
        };
    }

    private void act(String title) {
        screen.line("");
        screen.line(title);
    }

    private void farewell() {
        act("What to try next");
        screen.line("  REST       " + ports.gatewayUrl(place.home()) + "/api/v1");
        screen.line("  token      " + place.home().adminToken());
        screen.line("  spec       " + ground.spec(place) + "   (change it, then: ./redfleet apply -f it --dry-run)");
        screen.line("");
        if (ports.offset() != 0) {
            screen.line("  export REDFLEET_URL=" + ports.gatewayUrl(place.home()));
        }
        screen.line("  ./redfleet status " + ground.cluster());
        screen.line("  ./redfleet events --follow");
        screen.line("  ./redfleet restart " + ground.cluster() + "/r1/redis-sentinel --wait");
        screen.line("");
        screen.line("  ./redfleet down ends it all.");
    }
}
