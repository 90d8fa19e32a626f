package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster whose Redis comes out of an archive, on scripted hosts: in which order, and wherever the way there is cut. */
class ArchiveRunTest {
    private static final String FILE = "redis.tar.gz";
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    private final ClusterState cluster = cluster();
    private final ScriptedWork work = new ScriptedWork();

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
        assertThat(ending.reason()).contains("archive: 8.0.2 has to come to r1, r2, r3, and there is no redis.tar.gz");
        assertThat(world.scripts).doesNotContain("unpack", "prepare");
        world.weight = new Freight.Load(FILE, 4711, SHA256);
        assertThat(run(world).status()).isEqualTo(Status.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereItIsCutTheNextRunConvergesAndHarmsNothing(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(attempt(how))).isGreaterThan(30);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunConvergesAndHarmsNothing(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(attempt(how))).isGreaterThan(30);
    }

    private Cuts.Attempt attempt(ScriptedHosts.Cut how) {
        return CutHosts.attempt(how, World::new, world -> world.line, this::run, (world, cut) -> {
            assertThat(world.harm).as(cut).isEmpty();
            assertThat(world.hosts.harm()).as(cut).isEmpty();
            assertThat(world.hosts.starts()).as(cut).isEqualTo(6);
            assertThat(world.trees).as(cut).containsOnlyKeys("r1", "r2", "r3");
        });
    }

    private Ending run(World world) {
        Journal journal = ScriptedWork.journal(cluster);
        Ending ending = work.provisioning(world.line, world, world.hosts).carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private static ClusterState cluster() {
        Map<String, String> archive = Map.of("file", FILE, "sha256", SHA256);
        Map<String, Object> redis = Map.of("install", "archive", "version", "8.0.2", "archive", archive);
        return Scripted.cluster(1, Map.of("redis", redis));
    }

    /** Scripted hosts that know of archives too. */
    private static final class World implements Freight {
        private final ScriptedHosts hosts = new ScriptedHosts();
        private final CutHosts line = new CutHosts(hosts, this::effect);
        /** The uid that uses the version, by host. */
        private final Map<String, String> trees = new TreeMap<>();

        private final List<String> scripts = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private final List<String> harm = new ArrayList<>();
        private Weight weight = new Load(FILE, 4711, SHA256);

        @Override
        public Weight weigh(String artefact) {
            return weight;
        }

        @Override
        public Reply send(HostAccess access, Script script, Load load) {
            return line.reached(access, () -> {
                List<String> words = words(access, script);
                sent.add(access.host() + ": " + String.join(" ", words));
                trees.put(access.host(), script.arguments().get(4));
                return new Reply.Done(0, "received 4711 bytes\nchanged\n", "");
            });
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
