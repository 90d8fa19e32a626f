package io.redfleet.local.demo;

import io.redfleet.local.Guests;
import io.redfleet.local.Lodgers;
import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Three hosts out of one machine: an sshd of the current user on each of three loopback addresses. */
final class DemoHosts implements Ground {
    private static final Duration READY_WITHIN = Duration.ofSeconds(10);

    private final DemoPlace place;
    private final Programs programs;
    private final String user;

    DemoHosts(DemoPlace place, Programs programs, String user) {
        this.place = place;
        this.programs = programs;
        this.user = user;
    }

    @Override
    public String title() {
        return "Three hosts on this machine";
    }

    @Override
    public String cluster() {
        return "orders";
    }

    @Override
    public String template() {
        return "orders.yaml";
    }

    @Override
    public Duration provisionedWithin() {
        return Duration.ofSeconds(90);
    }

    @Override
    public List<DemoHost> hosts() {
        return DemoHost.ALL;
    }

    @Override
    public String killing(Orders.Master master) {
        return "kill -9 " + master.pid();
    }

    @Override
    public void kill(Orders.Master master) throws IOException, InterruptedException, StartRefused {
        boolean told = Files.isDirectory(Path.of("/proc/self"));
        if (told && !Lodgers.worksBelow(place.directory(master.host()), master.pid())) {
            throw new StartRefused("process " + master.pid() + " is not a Redis of "
                    + master.host().name()
                    + ", so it is not killed: the host's facts are old or wrong (./redfleet show " + cluster() + ")");
        }
        int signal = new ProcessBuilder("kill", "-9", Long.toString(master.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (signal != 0) {
            throw new StartRefused("kill -9 " + master.pid() + " was refused");
        }
    }

    @Override
    public void raise(Screen screen) throws IOException, InterruptedException, StartRefused {
        if (!user.matches("[a-z_][a-z0-9_-]{0,31}")) {
            throw new StartRefused("user name " + user + " cannot stand in a spec; run the demo as another user");
        }
        place.prepare();
        programs.linkRedis(place.binaries());
        new KeyFile(place.key()).make(programs);
        for (DemoHost host : DemoHost.ALL) {
            raise(host);
            screen.part(host.name(), host.address() + ", sshd on port " + place.sshPort());
        }
    }

    @Override
    public Map<String, String> words() throws IOException {
        Map<String, String> words = new HashMap<>(Map.of(
                "redisPort", String.valueOf(place.redisPort()),
                "sentinelPort", String.valueOf(place.sentinelPort()),
                "sshPort", String.valueOf(place.sshPort()),
                "user", user,
                "directory", place.directories().toString()));
        for (DemoHost host : DemoHost.ALL) {
            words.put("hostKey." + host.name(), new KeyFile(config(host).hostKey()).publicKey());
        }
        return words;
    }

    private void raise(DemoHost host) throws IOException, InterruptedException, StartRefused {
        SshdConfig config = config(host);
        new KeyFile(config.hostKey()).make(programs);
        Files.createDirectories(config.home());
        Files.writeString(config.authorizedKeys(), new KeyFile(place.key()).publicKey() + "\n");
        Files.setPosixFilePermissions(config.authorizedKeys(), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(config.file(), config.text());
        if (user.equals("root")) {
            // As root, sshd insists on this directory for its unprivileged half.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        if (!Guests.alive(place.home(), host.guest())) {
            requireFree(host);
        }
        List<String> command = List.of(
                programs.sshd().toString(), "-D", "-e", "-f", config.file().toString());
        String build = Integer.toHexString(config.text().hashCode());
        Guests.keep(place.home(), new Guests.Guest(host.guest(), place.sshPort(), build, command, Map.of()));
        awaitReady(host);
    }

    private SshdConfig config(DemoHost host) {
        return new SshdConfig(place.sshd(host), host.address(), place.sshPort(), user, programs.path(place.binaries()));
    }

    private void requireFree(DemoHost host) throws StartRefused {
        for (int port : new int[] {place.sshPort(), place.redisPort(), place.sentinelPort()}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(host.address()), port));
            } catch (IOException e) {
                boolean lodger = port != place.sshPort() && answers(host.address(), port);
                if (!lodger) {
                    throw new StartRefused("cannot listen on " + host.address() + ":" + port + " (" + e.getMessage()
                            + "): end what uses it, or move the stack with --port-offset N."
                            + " On macOS make the address first: sudo ifconfig lo0 alias " + host.address());
                }
            }
        }
    }

    private void awaitReady(DemoHost host) throws IOException, InterruptedException, StartRefused {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!answers(host.address(), place.sshPort())) {
            if (!Guests.alive(place.home(), host.guest()) || System.nanoTime() > deadline) {
                throw new StartRefused("sshd of " + host.name() + " does not listen. Its last lines:\n    "
                        + Guests.lastWords(place.home(), host.guest())
                        + "\n  Log: " + place.home().log(host.guest()));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static boolean answers(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 500);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
