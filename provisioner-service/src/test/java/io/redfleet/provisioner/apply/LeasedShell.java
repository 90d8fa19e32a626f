package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A script that has to prove a lease, with a real shell. */
final class LeasedShell {
    private static final Duration TO_END = Duration.ofSeconds(10);

    private LeasedShell() {}

    /** The script of this name, whose words stand behind those that prove the lease {@code lease-1} of that base. */
    static Script script(Path base, String name, Duration deadline, List<String> words) {
        List<String> arguments = new ArrayList<>(List.of(base.toString(), "lease-1", "0"));
        arguments.addAll(words);
        return Scripts.of(Hands.class, name, deadline, arguments);
    }

    /** That lease, held. It stands for longer than any script takes. */
    static LeaseProcess lease(Path base) throws IOException {
        LeaseProcess lease = LeaseProcess.start(base, "lease-1", 110);
        // One that this test has given back may take a moment to end.
        Await.until(
                "the lease is held", Duration.ofSeconds(20), () -> beat(lease).startsWith("held"));
        return lease;
    }

    private static String beat(LeaseProcess lease) {
        try {
            return lease.beat();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Process begun(Script script) throws IOException {
        return begun(script, Map.of());
    }

    /** @param environment beside that of this process */
    static Process begun(Script script, Map<String, String> environment) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--"));
        words.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process shell = builder.start();
        shell.getOutputStream().write((before(script) + script.text()).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        return shell;
    }

    /** As whom it asks, and what it is given beside its words. */
    private static String before(Script script) {
        String login = script.login().isNone()
                ? ""
                : "ask_user=" + quoted(script.login().user()) + " ask_password="
                        + quoted(script.login().password().reveal()) + "\n";
        return login + (script.content().isEmpty() ? "" : "content=" + quoted(script.content()) + "\n");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** The exit status of the script under the lease, and what was said. */
    static String said(Path base, String name, Duration deadline, List<String> words) throws Exception {
        return said(base, script(base, name, deadline, words));
    }

    /** The same of a script that proves that lease already. */
    static String said(Path base, Script script) throws Exception {
        try (LeaseProcess lease = lease(base)) {
            assertThat(lease.alive()).isTrue();
            Process shell = begun(script);
            assertThat(shell.waitFor(script.deadline().plus(TO_END).toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return shell.exitValue() + " " + said.strip();
        }
    }
}
