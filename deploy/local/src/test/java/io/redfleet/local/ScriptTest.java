package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.local.ScriptedCheckout.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    private final ScriptedCheckout checkout;

    ScriptTest() throws IOException {
        checkout = new ScriptedCheckout();
    }

    @AfterEach
    void close() {
        checkout.close();
    }

    @Test
    void helpNamesTheVerbsAndNoVerbIsBadUsage() throws Exception {
        Said help = checkout.run("--help");
        assertThat(help.status()).isZero();
        assertThat(help.out()).contains("up ", "down", "logs", "demo", "test [long]", "bench");
        Said nothing = checkout.run();
        assertThat(nothing.status()).isEqualTo(2);
        assertThat(nothing.out()).isEmpty();
        assertThat(nothing.err()).isEqualTo(help.out());
    }

    /** Without a JDK: nothing is built, started or ended by it. */
    @ParameterizedTest
    @ValueSource(strings = {"up", "down", "demo", "logs", "build", "test", "bench", "backup", "restore", "doctor"})
    void aVerbSaysWhatItTakesAndDoesNothingElse(String verb) throws Exception {
        Said help = checkout.run(verb, "--help");
        assertThat(help.status()).as(help.err()).isZero();
        assertThat(help.out()).startsWith("usage: ").contains("./redfleet " + verb);
        assertThat(help.err()).isEmpty();
        assertThat(checkout.run(verb, "word", "-h").out()).isEqualTo(help.out());
    }

    @Test
    void whoSaysMoreThanDownLosesNothing() throws Exception {
        Said said = checkout.run("down", "provisioner");
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.err()).isEqualTo("redfleet: down takes no words, not 'provisioner'\n");
    }

    @Test
    void aMachineWithOnlyOldJdksIsToldWhatToInstall() throws Exception {
        checkout.set("JAVA_HOME", checkout.jdk("older", "11.0.2").toString());
        Said said = checkout.run("up");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err())
                .contains("JDK, version 21 or newer", "(version 11)", "apt-get install openjdk-21-jdk-headless");
    }

    @Test
    void theNewestJdkOfTheUsualPlacesIsTaken() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.jdk("twentyfive", "25");
        checkout.jdk("twentytwo", "22.0.1");
        builtCli();
        assertThat(checkout.run("list").out()).startsWith("twentyfive ");
    }

    @Test
    void aJavaHomeThatWillDoBeatsANewerJdkElsewhere() throws Exception {
        checkout.jdk("twentyfive", "25");
        checkout.set("JAVA_HOME", checkout.jdk("twentyone", "21.0.4").toString());
        builtCli();
        assertThat(checkout.run("list").out()).startsWith("twentyone ");
    }

    @Test
    void aVerbOfTheCommandLineKeepsItsArgumentsAndNeverAsksMaven() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.maven("exit 1");
        builtCli();
        Files.writeString(checkout.root().resolve("cli/src/main/java/Newer.java"), "class Newer {}\n");
        Said said = checkout.run("apply", "-f", "a file.yaml", "*");
        assertThat(said.out()).endsWith("io.redfleet.cli.Main apply -f a file.yaml *\n");
        assertThat(checkout.mavenCalls()).isEmpty();
    }

    @Test
    void theShellOfACommandLineVerbTakesAtMost50Milliseconds() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        builtCli();
        long[] millis =
                LongStream.range(0, 15).map(run -> millisOfList()).sorted().toArray();
        // The shell's own cost: what others do on this machine only adds to it.
        assertThat(millis[0]).as("the fastest of 15 runs").isLessThanOrEqualTo(50);
    }

    @Test
    void aBuildLeavesAnArchiveOfTheCommandLinesClassesWhichVerbsTake() throws Exception {
        Path runs = leavingArchives(checkout.jdk("twentyone", "21.0.4"), "exit 0");
        checkout.maven(ScriptedCheckout.leavingJars());
        assertThat(checkout.run("build").out()).endsWith("Built.\n");
        assertThat(Files.readAllLines(runs))
                .singleElement()
                .asString()
                .endsWith("io.redfleet.cli.Rehearsal")
                .contains("/checkout/cli/target/classes-21.jsa.new ");
        assertThat(checkout.root().resolve("cli/target/classes-21.jsa")).exists();
        checkout.run("list");
        assertThat(Files.readAllLines(runs))
                .last()
                .asString()
                .endsWith("io.redfleet.cli.Main list")
                .contains("-XX:+AutoCreateSharedArchive", "/checkout/cli/target/classes-21.jsa ");

        settle("built");
        Files.delete(checkout.root().resolve("api-gateway/target/quarkus-app/quarkus-run.jar"));
        Files.setLastModifiedTime(
                checkout.root().resolve("cli/target/classes-21.jsa"),
                FileTime.from(Instant.now().plusSeconds(3600)));
        checkout.run("build");
        assertThat(Files.readAllLines(runs)).as("it is younger than all that it is of").hasSize(2);
    }

    @Test
    void withoutThatArchiveTheFirstVerbLeavesItsOwn() throws Exception {
        Path runs = leavingArchives(checkout.jdk("twentyone", "21.0.4"), "exit 1");
        checkout.maven(ScriptedCheckout.leavingJars());
        Said built = checkout.run("build");
        assertThat(built.status()).isZero();
        assertThat(built.err()).isEmpty();
        assertThat(checkout.root().resolve("cli/target/classes-21.jsa")).doesNotExist();
        checkout.run("list");
        assertThat(Files.readAllLines(runs))
                .last()
                .asString()
                .contains("-XX:+AutoCreateSharedArchive", "/cache/redfleet/cli-21.jsa ");
    }

    @Test
    void anArchiveOfAnotherBuildOfTheSameJavaIsLeftAlone() throws Exception {
        Path jdk = checkout.jdk("twentyone", "21.0.4");
        Path runs = leavingArchives(jdk, "exit 0");
        checkout.maven(ScriptedCheckout.leavingJars());
        Path release = jdk.resolve("release");
        String version = Files.readString(release);
        Files.writeString(release, version + "JAVA_RUNTIME_VERSION=\"21.0.4+7 LTS;/x\"\n");
        checkout.run("build");
        checkout.run("list");
        assertThat(Files.readAllLines(runs))
                .allMatch(run -> run.contains("/checkout/cli/target/classes-21.0.4+7LTSx.jsa"))
                .last()
                .asString()
                .contains("/classes-21.0.4+7LTSx.jsa ");

        Files.writeString(release, "JAVA_RUNTIME_VERSION=\"21.0.5+11\"\n" + version);
        checkout.run("list");
        assertThat(Files.readAllLines(runs)).last().asString().contains("/cache/redfleet/cli-21.0.5+11.jsa ");
    }

    /** A java that writes down how it was called, and leaves the archive that it is asked for. */
    private Path leavingArchives(Path jdk, String end) throws IOException {
        Path runs = checkout.root().resolveSibling("runs");
        ScriptedCheckout.executable(jdk.resolve("bin/java"), """
                echo "$@" >>'%s'
                for word in "$@"; do
                  case $word in -XX:SharedArchiveFile=*) : >"${word#*=}" ;; esac
                done
                %s""".formatted(runs, end));
        return runs;
    }

    @Test
    void whatIsBuiltIsBuiltAgainOnlyAfterASourceChangedOrWentAway() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.maven(ScriptedCheckout.leavingJars());
        assertThat(checkout.run("build").status()).isZero();
        assertThat(checkout.mavenCalls()).hasSize(1);

        settle("built");
        assertThat(checkout.run("build").out()).isEqualTo("Built.\n");
        assertThat(checkout.mavenCalls()).hasSize(1);

        Path source = checkout.root().resolve("cli/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
        checkout.run("build");
        assertThat(checkout.mavenCalls()).hasSize(2).last().asString().endsWith("-pl cli,deploy/local -am");

        settle("built");
        Files.delete(source);
        checkout.run("build");
        assertThat(checkout.mavenCalls()).hasSize(3);

        settle("built");
        Files.delete(checkout.root().resolve("api-gateway/target/quarkus-app/quarkus-run.jar"));
        checkout.run("build");
        assertThat(checkout.mavenCalls()).hasSize(4).last().asString().endsWith("-pl api-gateway -am");
    }

    @Test
    void whatAModuleKeepsACopyOfMakesItStale() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.maven(ScriptedCheckout.leavingJars() + "mkdir -p bench/target/lib");
        Path kit = Files.createDirectories(checkout.root().resolve("testkit/src/main/java"))
                .resolve("K.java");
        Files.writeString(kit, "class K {}\n");
        assertThat(checkout.run("bench").status()).isZero();
        assertThat(checkout.mavenCalls()).hasSize(1);

        settle("built-bench");
        checkout.run("bench");
        assertThat(checkout.mavenCalls()).hasSize(1);

        Files.setLastModifiedTime(kit, FileTime.from(Instant.now()));
        checkout.run("bench");
        assertThat(checkout.mavenCalls()).hasSize(2).last().asString().endsWith("-pl bench -am");
    }

    @Test
    void aBuildThatFailsShowsItsErrorsNamesItsLogAndIsTriedAgain() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.maven("echo '[INFO] noise'; echo '[ERROR] A.java:[1,1] cannot find symbol'; exit 1");
        Said said = checkout.run("up");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err())
                .contains("A.java:[1,1] cannot find symbol", "target/build.log")
                .doesNotContain("noise");
        assertThat(checkout.run("up").status()).isEqualTo(1);
        assertThat(checkout.mavenCalls()).hasSize(2);
    }

    @Test
    void whoeverIsNotRootIsToldTheCommandThatInstallsWhatIsMissing() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.withoutRedis();
        Said said = checkout.run("demo");
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).contains("sudo apt-get install --no-install-recommends redis-tools");
        assertThat(checkout.mavenCalls()).isEmpty();
    }

    /** Without a JDK and without Redis: it is the first thing that is looked at. */
    @ParameterizedTest
    @CsvSource({"demo,--hosts", "bench,ansible"})
    void hostsThatBootSystemdAreRefusedToWhoeverIsNotRoot(String verb, String word) throws Exception {
        checkout.withoutRedis();
        Said said = checkout.run(verb, word);
        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).startsWith("redfleet: " + verb + " " + word + " needs root");
        assertThat(said.out()).isEmpty();
        assertThat(checkout.mavenCalls()).isEmpty();
    }

    @Test
    void toEndTheDemoTakesNeitherPackagesNorABuild() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.withoutRedis();
        Files.createDirectories(checkout.root().resolve("deploy/local/target"));
        Files.writeString(checkout.root().resolve("deploy/local/target/redfleet-local.jar"), "");
        Said said = checkout.run("demo", "--down");
        assertThat(said.out()).startsWith("twentyone ").endsWith("io.redfleet.local.demo.Demo --down\n");
        assertThat(checkout.run("demo", "--hosts", "--down").out()).endsWith("demo.Demo --hosts --down\n");
        assertThat(checkout.mavenCalls()).isEmpty();
    }

    @Test
    void logsThatAreNotThereAreNamed() throws Exception {
        Said none = checkout.run("logs");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err()).contains("no logs yet: ", "/home/logs is missing");
        Files.createDirectories(checkout.root().resolveSibling("home/logs"));
        assertThat(checkout.run("logs", "redis").err()).contains("no log of 'redis' in ", "/home/logs");
    }

    @Test
    void theTestVerbSumsUpNamesWhatWasSkippedAndItsStatusIsTrue() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.maven(reports("skipped=\"1\" failures=\"0\"", "<skipped message=\"needs &lt;docker&gt;\"/>"));
        Said green = checkout.run("test");
        assertThat(green.out())
                .contains("skipped  ATest.two: needs <docker>")
                .endsWith("2 passed, 0 failed, 1 skipped\n");
        assertThat(green.status()).isZero();
        assertThat(checkout.mavenCalls().getLast()).contains("verify").doesNotContain("excludedGroups");

        checkout.maven(
                reports("skipped=\"0\" failures=\"1\"", "<failure message=\"&#10;expected: 1&#10; but was: 2\">"));
        Said red = checkout.run("test", "long");
        assertThat(red.out())
                .contains("FAILED   ATest.two: expected: 1 but was: 2\n")
                .endsWith("2 passed, 1 failed, 0 skipped\n");
        assertThat(red.status()).isEqualTo(1);
        assertThat(checkout.mavenCalls().getLast()).contains("-DexcludedGroups=");
    }

    @Test
    void whatATestPrintedIsNotCountedAsItsReport() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.maven(reports("skipped=\"0\" failures=\"0\"", """
                <system-out><![CDATA[one
                <testsuite name="y" tests="9" errors="0" skipped="0" failures="4">
                <failure message="printed"/> ]]]]><![CDATA[> <skipped/>
                ]]></system-out>"""));
        Said green = checkout.run("test");
        assertThat(green.out()).endsWith(" s:\n3 passed, 0 failed, 0 skipped\n");
        assertThat(green.status()).isZero();
    }

    @Test
    void testsThatDidNotRunAreNotGreen() throws Exception {
        checkout.jdk("twentyone", "21.0.4");
        checkout.maven("exit 0");
        Said said = checkout.run("test");
        assertThat(said.out()).endsWith("0 passed, 0 failed, 0 skipped\n");
        assertThat(said.status()).isEqualTo(1);
        assertThat(checkout.run("test", "everything").status()).isEqualTo(2);
    }

    private void builtCli() throws IOException {
        Files.createDirectories(checkout.root().resolve("cli/target"));
        Files.writeString(checkout.root().resolve("cli/target/redfleet-cli.jar"), "");
    }

    private long millisOfList() {
        long begun = System.nanoTime();
        try {
            assertThat(checkout.run("list").status()).isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
        return (System.nanoTime() - begun) / 1_000_000;
    }

    /** Moves the last build ten seconds back and the sources a minute, out of reach of the clock's granularity. */
    private void settle(String stamp) throws IOException {
        try (Stream<Path> sources = Files.walk(checkout.root())) {
            for (Path source : sources.toList()) {
                Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(60)));
            }
        }
        Files.setLastModifiedTime(
                checkout.root().resolve("target").resolve(stamp),
                FileTime.from(Instant.now().minusSeconds(10)));
    }

    private static String reports(String counts, String outcome) {
        return """
                mkdir -p a/target/surefire-reports
                cat >a/target/surefire-reports/TEST-x.ATest.xml <<'END'
                <testsuite name="x.ATest" tests="3" errors="0" %s>
                  <testcase name="one" classname="x.ATest" time="0.1"/>
                  <testcase name="two" classname="x.ATest" time="0.1">
                    %s
                  </testcase>
                  <testcase name="three" classname="x.ATest" time="0.1"/>
                </testsuite>
                END
                """.formatted(counts, outcome);
    }
}
