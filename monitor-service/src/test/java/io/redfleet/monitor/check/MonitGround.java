package io.redfleet.monitor.check;

import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One directory with a real Redis that is started and stopped by a script, and what can go wrong with it. What is seen of it
 * follows Monit's own rules: a pid that lives is believed before its file is read again, and of several processes that match the
 * oldest counts.
 */
final class MonitGround implements AutoCloseable {
    private static final int DEADLINE_MILLIS = 1_000;

    final Path home;
    final int port;

    private final boolean matching;
    private final Pattern pattern;
    private long cached;
    private @Nullable Process stranger;
    private @Nullable Process decoy;

    MonitGround(Path home, boolean matching) throws IOException {
        this.home = home;
        this.port = FreePort.choose();
        this.matching = matching;
        this.pattern = Pattern.compile(pattern());
        Files.createSymbolicLink(home.resolve("redis-server"), RedisBinaries.server());
        script("run", """
                [ ! -e %1$s/slow ] || sleep 1.6
                %1$s/redis-server --port %2$d --bind 127.0.0.1 --save "" --dir %1$s --logfile %1$s/redis.log &
                echo $! >%1$s/redis.pid
                wait
                """.formatted(home, port));
        script("redis", """
                case $1 in
                start)
                  [ ! -e %1$s/broken ] || exit 1
                  setsid %1$s/run >/dev/null 2>&1 </dev/null &
                  ;;
                stop) kill -9 $(cat %1$s/redis.pid) ;;
                esac
                """.formatted(home));
    }

    /** Of the process's title, which Redis makes of its address. */
    String pattern() {
        return "redis-server .*:" + port;
    }

    String target() {
        return matching ? "matching \"" + pattern() + "\"" : "with pidfile \"" + home.resolve("redis.pid") + "\"";
    }

    void start() throws IOException, InterruptedException {
        cached = 0;
        new ProcessBuilder(home.resolve("redis").toString(), "start").start().waitFor(10, TimeUnit.SECONDS);
    }

    /** As a supervisor would, in its own time; not while a start is slow, for nobody knows then what is seen. */
    void restartOutside() throws IOException {
        if (!Files.exists(home.resolve("slow"))) {
            new ProcessBuilder("setsid", home.resolve("run").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
    }

    void kill() throws IOException {
        signal("KILL");
    }

    void freeze() throws IOException {
        signal("STOP");
    }

    /** Another process's number in the file of ours. */
    void misname() throws IOException {
        if (stranger == null || !stranger.isAlive()) {
            stranger = new ProcessBuilder("sleep", "600").start();
        }
        Files.writeString(home.resolve("redis.pid"), stranger.pid() + "\n");
    }

    /** A process whose command line looks like ours. */
    void decoy() throws IOException {
        Path log = home.resolve("redis-server :" + port);
        Files.writeString(log, "");
        decoy = new ProcessBuilder("tail", "-f", log.toString()).start();
    }

    void undecoy() {
        if (decoy != null) {
            decoy.destroyForcibly();
        }
    }

    void mark(String name, boolean there) throws IOException {
        Path file = home.resolve(name);
        if (there && !Files.exists(file)) {
            Files.createFile(file);
        } else if (!there) {
            Files.deleteIfExists(file);
        }
    }

    /** As Monit does after a stop, whatever came of it: from then on the file is believed again. */
    void forget() {
        cached = 0;
    }

    Presence presence() {
        long pid = alive(cached)
                ? cached
                : matching ? matched() : written().filter(MonitGround::alive).orElse(0L);
        cached = pid;
        if (pid == 0) {
            return Presence.ABSENT;
        }
        Duration uptime = ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(start -> Duration.between(start, java.time.Instant.now()))
                .orElse(Duration.ofDays(1));
        return new Presence.Present(pid, 1, uptime, zombie(pid));
    }

    /** A handshake, and for Redis's protocol a PONG as well. */
    Result connection(boolean redis) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
            if (redis) {
                socket.setSoTimeout(DEADLINE_MILLIS);
                OutputStream out = socket.getOutputStream();
                out.write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                InputStream in = socket.getInputStream();
                String answer = new String(in.readNBytes(5), StandardCharsets.US_ASCII);
                return answer.equals("+PONG") ? Result.passed("") : Result.failed(answer);
            }
            return Result.passed("");
        } catch (IOException e) {
            return Result.failed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() throws IOException {
        undecoy();
        if (stranger != null) {
            stranger.destroyForcibly();
        }
        // Ours by the directory in their command line, whatever the file says.
        ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(home.toString()))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private void signal(String name) throws IOException {
        long pid = matching ? matched() : written().orElse(0L);
        boolean ours = pid > 1 && commandLine(pid).contains(":" + port);
        if (ours) {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        }
    }

    private Optional<Long> written() {
        try {
            return Optional.of(
                    Long.valueOf(Files.readString(home.resolve("redis.pid")).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The oldest that matches, those left out whose parent matches too; 0 for none. */
    private long matched() {
        return ProcessHandle.allProcesses()
                .filter(process -> pattern.matcher(commandLine(process.pid())).find())
                .filter(process -> process.parent()
                        .map(parent ->
                                !pattern.matcher(commandLine(parent.pid())).find())
                        .orElse(true))
                .min(java.util.Comparator.comparing(
                        process -> process.info().startInstant().orElse(java.time.Instant.MAX)))
                .map(ProcessHandle::pid)
                .orElse(0L);
    }

    private static boolean alive(long pid) {
        return pid > 0 && Files.exists(Path.of("/proc/" + pid));
    }

    private static boolean zombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
        } catch (IOException e) {
            return false;
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    private void script(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
