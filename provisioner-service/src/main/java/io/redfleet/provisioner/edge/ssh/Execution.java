package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs one script on one connection: {@code sh -s -- arguments}, the script on standard input; by sudo where it is not the
 * connection's own user who runs it.
 *
 * <p>As whom the script asks instances, and by which files of TLS, and a file that it writes, come first on standard input, as
 * variables of the shell that are not exported: neither the arguments nor the environment of a process that lasts hold a
 * password.
 */
final class Execution {
    /** The largest answer is a survey: tens of instances with a few hundred settings of about 40 bytes each. */
    private static final int OUT_LIMIT_BYTES = 1024 * 1024;

    private static final int ERR_LIMIT_BYTES = 16 * 1024;
    private static final Duration OPEN_WITHIN = Duration.ofSeconds(10);
    /** JSch has no signal for the end of a channel; this bounds what looking for it adds to a command. */
    private static final long LOOK_EVERY_MILLIS = 2;

    private Execution() {}

    static Reply run(HostAccess access, Lane.Lease lease, Script script) {
        return run(access, script, (out, err) -> open(lease, script, out, err));
    }

    /** What has come of a script's answer, whether or not it has ended. */
    record Heard(Bounded out, Bounded err) {
        Heard() {
            this(new Bounded(OUT_LIMIT_BYTES), new Bounded(ERR_LIMIT_BYTES));
        }
    }

    /** Runs several as one, each in its own time. What is heard of them counts, also where they are cut off. */
    static Reply run(HostAccess access, Lane.Lease lease, Composite all, Heard heard) {
        Pace pace = new Pace(all.parts(), all.mark(), heard.out(), System.nanoTime());
        return run(access, all.script(), (out, err) -> open(lease, all.script(), out, err), heard, pace);
    }

    /** Runs a script that is talked to; it hears {@code said}, as it takes it. */
    static Reply talk(HostAccess access, Lane.Lease lease, Script script, InputStream said) {
        return run(access, script, (out, err) -> talk(lease, script, said, out, err));
    }

    /** Runs a script whose standard output is taken as it comes, by {@code sink}; the reply has none of it. */
    static Reply fetch(HostAccess access, Lane.Lease lease, Script script, OutputStream sink) {
        return run(access, script, (out, err) -> open(lease, script, sink, err));
    }

    private interface Opening {
        ChannelExec open(OutputStream out, OutputStream err) throws JSchException;
    }

    private static Reply run(HostAccess access, Script script, Opening opening) {
        return run(access, script, opening, new Heard(), Pace.alone(script, System.nanoTime()));
    }

    private static Reply run(HostAccess access, Script script, Opening opening, Heard heard, Pace pace) {
        ChannelExec channel;
        try {
            channel = opening.open(heard.out(), heard.err());
        } catch (JSchException e) {
            return new Reply.Failed(Trouble.NOT_OPENED, access + ": the connection was lost: " + Connection.reason(e));
        }
        try {
            while (!channel.isClosed()) {
                Optional<Script> late = pace.late(System.nanoTime());
                if (late.isPresent()) {
                    return new Reply.Failed(Trouble.TIMED_OUT, access + ": " + overdue(late.get()));
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
            return ended(access, channel, heard.out(), heard.err(), script);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Failed(Trouble.TIMED_OUT, access + ": interrupted while " + script.shown() + " ran");
        } finally {
            channel.disconnect();
        }
    }

    private static String overdue(Script script) {
        return script.shown() + " did not end within " + script.deadline();
    }

    static ChannelExec open(Lane.Lease lease, Script script, OutputStream out, OutputStream err) throws JSchException {
        ChannelExec channel = channel(lease, List.of(RunAs.SHELL, "-s", "--"), script, out, err);
        channel.setInputStream(
                new ByteArrayInputStream((before(script) + script.text()).getBytes(StandardCharsets.UTF_8)));
        connect(lease, channel);
        return channel;
    }

    /** Runs a script that is talked to; {@code said} becomes its standard input, and its text travels as an argument. */
    static ChannelExec talk(Lane.Lease lease, Script script, InputStream said, OutputStream out, OutputStream err)
            throws JSchException {
        List<String> shell = List.of(RunAs.SHELL, "-c", script.text(), script.name());
        ChannelExec channel = channel(lease, shell, script, out, err);
        channel.setInputStream(said);
        connect(lease, channel);
        return channel;
    }

    private static ChannelExec channel(
            Lane.Lease lease, List<String> shell, Script script, OutputStream out, OutputStream err)
            throws JSchException {
        ChannelExec channel = (ChannelExec) lease.session().openChannel("exec");
        List<String> argv = new ArrayList<>(script.by().before());
        argv.addAll(shell);
        argv.addAll(script.arguments());
        channel.setCommand(ShellWord.command(argv).getBytes(StandardCharsets.UTF_8));
        channel.setAgentForwarding(false);
        channel.setOutputStream(out);
        channel.setErrStream(err);
        return channel;
    }

    private static void connect(Lane.Lease lease, ChannelExec channel) throws JSchException {
        try {
            channel.connect((int) OPEN_WITHIN.toMillis());
        } catch (JSchException e) {
            lease.refused();
            throw e;
        }
    }

    /** What the shell is told before the script's text: as whom it asks, and what it is given beside its words. */
    static String before(Script script) {
        return login(script) + content(script);
    }

    private static String login(Script script) {
        TlsSpec tls = script.login().tls();
        return "ask_user=" + ShellWord.quote(script.login().user()) + " ask_password="
                + ShellWord.quote(script.login().password().reveal()) + " ask_ca=" + ShellWord.quote(tls.caFile())
                + " tls_certificate=" + ShellWord.quote(tls.certificate()) + " tls_key=" + ShellWord.quote(tls.key())
                + "\n";
    }

    private static String content(Script script) {
        return script.content().isEmpty() ? "" : "content=" + ShellWord.quote(script.content()) + "\n";
    }

    /** A channel that closes without an exit status was cut: nobody knows how far the script came. */
    private static Reply ended(HostAccess access, ChannelExec channel, Bounded out, Bounded err, Script script) {
        int exit = channel.getExitStatus();
        if (exit >= 0) {
            return new Reply.Done(exit, out.text(), err.text());
        }
        String signal = channel.getExitSignal();
        String how = signal == null ? "the connection was lost" : "the script was ended by SIG" + signal;
        return new Reply.Failed(Trouble.DROPPED, access + ": " + how + " during " + script.shown());
    }
}
