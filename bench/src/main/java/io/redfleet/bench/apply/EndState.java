package io.redfleet.bench.apply;

import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.SystemdHost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the cluster stands as it was asked for, whoever made it: one master with two replicas whose links are up, three
 * Sentinels that agree on it and on a quorum, nobody let in without a password, and on each host all that {@link HostLook} has.
 */
final class EndState {
    static final String NAME = "orders";

    private static final Duration CALL = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Trio hosts;
    private final Side side;

    EndState(Trio hosts, Side side) {
        this.hosts = hosts;
        this.side = side;
    }

    /**
     * Looks until it holds.
     *
     * @return the address of the master
     * @throws IllegalStateException with what is missing, if it does not hold in time
     */
    String await(Duration within) throws IOException, InterruptedException {
        String application = side.password("application");
        String probe = side.password("probe");
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            List<String> missing = new ArrayList<>();
            Optional<String> master = master(application, missing);
            if (missing.isEmpty()) {
                master.ifPresent(address -> sentinels(address, probe, missing));
            }
            if (missing.isEmpty()) {
                // What does not change by itself comes last: it takes longest to look at.
                hosts.all().forEach(host -> machine(host, missing));
            }
            if (missing.isEmpty() && master.isPresent()) {
                return master.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(side.name() + ": the cluster does not stand within "
                        + within.toSeconds() + " s: " + String.join("; ", missing));
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private Optional<String> master(String password, List<String> missing) {
        List<String> masters = new ArrayList<>();
        for (String address : hosts.addresses()) {
            List<String> role = ask(address, Trio.REDIS, "application", password, missing, "ROLE");
            if (role.isEmpty()) {
                continue;
            }
            if (role.getFirst().equals("master")) {
                masters.add(address);
            } else if (role.size() < 4 || !role.get(3).equals("connected")) {
                missing.add(address + " is " + role);
            }
            refusesStrangers(address, Trio.REDIS, missing);
        }
        if (masters.size() != 1) {
            missing.add("masters: " + masters);
        }
        return masters.stream().findFirst();
    }

    private void sentinels(String master, String password, List<String> missing) {
        for (String address : hosts.addresses()) {
            String[] byName = {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME};
            List<String> named = ask(address, Trio.SENTINEL, "probe", password, missing, byName);
            if (!named.isEmpty() && !named.getFirst().equals(master)) {
                missing.add("the Sentinel of " + address + " names " + named);
            }
            List<String> quorum = ask(address, Trio.SENTINEL, "probe", password, missing, "SENTINEL", "CKQUORUM", NAME);
            if (!quorum.isEmpty() && !quorum.getFirst().startsWith("OK 3 usable")) {
                missing.add("the Sentinel of " + address + " says " + quorum);
            }
            refusesStrangers(address, Trio.SENTINEL, missing);
        }
    }

    private void machine(SystemdHost host, List<String> missing) {
        Footing footing = side.footing();
        String said = Trio.shell(host, HostLook.script(footing));
        HostLook.missing(footing, said).forEach(what -> missing.add(host + ": " + what));
    }

    private static void refusesStrangers(String address, int port, List<String> missing) {
        try (RedisCall call = RedisCall.open(address, port, CALL)) {
            missing.add(address + ":" + port + " lets in a stranger: " + call.call("PING"));
        } catch (RedisCall.Refused refused) {
            if (!String.valueOf(refused.getMessage()).startsWith("NOAUTH")) {
                missing.add(address + ":" + port + " says to a stranger: " + refused.getMessage());
            }
        } catch (IOException e) {
            missing.add(address + ":" + port + ": " + e.getMessage());
        }
    }

    /** Its reply as words; none if there was no reply, and what was instead is added to what is missing. */
    private static List<String> ask(
            String address, int port, String user, String password, List<String> missing, String... words) {
        try (RedisCall call = RedisCall.open(address, port, CALL).as(user, password)) {
            List<String> reply = words(call.call(words));
            if (reply.isEmpty()) {
                missing.add(address + ":" + port + " answers nothing to " + words[0]);
            }
            return reply;
        } catch (IOException e) {
            missing.add(address + ":" + port + ": " + e.getMessage());
            return List.of();
        }
    }

    static List<String> words(@Nullable Object reply) {
        if (reply == null) {
            return List.of();
        }
        if (reply instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        return List.of(String.valueOf(reply));
    }
}
