package io.redfleet.local;

import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.TempDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The real script in a small checkout of its own, with a Maven and JDKs that only write down how they were called: what
 * the script itself decides is what is tried here.
 */
final class ScriptedCheckout implements AutoCloseable {
    private final TempDirectory directory = TempDirectory.named("script");
    private final Path root = directory.path().resolve("checkout");
    private final Path bin = directory.path().resolve("bin");
    private final Map<String, String> environment = new HashMap<>();

    record Said(int status, String out, String err) {}

    ScriptedCheckout() throws IOException {
        Files.createDirectories(root.resolve("cli/src/main/java"));
        Files.createDirectories(bin);
        Files.copy(Checkout.root().resolve("redfleet"), root.resolve("redfleet"));
        Files.setPosixFilePermissions(root.resolve("redfleet"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(root.resolve("pom.xml"), "<project><version>1.2.3</version></project>\n");
        Files.writeString(root.resolve("cli/src/main/java/A.java"), "class A {}\n");
        executable(bin.resolve("redis-server"), "exit 0");
        executable(bin.resolve("sshd"), "exit 0");
        environment.put("PATH", bin + ":/usr/bin:/bin");
        environment.put("HOME", directory.path().toString());
        environment.put("REDFLEET_JDK_PLACES", directory.path().resolve("jvm").toString());
        environment.put("JAVA_HOME", "");
        environment.put("XDG_CACHE_HOME", directory.path().resolve("cache").toString());
        environment.put("REDFLEET_HOME", directory.path().resolve("home").toString());
        // Whatever java this machine has in /usr/bin is hidden behind one that is too old.
        jdk("old", "17");
        executable(bin.resolve("javac"), "exit 1");
    }

    Path root() {
        return root;
    }

    void set(String name, String value) {
        environment.put(name, value);
    }

    /** A machine of Debian's kind where Redis is not installed, and a user who is not root. */
    void withoutRedis() throws IOException {
        Path tools = Files.createDirectories(directory.path().resolve("tools"));
        try (Stream<Path> all = Files.list(Path.of("/usr/bin"))) {
            for (Path tool : all.filter(each -> !each.getFileName().toString().startsWith("redis-"))
                    .toList()) {
                Files.createSymbolicLink(tools.resolve(tool.getFileName()), tool);
            }
        }
        Files.delete(bin.resolve("redis-server"));
        executable(bin.resolve("id"), "echo 1000");
        executable(bin.resolve("apt-get"), "exit 1");
        environment.put("PATH", bin + ":" + tools);
    }

    /** A JDK whose java says its name and its arguments. */
    Path jdk(String name, String version) throws IOException {
        Path jdk = directory.path().resolve("jvm").resolve(name);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(jdk.resolve("bin/java"), "echo " + name + " \"$@\"");
        executable(jdk.resolve("bin/javac"), "exit 0");
        return jdk;
    }

    /** A Maven that counts its calls, then does what {@code body} says in the checkout. */
    void maven(String body) throws IOException {
        executable(bin.resolve("mvn"), "echo \"$@\" >>" + calls() + "\n" + body);
    }

    List<String> mavenCalls() throws IOException {
        return Files.exists(calls()) ? Files.readAllLines(calls()) : List.of();
    }

    /** What a build leaves behind, as far as the script looks at it. */
    static String leavingJars() {
        return """
                mkdir -p cli/target contracts/target monitrc/target adopt/target bus/target door/target deploy/broker/target/lib deploy/local/target
                : >cli/target/redfleet-cli.jar
                : >deploy/local/target/redfleet-local.jar
                for s in provisioner-service monitor-service alert-service api-gateway; do
                  mkdir -p $s/target/quarkus-app
                  : >$s/target/quarkus-app/quarkus-run.jar
                done
                """;
    }

    Said run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(root.resolve("redfleet").toString()));
        command.addAll(List.of(arguments));
        Path out = directory.path().resolve("out");
        Path err = directory.path().resolve("err");
        var builder = new ProcessBuilder(command)
                .directory(directory.path().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the script did not end");
        }
        return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Override
    public void close() {
        directory.close();
    }

    private Path calls() {
        return directory.path().resolve("mvn-calls");
    }

    static void executable(Path file, String body) throws IOException {
        Files.write(file, ("#!/bin/sh\n" + body + "\n").getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
