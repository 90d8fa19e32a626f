package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * account.sh with a real shell and a real lease, on a directory that looks like a machine. Who its users are, and how they end,
 * programs of this test say.
 */
@Timeout(120)
class AccountScriptTest {
    /** Nobody has these. */
    private static final String USER = "redis:x:64123:64124:made by Redfleet:/var/lib/redis:/usr/sbin/nologin";

    private static final String GROUP = "redis:x:64124:";

    @TempDir
    Path directory;

    private Path root;
    private Path base;
    private LeaseProcess lease;

    @BeforeEach
    void aMachine() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        base = Files.createDirectories(root.resolve("var/lib/redfleet"));
        Files.createDirectories(root.resolve("run"));
        process(9, "0", "0", 1);
        Files.createDirectories(directory.resolve("programs"));
        program("getent", "cat \"HERE/$1\" 2>/dev/null");
        program("chown", "echo \"chown $*\" >>HERE/calls");
        program("userdel", """
                echo "userdel $*" >>HERE/calls
                if [ -e HERE/refuses ]; then
                  echo "userdel: cannot lock /etc/passwd; try again later." >&2
                  exit 1
                fi
                rm HERE/passwd
                [ -e HERE/apart ] || rm HERE/group
                """);
        program("groupdel", "echo \"groupdel $*\" >>HERE/calls && rm HERE/group");
        Files.writeString(directory.resolve("passwd"), USER + "\n");
        Files.writeString(directory.resolve("group"), GROUP + "\n");
        Files.createDirectories(base.resolve("bin"));
        Files.createSymbolicLink(base.resolve("bin/redis-server"), Path.of("/usr/bin/redis-server"));
        Files.createDirectories(base.resolve("orders"));
        lease = LeaseProcess.start(base, "lease-1", 110);
        assertThat(lease.beat()).startsWith("held");
    }

    @AfterEach
    void itIsGivenBack() throws IOException {
        lease.close();
    }

    @Test
    void heGoesWithAllThatWasHisAndASecondTimeNothingIsDone() throws Exception {
        assertThat(ran()).isEqualTo("0 changed");
        assertThat(calls()).containsExactly("chown 0:0 " + base + "/.lease.work " + base + "/.lease", "userdel redis");
        assertThat(below(base)).containsExactlyInAnyOrder(".lease", ".lease.work");
        assertThat(below(root.resolve("run"))).containsExactly("redfleet-account.lock");
        assertThat(ran()).isEqualTo("0 unchanged");
        assertThat(calls()).hasSize(2);
    }

    @Test
    void aGroupThatUserdelLeavesGoesToo() throws Exception {
        Files.createFile(directory.resolve("apart"));
        assertThat(ran()).isEqualTo("0 changed");
        assertThat(calls()).endsWith("userdel redis", "groupdel redis");
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "passwd | redis:x:64123:64124::/var/lib/redis:/bin/false | it is not noted that Redfleet has made him",
                "passwd | redis:x:0:64124:made by Redfleet:/var/lib/redis:/bin/false | his numbers are 0 and 64124",
                "group | redis:x:64124:app | app is of his group",
                "root/etc/systemd/system/x.service | User=redis | etc/systemd/system/x.service names him",
                "root/usr/lib/systemd/system/y.service | Group = redis | usr/lib/systemd/system/y.service names him",
                "root/var/lib/dpkg/statoverride | redis redis 640 /etc/redis/redis.conf | statoverride names him",
                "root/var/lib/dpkg/statoverride | root redis 640 /etc/redis/redis.conf | statoverride names him",
                "root/usr/local/lib/systemd/system/z.service | User=redis | usr/local/lib/systemd/system/z.service names him",
                "root/etc/systemd/system/x.service | SupplementaryGroups=adm redis | x.service names him",
                "root/etc/systemd/system/x.service.d/a.conf | Group=64124 | x.service.d/a.conf names him",
                "root/etc/init.d/app | start-stop-daemon --start --chuid redis:redis | etc/init.d/app names him",
                "root/etc/init.d/redfleet-billing-redis-server | exit 0 | etc/init.d/redfleet-billing-redis-server is there",
                "root/etc/cron.d/app | 5 4 * * * redis /usr/local/bin/app | etc/cron.d/app names him",
                "root/proc/13/status | Name:\tdpkg | process 13 changes packages, or may",
                "root/proc/13/status | Name:\tapt-get | process 13 changes packages, or may",
                "root/proc/13/status | Name:\tdnf | process 13 changes packages, or may",
            })
    void heStaysAndItIsSaidWhy(String file, String content, String why) throws Exception {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content + "\n");
        assertThat(ran()).startsWith("0 the user redis stays: ").contains(why);
        assertThat(calls()).noneMatch(call -> call.startsWith("userdel"));
        assertThat(directory.resolve("passwd")).exists();
    }

    @Test
    void heStaysWhereALinkLeadsToAUnitThatNamesHim() throws Exception {
        Path elsewhere = Files.createDirectories(root.resolve("opt/app"));
        Files.writeString(elsewhere.resolve("app.service"), "User=redis\n");
        Path units = Files.createDirectories(root.resolve("etc/systemd/system"));
        Files.createSymbolicLink(units.resolve("gone.service"), elsewhere.resolve("nothing"));
        Path link = Files.createSymbolicLink(units.resolve("app.service"), elsewhere.resolve("app.service"));
        assertThat(ran()).contains("the user redis stays: " + link + " names him");
        Files.delete(link);
        assertThat(ran()).as("one that leads nowhere names nobody").endsWith("changed");
        assertThat(directory.resolve("passwd")).doesNotExist();
    }

    @ParameterizedTest(name = "{0} | {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "etc/init.d/app | exec /usr/bin/redis-server /etc/redis/redis.conf",
                "etc/cron.d/app | 5 4 * * * root /opt/redis/bin/redis-cli ping",
                "etc/systemd/system/x.service | User=app-redis",
                "etc/systemd/system/x.service | ExecStart=/bin/sh -c redis",
                "proc/13/status | Name:\tapt-cacher-ng",
            })
    void whatNamesAProgramOrAnotherUserDoesNotKeepHim(String file, String content) throws Exception {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content + "\n");
        assertThat(ran()).isEqualTo("0 changed");
        assertThat(directory.resolve("passwd")).doesNotExist();
    }

    @Test
    void heStaysWhereNoProcessIsSeenAtAll() throws Exception {
        Files.delete(root.resolve("proc/9/status"));
        assertThat(ran()).contains("the user redis stays: no process is seen in " + root + "/proc");
        assertThat(directory.resolve("passwd")).exists();
    }

    /** A package that comes while the disks are looked at, as far as it has come. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "usr/lib/systemd/system/redis.service | User=redis | usr/lib/systemd/system/redis.service names him",
                "var/lib/dpkg/status | Package: redis-server | packages were changed meanwhile: ",
                "var/lib/rpm/rpmdb.sqlite | redis | packages were changed meanwhile: ",
                "proc/13/status | Name: dpkg | process 13 changes packages, or may",
            })
    void heStaysWhereAPackageCameDuringTheLook(String file, String content, String why) throws Exception {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        looks("shift 3; \"$@\"; sleep 0.1; echo '" + content + "' >" + path);
        assertThat(ran()).contains("the user redis stays: ").contains(why);
        assertThat(calls()).noneMatch(call -> call.startsWith("userdel"));
        assertThat(directory.resolve("passwd")).exists();
    }

    @Test
    void packagesThatCameBeforeDoNotKeepHim() throws Exception {
        Path status = root.resolve("var/lib/dpkg/status");
        Files.createDirectories(status.getParent());
        Files.writeString(status, "Package: dash\n");
        assertThat(ran()).isEqualTo("0 changed");
        assertThat(directory.resolve("passwd")).doesNotExist();
    }

    /** Looked at by the real programs. Root gives the file away; anybody else is redis himself. */
    @ParameterizedTest(name = "by {0}")
    @CsvSource({"uid, 64123", "gid, 64124"})
    void heStaysWhereAFileIsHisOrHisGroups(String attribute, String number) throws Exception {
        Files.createDirectories(root.resolve("srv"));
        Path file = Files.createFile(root.resolve("srv/x"));
        Object own = Files.getAttribute(file, "unix:" + attribute);
        if (own.equals(0)) {
            Files.setAttribute(file, "unix:" + attribute, Integer.valueOf(number));
        } else {
            Files.writeString(directory.resolve("passwd"), USER.replace(number, "" + own) + "\n");
        }
        assertThat(ran()).contains("the user redis stays: " + root).contains(" belongs to him");
        assertThat(calls()).noneMatch(call -> call.startsWith("userdel"));
        assertThat(directory.resolve("passwd")).exists();
    }

    @Test
    void whoComesWhileTheDisksAreLookedAtEndsTheLook() throws Exception {
        Path waiter = root.resolve("proc/77");
        looks("sleep 1; mkdir -p " + waiter + "/fd; echo 'PPid: 1' >" + waiter + "/status; ln -s " + base + "/.lease "
                + waiter + "/fd/8; exec sleep 30");
        long before = System.nanoTime();
        assertThat(ran()).contains("the user redis stays: another operation waits for the lease on " + base);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(directory.resolve("passwd")).exists();
    }

    @Test
    void heStaysWhereTheLeaseLapsesWhileTheDisksAreLookedAt() throws Exception {
        int holder = Integer.parseInt(Files.readAllLines(base.resolve(".lease")).get(1));
        looks("kill -9 " + holder + "; exec sleep 30");
        assertThat(ran()).contains("the user redis stays: the lease on " + base + " lapsed");
        assertThat(directory.resolve("passwd")).exists();
    }

    /** Else the group would be somebody's without a user, and nobody would end it. */
    @Test
    void thatTheGroupIsOursIsNotedUntilItIsGoneToo() throws Exception {
        Path ends = root.resolve("var/lib/redfleet-host/account-ends");
        Files.createFile(directory.resolve("apart"));
        program("groupdel", "cp " + ends + " HERE/noted; exit 1");
        assertThat(ran())
                .contains("the group redis stays: groupdel says: nothing")
                .endsWith("changed");
        assertThat(directory.resolve("noted")).hasContent(GROUP);
        assertThat(ends).hasContent(GROUP);

        Files.writeString(directory.resolve("passwd"), USER + "\n");
        program("groupdel", "rm HERE/group");
        assertThat(ran()).isEqualTo("0 changed");
        assertThat(ends).doesNotExist();
    }

    @ParameterizedTest(name = "uid {0}, gid {1}: he stays: {2}")
    @CsvSource({"64123, 64124, true", "0, 64124, true", "64123, 0, true", "0, 0, false", "641234, 164124, false"})
    void heStaysWhileAProcessRunsAsHim(String uid, String gid, boolean stays) throws Exception {
        process(12, uid, gid, 1);
        String said = ran();
        assertThat(said.contains("the user redis stays: process 12 runs as him"))
                .isEqualTo(stays);
        assertThat(directory.resolve("passwd").toFile().exists()).isEqualTo(stays);
    }

    /** Of another cluster in the base, whoever has made it, and whosever it is: root's processes begin by the same links. */
    @Test
    void whileTheBaseHasMoreNothingThereIsTouched() throws Exception {
        Files.createDirectories(base.resolve("billing/redis-server"));
        assertThat(ran())
                .startsWith("0 the user redis stays: " + base + "/billing is not this cluster's, or not empty")
                .endsWith("changed");
        assertThat(calls()).isEmpty();
        assertThat(below(base)).containsExactlyInAnyOrder(".lease", ".lease.work", "bin", "billing");
        assertThat(base.resolve("bin/redis-server")).isSymbolicLink();
    }

    @Test
    void whileSomethingLiesBesideTheLinksNothingThereIsTouched() throws Exception {
        Files.createFile(base.resolve("bin/tool"));
        assertThat(ran())
                .startsWith("0 the user redis stays: " + base + "/bin/tool is no link of Redfleet's")
                .endsWith("changed");
        assertThat(calls()).isEmpty();
        assertThat(below(base.resolve("bin"))).containsExactlyInAnyOrder("redis-server", "tool");
    }

    @Test
    void aDirectoryOfTheClustersThatHoldsAnythingStays() throws Exception {
        Files.createFile(base.resolve("orders/mine"));
        ran();
        assertThat(base.resolve("orders/mine")).exists();
        assertThat(ran("../other")).startsWith("1 ").contains("../other is no name of a directory of the cluster's");
    }

    @ParameterizedTest(name = "a child of the holder: {0}")
    @CsvSource({"false, true", "true, false"})
    void heStaysWhileAnotherOperationWaitsForTheLease(boolean child, boolean stays) throws Exception {
        int holder = Integer.parseInt(Files.readAllLines(base.resolve(".lease")).get(1));
        process(77, "0", "0", child ? holder : 1);
        Files.createDirectories(root.resolve("proc/77/fd"));
        Files.createSymbolicLink(root.resolve("proc/77/fd/8"), base.resolve(".lease"));
        Files.createDirectories(base.resolve("group.ring"));
        assertThat(ran("orders", "group.ring").contains("another operation waits for the lease on " + base))
                .isEqualTo(stays);
        assertThat(base.resolve("group.ring").toFile().exists())
                .as("what was made for whoever waits")
                .isEqualTo(stays);
        assertThat(base.resolve("orders").toFile().exists()).isEqualTo(stays);
        assertThat(base.resolve("bin").toFile().exists()).isEqualTo(stays);
        assertThat(directory.resolve("passwd").toFile().exists()).isEqualTo(stays);
    }

    /** What it made lies where the look has been already. */
    @Test
    void heStaysWhereTheHostWasPreparedForAnotherMeanwhile() throws Exception {
        looks("shift 3; \"$@\"; sleep 0.1; touch " + root + "/run/redfleet-account.lock");
        assertThat(ran()).contains("the user redis stays: another operation has prepared this host meanwhile");
        assertThat(calls()).noneMatch(call -> call.startsWith("userdel"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 124 | not all that lies on the host could be looked at within 240 s",
                "echo /srv/x | /srv/x belongs to him",
                "echo \"find: /srv: Input/output error\" >&2; exit 1 | could be looked at: find: /srv: Input/output error",
                "echo \"find: /srv/x: No such file or directory\" >&2; exit 1 | changed",
            })
    void whatCouldNotBeLookedAtMayBeHis(String looks, String said) throws Exception {
        looks(looks);
        assertThat(ran()).contains(said);
        assertThat(directory.resolve("passwd").toFile().exists()).isEqualTo(!said.equals("changed"));
    }

    @Test
    void whereUserdelDoesNothingTheNextRunDoesTheRest() throws Exception {
        Files.createFile(directory.resolve("refuses"));
        assertThat(ran())
                .contains("the user redis stays: userdel says: userdel: cannot lock /etc/passwd; try again later.")
                .endsWith("changed");
        Files.delete(directory.resolve("refuses"));
        assertThat(ran()).isEqualTo("0 changed");
        assertThat(directory.resolve("passwd")).doesNotExist();
    }

    private void process(int pid, String uid, String gid, int parent) throws IOException {
        Path process = Files.createDirectories(root.resolve("proc/" + pid));
        Files.writeString(
                process.resolve("status"),
                "Name:\tx\nPPid:\t" + parent + "\nUid:\t0\t" + uid + "\t0\t0\nGid:\t0\t0\t0\t" + gid
                        + "\nGroups:\t1 2 \n");
    }

    /** In place of the look at all disks, which is the one that yields to others; what else may take a time is as ever. */
    private void looks(String text) throws IOException {
        program("timeout", "case \" $* \" in *\" nice \"*) ;; *) exec /usr/bin/timeout \"$@\" ;; esac\n" + text);
    }

    private void program(String name, String text) throws IOException {
        Path program = directory.resolve("programs/" + name);
        Files.writeString(program, "#!/bin/sh\n" + text.replace("HERE", directory.toString()) + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private static List<String> below(Path path) throws IOException {
        try (Stream<Path> found = Files.list(path)) {
            return found.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private String ran() throws Exception {
        return ran("orders");
    }

    private String ran(String... homes) throws Exception {
        List<String> words = new ArrayList<>(List.of(root.toString(), base.toString()));
        words.addAll(List.of(homes));
        String path = directory.resolve("programs") + ":" + System.getenv("PATH");
        Process shell = LeasedShell.begun(
                LeasedShell.script(base, "account", Duration.ofSeconds(50), words), Map.of("PATH", path));
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
