package io.redfleet.provisioner.edge;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.edge.ssh.Credentials;
import io.redfleet.provisioner.edge.ssh.KnownHosts;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.testkit.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A provisioner without the bus in a process of its own, which applies one cluster and can be killed meanwhile. Its passwords are
 * those of {@link BootedGround}, as long as that has made them for no other cluster.
 */
final class CutOwner {
    private CutOwner() {}

    /**
     * @param home for what it writes
     * @param credentials the directory of the key
     */
    static Child start(Path home, Path credentials, ClusterState cluster, Cut cut, boolean rolling) throws IOException {
        String name = "owner-" + System.nanoTime();
        Path state = Files.write(home.resolve(name + ".json"), Codec.bytes(cluster));
        return Child.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CutOwner.class.getName(),
                        credentials.toString(),
                        home.resolve(name + ".known").toString(),
                        state.toString(),
                        cut.point().name(),
                        "" + cut.host(),
                        cut.where().name(),
                        "" + rolling),
                home,
                home.resolve(name + ".log"));
    }

    public static void main(String[] args) throws Exception {
        ClusterState cluster = Codec.read(Files.readAllBytes(Path.of(args[2])), ClusterState.class);
        int host = Integer.parseInt(args[4]);
        Cut cut = new Cut(CutPoint.valueOf(args[3]), host, Cut.Where.valueOf(args[5]), Cut.How.KILLED);
        try (ExecutorService workers = Executors.newCachedThreadPool();
                SshHosts ssh =
                        new SshHosts(new Credentials(Path.of(args[0]), false), new KnownHosts(Path.of(args[1])))) {
            Handwork work = new Handwork(
                    ssh, new CutLine(ssh, cut), workers, PlainLocksmith.accounts(BootedGround.COLLECTOR), Freight.NONE);
            Ending ending = carriedOut(work, cluster, Boolean.parseBoolean(args[6]));
            System.out.println(ending.status() + ": " + ending.reason());
        }
    }

    /** @param rolling whether the restarts that it needs are agreed to */
    static Ending carriedOut(Handwork work, ClusterState cluster, boolean rolling) {
        Journal journal = work.journal(cluster, "provision");
        Restarts restarts = rolling ? new Restarts.Needed("") : Restarts.none();
        Ending ending = work.provisioning().carryOut(cluster, "", restarts, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }
}
