package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.SshKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys a host may show: pinned ones, those with a certificate, and what is refused with which words. */
@Timeout(60)
class HostCertificateTest {
    private static final Script TRUE = new Script("test", "true", List.of(), Duration.ofSeconds(10));

    @TempDir
    Path directory;

    private Path known;
    private SshKey authority;
    private LoopbackHost host;
    private SshHosts hosts;

    @BeforeEach
    void aHostAndAnAuthority() throws Exception {
        Path credentials = Files.createDirectories(directory.resolve("credentials"));
        known = directory.resolve("known_hosts");
        authority = SshKey.generate(directory.resolve("authority"));
        host = LoopbackHost.start(directory, "127.0.0.13", SshKey.generate(credentials.resolve("ops")));
        hosts = hosts(true);
    }

    @AfterEach
    void end() {
        hosts.close();
        host.close();
    }

    @Test
    void aCertificateOfAnAuthorityIsBelievedWithWhateverKeyAndNothingIsLearnt() throws Exception {
        String lines = "@cert-authority 127.0.0.* " + authority.publicKey() + " of the admin\n";
        Files.writeString(known, lines);
        certified(authority, "-h -n 127.0.0.13 -V -5m:+1h");
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);

        anew(true);
        host.resumeWith();
        host.resumeWithNewHostKey();
        certified(authority, "-h -n 127.0.0.99,127.0.0.13 -V -5m:+1h");
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);
        assertThat(Files.readString(known)).isEqualTo(lines);
        assertThat(hosts.fingerprint(access())).isEmpty();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
            -h -n 127.0.0.13 -V 20200101:20200102 | it has expired, or is not valid yet
            -h -n 127.0.0.13 -V +1h:+2h           | it has expired, or is not valid yet
            -h -n 127.0.0.99 -V -5m:+1h           | it is made out to other names than the address
            -h -V -5m:+1h                         | it is made out to other names than the address
            -n 127.0.0.13 -V -5m:+1h              | it is one for users, not for hosts
            """)
    void aCertificateIsRefusedByItsOwnReason(String options, String says) throws Exception {
        Files.writeString(known, "@cert-authority * " + authority.publicKey() + "\n");
        certified(authority, options);
        assertUntrusted("the host's certificate is refused: " + says);
        assertThat(Files.readAllLines(known)).as("nothing is learnt").hasSize(1);
    }

    @Test
    void aCertificateOfSomebodyElsesIsRefused() throws Exception {
        Files.writeString(known, "@cert-authority * " + authority.publicKey() + "\n");
        certified(SshKey.generate(directory.resolve("stranger")), "-h -n 127.0.0.13 -V -5m:+1h");
        assertUntrusted("no @cert-authority for its address has signed it");
    }

    @Test
    void aRevokedKeyIsRefusedOfAHostAndOfAnAuthority() throws Exception {
        String trusted = "@cert-authority * " + authority.publicKey() + "\n";
        certified(authority, "-h -n 127.0.0.13 -V -5m:+1h");
        Files.writeString(known, trusted + "@revoked * " + host.publicHostKey() + "\n");
        assertUntrusted("its key, or that of its authority, is @revoked");
        Files.writeString(known, trusted + "@revoked * " + authority.publicKey() + "\n");
        anew(true);
        assertUntrusted("its key, or that of its authority, is @revoked");
        Files.writeString(known, trusted + "@revoked 127.0.0.99 " + host.publicHostKey() + "\n");
        anew(true);
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);
    }

    @Test
    void aRevokedKeyIsRefusedThoughItIsPinned() throws Exception {
        Files.writeString(known, "@revoked * " + host.publicHostKey() + "\n");
        HostAccess pinned = new HostAccess("h1", host.address(), host.port(), host.user(), "ops", host.publicHostKey());
        assertThat(failed(hosts.run(pinned, TRUE)).reason())
                .contains(PinnedKey.fingerprint(host.publicHostKey()), "which known_hosts has as @revoked");
    }

    @Test
    void whereAnAuthoritySignsAKeyWithoutACertificateIsNotLearnt() throws Exception {
        Files.writeString(known, "@cert-authority * " + authority.publicKey() + "\n");
        assertUntrusted("and no certificate");
        Files.writeString(known, "@cert-authority 127.0.0.99 " + authority.publicKey() + "\n");
        anew(true);
        assertThat(hosts.run(access(), TRUE)).as("of other hosts").isInstanceOf(Reply.Done.class);
    }

    @Test
    void aPinnedKeyGoesOnToWorkWhateverItsCertificate() throws Exception {
        assertThat(hosts.run(access(), TRUE)).as("learnt").isInstanceOf(Reply.Done.class);
        anew(true);
        Files.writeString(known, "@cert-authority * " + authority.publicKey() + "\n" + Files.readString(known));
        certified(authority, "-h -n 127.0.0.13 -V 20200101:20200102");
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);
    }

    @Test
    void whatAnAdminWroteStaysWhenAKeyIsLearnt() throws Exception {
        String lines = "# ours\n@cert-authority 10.0.0.9 " + authority.publicKey() + "\n";
        Files.writeString(known, lines);
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);
        assertThat(Files.readString(known))
                .isEqualTo(lines + host.address() + ":" + host.port() + " " + host.publicHostKey() + "\n");
    }

    @Test
    void aLineThatIsNotUnderstoodShutsEveryHost() throws Exception {
        Files.writeString(known, "# ours\n@cert-authority *\n");
        assertUntrusted("no key is believed: line 2 of known_hosts: @cert-authority takes addresses");
    }

    @Test
    void whereKeysAreRequiredNoneIsLearntButShown() throws Exception {
        anew(false);
        assertUntrusted(PinnedKey.fingerprint(host.publicHostKey()) + ", which nobody has pinned");
        assertThat(known).doesNotExist();
        Files.writeString(known, host.address() + ":" + host.port() + " " + host.publicHostKey() + "\n");
        anew(false);
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);
    }

    /** Nothing is known of earlier attempts. */
    private void anew(boolean learns) throws Exception {
        hosts.close();
        hosts = hosts(learns);
    }

    private SshHosts hosts(boolean learns) throws Exception {
        return new SshHosts(new Credentials(directory.resolve("credentials"), false), new KnownHosts(known, learns));
    }

    private void certified(SshKey by, String options) throws Exception {
        Path certificate = host.hostKey().signedBy(by, options.split(" "));
        host.resumeWith("HostCertificate " + certificate);
    }

    private void assertUntrusted(String says) {
        Reply.Failed failed = failed(hosts.run(access(), TRUE));
        assertThat(failed.reason()).contains(says);
        assertThat(failed.trouble()).isEqualTo(Trouble.HOST_KEY_UNTRUSTED);
    }

    private static Reply.Failed failed(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Failed.class);
        return (Reply.Failed) reply;
    }

    private HostAccess access() {
        return new HostAccess("h1", host.address(), host.port(), host.user(), "ops", "");
    }
}
