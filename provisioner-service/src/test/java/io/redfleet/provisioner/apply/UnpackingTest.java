package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.TreeAction;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When an archive is sent to a host, and when nothing is. */
class UnpackingTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final String FILE = "redis.tar.gz";

    private final List<String> sent = new ArrayList<>();
    private Freight.Weight weight = new Freight.Load(FILE, 4711, SHA256);
    private String looked = "wanted";
    private String engine = "redis";

    @Test
    void anArchiveThatIsWantedIsSentWithItsSizeByWhoMayWriteThere() {
        assertThat(performed("systemd")).isEqualTo(new StepResult.Changed("received 4711 bytes; changed"));
        assertThat(sent)
                .containsExactly(
                        "ROOT /opt/redis u1 orders /base look 8.0.2 " + SHA256,
                        "ROOT /opt/redis u1 orders /base install 8.0.2 " + SHA256 + " 4711 systemd < " + FILE);
        sent.clear();
        performed("process");
        assertThat(sent.getLast())
                .isEqualTo("LOGIN /opt/redis u1 orders /base install 8.0.2 " + SHA256 + " 4711 process < " + FILE);
    }

    @Test
    void ofAValkeyTheHostIsToldThatItIsOne() {
        engine = "valkey";
        performed("systemd");
        assertThat(sent)
                .containsExactly(
                        "ROOT /opt/redis u1 orders /base look 8.0.2 " + SHA256 + " valkey",
                        "ROOT /opt/redis u1 orders /base install 8.0.2 " + SHA256 + " 4711 systemd valkey < " + FILE);
    }

    @Test
    void whatLiesThereIsNotSentAndNotEvenWeighed() {
        weight = new Freight.Missing("nobody asks");
        looked = "unchanged";
        assertThat(performed("systemd")).isEqualTo(new StepResult.Unchanged("unchanged"));
        looked = "changed";
        assertThat(performed("systemd")).isEqualTo(new StepResult.Changed("changed"));
        assertThat(sent).hasSize(2).allMatch(line -> line.contains(" look "));
    }

    @Test
    void whatIsMissingTooLargeOrAnotherIsNotSent() {
        weight = new Freight.Missing("there is no redis.tar.gz in /artefacts");
        refused("nothing was sent: there is no redis.tar.gz in /artefacts");
        weight = new Freight.Load(FILE, 209_715_201, SHA256);
        refused("nothing was sent: redis.tar.gz has 209715201 bytes; at most 209715200 are sent");
        weight = new Freight.Load(FILE, 4711, "f".repeat(64));
        refused("nothing was sent: redis.tar.gz has sha256 " + "f".repeat(64) + ", and spec.redis.archive.sha256 is "
                + SHA256);
    }

    @Test
    void whereTheHostSaysNoNothingIsSent() {
        looked = "";
        assertThat(performed("systemd")).isInstanceOf(StepResult.Failed.class);
        assertThat(sent).hasSize(1);
    }

    @Test
    void theEndNamesTheVersions() {
        TreeAction.Discard discard = new TreeAction.Discard(
                place("systemd"), "/base", "u1", "orders", "/opt/redis", List.of("7.0.15", "8.0.2"));
        new Unpacking(hosts, freight).perform(discard, this::run);
        assertThat(sent).containsExactly("ROOT /opt/redis u1 orders /base release 7.0.15 8.0.2");
    }

    private void refused(String reason) {
        sent.clear();
        assertThat(performed("systemd"))
                .isInstanceOfSatisfying(
                        StepResult.Failed.class,
                        failed -> assertThat(failed.detail()).endsWith(reason));
        assertThat(sent).hasSize(1);
    }

    private StepResult performed(String service) {
        TreeAction.Unpack unpack = new TreeAction.Unpack(
                place(service), "/base", "u1", "orders", "/opt/redis", "8.0.2", new ArchiveSpec(FILE, SHA256));
        return new Unpacking(hosts, freight).perform(unpack, this::run);
    }

    /** As {@link Hands} does it, without a lease. */
    private StepResult run(Hosts via, Script shown, List<String> arguments) {
        HostAccess access = new HostAccess("r1", "10.0.0.11", 22, "ops", "ops", "");
        Reply.Done done = (Reply.Done) via.run(access, shown.with(arguments));
        if (!done.ok()) {
            return new StepResult.Failed(done.err());
        }
        String out = done.out().replace("\n", "; ");
        return out.endsWith("unchanged") ? new StepResult.Unchanged(out) : new StepResult.Changed(out);
    }

    private Place place(String service) {
        Map<String, Object> spec = Map.of(
                "service", service,
                "redis", Map.of("engine", engine),
                "sentinel", Map.of("allowWeakQuorum", true),
                "hosts", List.of(Map.of("name", "r1", "address", "10.0.0.11")));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        ClusterSpec read = ((SpecReader.Good) reading).spec();
        return Place.of(read, new InstanceId("r1/redis-server"), Login.NONE);
    }

    private static String said(Script script) {
        RunAs by = script.by();
        return by + " " + String.join(" ", script.arguments());
    }

    private final Hosts hosts = new Hosts() {
        @Override
        public Reply run(HostAccess access, Script script) {
            sent.add(said(script));
            return looked.isEmpty() ? new Reply.Done(1, "", "in the way") : new Reply.Done(0, looked, "");
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            throw new AssertionError("nothing is written");
        }

        @Override
        public String fingerprint(HostAccess access) {
            return "";
        }
    };

    private final Freight freight = new Freight() {
        @Override
        public Weight weigh(String artefact) {
            assertThat(artefact).isEqualTo(FILE);
            return weight;
        }

        @Override
        public Reply send(HostAccess access, Script script, Load load) {
            sent.add(said(script) + " < " + load.artefact());
            return new Reply.Done(0, "received " + load.bytes() + " bytes\nchanged", "");
        }
    };
}
