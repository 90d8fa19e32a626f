package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** Scripted hosts by a line that is lost at one call, whatever that is about, and stays lost until it is mended. */
final class CutHosts implements Hosts {
    private final ScriptedHosts hosts;
    private final BiFunction<HostAccess, Script, Reply> scripts;
    /** What each call was about. */
    private final List<String> heard = new ArrayList<>();

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
        heard.clear();
        cutAt = call;
        cut = how;
    }

    /** Whether there were calls enough. */
    boolean wasCut() {
        return calls > cutAt;
    }

    /** What each call since the last {@link #cutAt} was about, whichever host it was to. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    /** The hosts can be reached again, and the leases of who was cut off lapse. */
    void mend() {
        cutAt = Integer.MAX_VALUE;
        hosts.mend();
    }

    @Override
    public Reply run(HostAccess access, Script script) {
        // What is written after all is done decides nothing: VerifiedRunTest loses that.
        if (script.name().equals("canary")) {
            return scripts.apply(access, script);
        }
        return reached(access, Cuts.about(script), () -> scripts.apply(access, script));
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
        return reached(access, "a file", effect);
    }

    private Reply reached(HostAccess access, String about, Supplier<Reply> effect) {
        int call = calls++;
        heard.add(about);
        Reply lost = new Reply.Failed(Trouble.DROPPED, access + ": the connection was lost");
        if (call > cutAt || (call == cutAt && cut == ScriptedHosts.Cut.BEFORE)) {
            return lost;
        }
        Reply reply = effect.get();
        return call == cutAt ? lost : reply;
    }

    /**
     * A first run that is cut off fails, the next succeeds, and the one after that finds nothing to change.
     *
     * @param fresh a world in which nothing was done yet
     * @param line by which its hosts are reached
     * @param run to the end of an operation
     * @param holds looks at it then; it is told which cut it was
     */
    static <W> Cuts.Attempt attempt(
            ScriptedHosts.Cut how,
            Supplier<W> fresh,
            Function<W, CutHosts> line,
            Function<W, Ending> run,
            BiConsumer<W, String> holds) {
        return call -> {
            W world = fresh.get();
            line.apply(world).cutAt(call, how);
            Ending first = run.apply(world);
            if (!line.apply(world).wasCut()) {
                assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
                return Optional.of(line.apply(world).heard());
            }
            String at = "cut " + how + " call " + call;
            assertThat(first.status()).as(at).isEqualTo(Status.FAILED);
            line.apply(world).mend();
            Ending second = run.apply(world);
            assertThat(second.status()).as(at + ": " + second.reason()).isEqualTo(Status.SUCCEEDED);
            assertThat(run.apply(world).reason()).as(at).isEqualTo("nothing to change");
            holds.accept(world, at);
            return Optional.empty();
        };
    }
}
