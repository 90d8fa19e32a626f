package io.redfleet.provisioner.edge;

import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.LearntKey;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import java.util.List;

/** The way to the hosts, on which the one script that is to be cut gets its halt. */
final class CutLine implements Hosts {
    private final Hosts hosts;
    private final Cut cut;

    CutLine(Hosts hosts, Cut cut) {
        this.hosts = hosts;
        this.cut = cut;
    }

    @Override
    public Reply run(HostAccess access, Script script) {
        return hosts.run(access, cut.halting(access.host(), script));
    }

    @Override
    public List<Reply> runAll(HostAccess access, List<Script> scripts) {
        return hosts.runAll(
                access,
                scripts.stream()
                        .map(script -> cut.halting(access.host(), script))
                        .toList());
    }

    @Override
    public Reply anew(HostAccess access, Script script) {
        return hosts.anew(access, cut.halting(access.host(), script));
    }

    @Override
    public Reply put(HostAccess access, RemoteFile file) {
        return hosts.put(access, file);
    }

    @Override
    public String fingerprint(HostAccess access) {
        return hosts.fingerprint(access);
    }

    @Override
    public List<LearntKey> learnt(HostAccess access) {
        return hosts.learnt(access);
    }
}
