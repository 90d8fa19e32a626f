package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.packages.PackageSurvey;
import java.util.List;
import java.util.Map;

/**
 * What was found on one host.
 *
 * @param base the absolute form of the directory that the spec names
 * @param binary the one Redis binary, or empty when there is none
 * @param missing tools that the scripts need and the host lacks
 * @param clockOffsetSeconds the host's clock minus ours, to a second
 * @param agent the Monit that reports of the cluster's instances there
 * @param tuning what of the whole machine is set, and by whom
 * @param systemd what instances need that systemd runs
 * @param packages what dpkg and apt know of Redis, where the spec wants its packages
 * @param above the directories above {@code base} that are there, as it is written and as its links lead
 * @param tls what of TLS lies there, where the spec asks for it
 * @param archives versions that lie beside each other, where the spec wants one out of an archive
 * @param engine what the binary says that it is, as a spec has it: redis or valkey; empty where it was not asked
 * @param footing its memory, the room for data, its clock, and the ids of Sentinels
 */
public record HostSurvey(
        String base,
        String bootId,
        String os,
        String binary,
        String version,
        List<String> missing,
        long freeBytes,
        long clockOffsetSeconds,
        Map<InstanceId, InstanceSurvey> instances,
        AgentSurvey agent,
        TuningSurvey tuning,
        SystemdSurvey systemd,
        PackageSurvey packages,
        List<Ancestor> above,
        TlsSurvey tls,
        ArchiveSurvey archives,
        String engine,
        Footing footing) {
    /** Under this name a host lacks what asks instances, redis-cli or valkey-cli. */
    public static final String CLIENT = "redis-cli";

    public HostSurvey {
        missing = List.copyOf(missing);
        above = List.copyOf(above);
        instances = Map.copyOf(instances);
    }

    /** Of a host whose binary was not asked what it is, and that said nothing of what it stands on. */
    public HostSurvey(
            String base,
            String bootId,
            String os,
            String binary,
            String version,
            List<String> missing,
            long freeBytes,
            long clockOffsetSeconds,
            Map<InstanceId, InstanceSurvey> instances,
            AgentSurvey agent,
            TuningSurvey tuning,
            SystemdSurvey systemd,
            PackageSurvey packages,
            List<Ancestor> above,
            TlsSurvey tls,
            ArchiveSurvey archives) {
        this(
                base,
                bootId,
                os,
                binary,
                version,
                missing,
                freeBytes,
                clockOffsetSeconds,
                instances,
                agent,
                tuning,
                systemd,
                packages,
                above,
                tls,
                archives,
                "",
                Footing.NONE);
    }

    /** Of a host on which systemd runs no instance, and of which nobody has set anything. */
    public HostSurvey(
            String base,
            String bootId,
            String os,
            String binary,
            String version,
            List<String> missing,
            long freeBytes,
            long clockOffsetSeconds,
            Map<InstanceId, InstanceSurvey> instances,
            AgentSurvey agent) {
        this(
                base,
                bootId,
                os,
                binary,
                version,
                missing,
                freeBytes,
                clockOffsetSeconds,
                instances,
                agent,
                TuningSurvey.NONE,
                SystemdSurvey.NONE,
                PackageSurvey.NONE,
                List.of(),
                TlsSurvey.NONE,
                ArchiveSurvey.NONE);
    }

    /** Of a host that has no Monit besides. */
    public HostSurvey(
            String base,
            String bootId,
            String os,
            String binary,
            String version,
            List<String> missing,
            long freeBytes,
            long clockOffsetSeconds,
            Map<InstanceId, InstanceSurvey> instances) {
        this(base, bootId, os, binary, version, missing, freeBytes, clockOffsetSeconds, instances, AgentSurvey.NONE);
    }

    /** The same host once a package has brought it this Redis, whatever else lies in PATH. */
    public HostSurvey having(String installed, String release) {
        return running(
                installed,
                release,
                missing.stream().filter(tool -> !tool.equals(CLIENT)).toList());
    }

    /** The same host once this Redis lies there for the cluster, and no redis-cli with it that scripts would find. */
    public HostSurvey running(String installed, String release) {
        return running(installed, release, missing);
    }

    private HostSurvey running(String installed, String release, List<String> lacking) {
        return new HostSurvey(
                base,
                bootId,
                os,
                installed,
                release,
                lacking,
                freeBytes,
                clockOffsetSeconds,
                instances,
                agent,
                tuning,
                systemd,
                packages,
                above,
                tls,
                archives,
                "",
                footing);
    }

    /** The same host once a package has brought it this Monit. */
    public HostSurvey reportingBy(String monit) {
        return new HostSurvey(
                base,
                bootId,
                os,
                binary,
                version,
                missing,
                freeBytes,
                clockOffsetSeconds,
                instances,
                agent.having(monit),
                tuning,
                systemd,
                packages,
                above,
                tls,
                archives,
                engine,
                footing);
    }
}
