package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.JumpHost;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.secret.Login;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one instance is: its host's access, what it is called there, and as whom it is asked.
 *
 * @param home the directory below the base in which its own lies: the cluster's, or that of a group of Sentinels
 * @param keeper whose its directory is
 * @param archived whether its Redis comes out of an archive, and so may be another one than that of its neighbours
 * @param scripted whether it is run by an init script
 * @param engine what it runs
 */
public record Place(
        HostAccess access,
        HostSpec host,
        ClusterName cluster,
        String home,
        InstanceSpec instance,
        Login login,
        RunAs keeper,
        boolean archived,
        boolean scripted,
        Engine engine) {

    public static Place of(ClusterSpec spec, InstanceId id, Login login) {
        HostSpec host = spec.host(id.host()).orElseThrow(() -> new IllegalArgumentException("no host of " + id));
        InstanceSpec instance = host.instances().stream()
                .filter(candidate -> candidate.name().equals(id.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no instance " + id));
        return new Place(
                access(host),
                host,
                spec.name(),
                home(spec, instance),
                instance,
                login.over(spec.security().tls()),
                RunAs.keeper(spec),
                spec.redis().archived(),
                spec.runsOnScripts(),
                Engine.of(spec.redis()));
    }

    /** Those in which a host has instances, but for the cluster's own. */
    public static List<String> homes(ClusterSpec spec, HostSpec host) {
        return host.instances().stream()
                .map(instance -> home(spec, instance))
                .filter(home -> !home.equals(spec.name().value()))
                .distinct()
                .toList();
    }

    /** No cluster is called so, for its name has no dot. */
    private static String home(ClusterSpec spec, InstanceSpec instance) {
        return spec.sentinel()
                .groupOf(instance.role())
                .map(group -> "group." + group)
                .orElse(spec.name().value());
    }

    /** What scripts are told beside the cluster's name: the instance's own, and HOME/NAME where its home is not the cluster's. */
    public static String called(ClusterSpec spec, InstanceSpec instance) {
        String shared = home(spec, instance) + "/" + instance.name();
        return spec.sentinel().groupOf(instance.role()).isPresent() ? shared : instance.name();
    }

    /** All of a host. */
    public static List<String> called(ClusterSpec spec, HostSpec host) {
        return host.instances().stream().map(instance -> called(spec, instance)).toList();
    }

    /** The same instance, asked as somebody else. */
    public Place as(Login other) {
        return new Place(
                access, host, cluster, home, instance, other.over(login.tls()), keeper, archived, scripted, engine);
    }

    public static HostAccess access(HostSpec host) {
        SshSpec ssh = host.ssh();
        String hostKey = ssh.hostKey() == null ? "" : ssh.hostKey();
        return new HostAccess(
                host.name().value(), host.address(), ssh.port(), ssh.user(), ssh.credential(), hostKey, via(ssh));
    }

    static @Nullable JumpHost via(SshSpec ssh) {
        String via = ssh.via();
        return via == null
                ? null
                : JumpHost.read(via).orElseThrow(() -> new IllegalArgumentException("no jump host: " + via));
    }

    public InstanceId id() {
        return InstanceId.of(host.name(), instance.name());
    }

    /** As an init knows it: the same for all clusters that share it, whatever they call the host. */
    public String title() {
        return home.equals(cluster.value()) ? cluster + "/" + id() : home + "/" + instance.name();
    }

    public boolean isRedis() {
        return instance.role() == InstanceRole.REDIS;
    }

    /** Whether the host's init runs it, as a unit of systemd or by an init script. */
    public boolean byInit() {
        return keeper == RunAs.REDIS;
    }

    /** Whether systemd runs it, as a unit. */
    public boolean isUnit() {
        return byInit() && !scripted;
    }

    /** The unit of its builder's by which systemd runs it; empty: what runs it is Redfleet's. */
    public Optional<String> vendorUnit() {
        OwnPlace at = instance.at();
        return at == null || !isUnit() ? Optional.empty() : Optional.ofNullable(at.unit());
    }

    /** The program that the instance is run as. */
    public String program() {
        return isRedis() ? engine.server() : engine.sentinel();
    }

    /** As the spec has it: absolute, or relative to the SSH user's home. */
    public String directory() {
        return host.directory() + "/" + home + "/" + instance.name();
    }

    /** Absolute, below the base directory that a survey found. */
    public String directory(String base) {
        return base + "/" + home + "/" + instance.name();
    }

    /**
     * Where the links are by which it runs. One directory for all instances below a base where the host has one Redis; the
     * instance's own where versions lie beside each other, so that one moves to another without the rest.
     *
     * @param base the base directory; the result is of the same form
     */
    public String bin(String base) {
        return archived ? directory(base) + "/bin" : base + "/bin";
    }

    public String port() {
        return String.valueOf(instance.port());
    }
}
