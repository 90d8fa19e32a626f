package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Scripted hosts by a line that is lost at one call, whatever that is about, and stays lost until it is mended. */
final class CutHosts implements Hosts {
    private final ScriptedHosts hosts;
    private final BiFunction<HostAccess, Script, Reply> scripts;
    private int calls;
    private int cutAt = Integer.MAX_VALUE;
    private ScriptedHosts.Cut cut = ScriptedHosts.Cut.BEFORE;

    /** @param scripts what becomes of one that reaches a host */
    CutHosts(ScriptedHosts hosts, BiFunction<HostAccess, Script, Reply> scripts) {
        this.hosts = hosts;
        this.scripts = scripts;
    }

    /** From the n-th call from now on, counted from 0, nothing is reached. */
    void cutAt(int call, ScriptedHosts.Cut how) {
        calls = 0;
        cutAt = call;
        cut = how;
    }

    /** Whether there were calls enough. */
    boolean wasCut() {
        return calls > cutAt;
    }

    /** The hosts can be reached again, and the leases of who was cut off lapse. */
    void mend() {
        cutAt = Integer.MAX_VALUE;
        hosts.mend();
    }

    @Override
    public Reply run(HostAccess access, Script script) {
        return reached(access, () -> scripts.apply(access, script));
    }

    @Override
    public Reply put(HostAccess access, RemoteFile file) {
        return reached(access, () -> hosts.put(access, file));
    }

    @Override
    public String fingerprint(HostAccess access) {
        return hosts.fingerprint(access);
    }

    /** A call over the line. */
    Reply reached(HostAccess access, Supplier<Reply> effect) {
        int call = calls++;
        Reply lost = new Reply.Failed(Trouble.DROPPED, access + ": the connection was lost");
        if (call > cutAt || (call == cutAt && cut == ScriptedHosts.Cut.BEFORE)) {
            return lost;
        }
        Reply reply = effect.get();
        return call == cutAt ? lost : reply;
    }

    /**
     * Cuts a first run at each of its calls in turn: it fails, the next succeeds, and the one after that finds nothing to change.
     *
     * @param fresh a world in which nothing was done yet
     * @param line by which its hosts are reached
     * @param run to the end of an operation
     * @param holds looks at it then; it is told which cut it was
     * @return how many calls there were to cut at
     */
    static <W> int everywhere(
            ScriptedHosts.Cut how,
            Supplier<W> fresh,
            Function<W, CutHosts> line,
            Function<W, Ending> run,
            BiConsumer<W, String> holds) {
        int cuts = 0;
        while (true) {
            W world = fresh.get();
            line.apply(world).cutAt(cuts, how);
            Ending first = run.apply(world);
            if (!line.apply(world).wasCut()) {
                return cuts;
            }
            String at = "cut " + how + " call " + cuts;
            assertThat(first.status()).as(at).isEqualTo(Status.FAILED);
            line.apply(world).mend();
            Ending second = run.apply(world);
            assertThat(second.status()).as(at + ": " + second.reason()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.apply(world).reason()).as(at).isEqualTo("nothing to change");
            holds.accept(world, at);
            cuts++;
        }
    }
}
