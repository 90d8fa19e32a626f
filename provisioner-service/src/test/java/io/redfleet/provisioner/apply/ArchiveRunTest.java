package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose Redis comes out of an archive, on scripted hosts: in which order, and wherever the way there is cut. */
class ArchiveRunTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final String FILE = "redis.tar.gz";
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    private final ClusterState cluster = cluster();
    private int ids;

    @Test
    void anArchiveIsSentOnceToEachHostBeforeAnythingElseIsMade() {
        World world = new World();
        Ending ending = run(world);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(world.sent)
                .containsExactly(
                        "r1: install 8.0.2 " + SHA256 + " 4711 process",
                        "r2: install 8.0.2 " + SHA256 + " 4711 process",
                        "r3: install 8.0.2 " + SHA256 + " 4711 process");
        assertThat(world.scripts.indexOf("prepare")).isGreaterThan(world.scripts.lastIndexOf("unpack"));
        assertThat(run(world).reason()).isEqualTo("nothing to change");
        assertThat(world.sent).hasSize(3);
    }

    @Test
    void whereItIsNotThereNothingIsMadeOnAnyHost() {
        World world = new World();
        world.weight = new Freight.Missing("there is no redis.tar.gz");
        Ending ending = run(world);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("step r1/archive/install", "nothing was sent: there is no redis.tar.gz");
        assertThat(world.scripts).doesNotContain("prepare");
        world.weight = new Freight.Load(FILE, 4711, SHA256);
        assertThat(run(world).status()).isEqualTo(Status.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConvergesAndHarmsNothing(ScriptedHosts.Cut how) {
        int cuts = 0;
        while (true) {
            World world = new World();
            world.cutAt = cuts;
            world.cut = how;
            Ending first = run(world);
            if (world.calls <= cuts) {
                break;
            }
            assertThat(first.status()).as("cut %s call %d", how, cuts).isEqualTo(Status.FAILED);
            world.cutAt = Integer.MAX_VALUE;
            world.hosts.mend();
            Ending second = run(world);
            assertThat(second.status())
                    .as("cut %s call %d: %s", how, cuts, second.reason())
                    .isEqualTo(Status.SUCCEEDED);
            assertThat(run(world).reason()).isEqualTo("nothing to change");
            assertThat(world.harm).isEmpty();
            assertThat(world.hosts.harm()).as("cut %s call %d", how, cuts).isEmpty();
            assertThat(world.hosts.starts()).isEqualTo(6);
            assertThat(world.trees).containsOnlyKeys("r1", "r2", "r3");
            cuts++;
        }
        assertThat(cuts).isGreaterThan(30);
    }

    private Ending run(World world) {
        Journal journal = new Journal(new RecordingLedger(), CLOCK, Scripted.accepted(cluster));
        Surveyor surveyor = new Surveyor(world, Runnable::run, CLOCK, PlainLocksmith.accounts());
        Leases leases = new Leases(world.hosts, "provisioner-0", () -> "lease-" + ++ids, CLOCK, Duration.ofMinutes(5));
        Ending ending = new Provisioning(surveyor, new PlanRun(new Hands(world, world), Runnable::run, CLOCK), leases)
                .carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private static ClusterState cluster() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> redis =
                Map.of("install", "archive", "version", "8.0.2", "archive", Map.of("file", FILE, "sha256", SHA256));
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "redis", redis)));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }

    /** Scripted hosts that know of archives too. */
    private static final class World implements Hosts, Freight {
        private final ScriptedHosts hosts = new ScriptedHosts();
        /** The uid that uses the version, by host. */
        private final Map<String, String> trees = new TreeMap<>();

        private final List<String> scripts = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private final List<String> harm = new ArrayList<>();
        private Weight weight = new Load(FILE, 4711, SHA256);
        private int calls;
        private int cutAt = Integer.MAX_VALUE;
        private ScriptedHosts.Cut cut = ScriptedHosts.Cut.BEFORE;

        @Override
        public Reply run(HostAccess access, Script script) {
            return reached(access, () -> effect(access, script));
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return reached(access, () -> hosts.put(access, file));
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }

        @Override
        public Weight weigh(String artefact) {
            return weight;
        }

        @Override
        public Reply send(HostAccess access, Script script, Load load) {
            return reached(access, () -> {
                List<String> words = words(access, script);
                sent.add(access.host() + ": " + String.join(" ", words));
                trees.put(access.host(), script.arguments().get(4));
                return new Reply.Done(0, "received 4711 bytes\nchanged\n", "");
            });
        }

        private Reply reached(HostAccess access, Supplier<Reply> effect) {
            int call = calls++;
            Reply lost = new Reply.Failed(Trouble.DROPPED, access + ": the connection was lost");
            if (call > cutAt || (call == cutAt && cut == ScriptedHosts.Cut.BEFORE)) {
                return lost;
            }
            Reply reply = effect.get();
            return call == cutAt ? lost : reply;
        }

        private Reply effect(HostAccess access, Script script) {
            scripts.add(script.name());
            return switch (script.name()) {
                case "archives" -> new Reply.Done(0, lies(access) + "archive.end=yes\n", "");
                case "unpack" -> {
                    List<String> words = words(access, script);
                    if (!words.getFirst().equals("look")) {
                        harm.add("not asked for: " + words);
                    }
                    String user = trees.get(access.host());
                    yield new Reply.Done(0, user == null ? "wanted\n" : "unchanged\n", "");
                }
                default -> hosts.run(access, script);
            };
        }

        private String lies(HostAccess access) {
            String user = trees.get(access.host());
            return user == null
                    ? ""
                    : "archive.tree=8.0.2 ours " + SHA256 + " whole\narchive.user=8.0.2 " + user + " orders\n";
        }

        /** The verb and what it is about; what comes before has to be right. */
        private List<String> words(HostAccess access, Script script) {
            String base = "/base/" + access.host();
            List<String> arguments = script.arguments();
            List<String> before = List.of(base, arguments.get(1), "0", base + "/opt", "u", "orders", base);
            if (!arguments.subList(0, 7).equals(before)) {
                harm.add("other arguments: " + arguments);
            }
            return arguments.subList(7, arguments.size());
        }
    }
}
