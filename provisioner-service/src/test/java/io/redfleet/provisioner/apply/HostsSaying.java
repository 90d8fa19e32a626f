package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import java.util.function.BiFunction;

/**
 * As other hosts, but for what becomes of a script.
 *
 * @param scripts runs it there, or answers by itself
 */
record HostsSaying(Hosts hosts, BiFunction<HostAccess, Script, Reply> scripts) implements Hosts {
    @Override
    public Reply run(HostAccess access, Script script) {
        return scripts.apply(access, script);
    }

    @Override
    public Reply put(HostAccess access, RemoteFile file) {
        return hosts.put(access, file);
    }

    @Override
    public String fingerprint(HostAccess access) {
        return hosts.fingerprint(access);
    }
}
