package io.redfleet.provisioner.lease;

import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process that holds a lease, run here instead of over SSH; a heartbeat comes when the test says so. */
public final class LeaseProcess implements AutoCloseable {
    private final Process process;
    private final OutputStream beats;
    private final BufferedReader answers;
    private int sent;

    private LeaseProcess(Process process) {
        this.process = process;
        this.beats = process.getOutputStream();
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    public static LeaseProcess start(Path base, String id, int silenceSeconds) throws IOException {
        Holder holder = new Holder("orders", "u1", "op-of-" + id, "provision", "provisioner-0", Instant.EPOCH, "alice");
        Script script = Scripts.talking(
                HostLeases.class, "lease", List.of(base.toString(), id, holder.line(), "" + silenceSeconds));
        List<String> command = new ArrayList<>(List.of("sh", "-c", script.text(), script.name()));
        command.addAll(script.arguments());
        return new LeaseProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** What is answered to one heartbeat, without the word that it repeats. */
    public String beat() throws IOException {
        String word = "" + ++sent;
        beats.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
        beats.flush();
        String answer = String.valueOf(answers.readLine());
        return answer.replaceFirst(" " + word + "( |$)", "$1");
    }

    public boolean alive() {
        return process.isAlive();
    }

    public boolean endsWithin(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    /** SIGKILL, as the kernel's own when memory runs out. */
    public void kill9() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Gives it back: the next is held at its first heartbeat. One that does not end in time is left. */
    @Override
    public void close() throws IOException {
        beats.close();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
