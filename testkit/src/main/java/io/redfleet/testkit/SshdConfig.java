package io.redfleet.testkit;

import java.nio.file.Path;

/**
 * The configuration of one user-level sshd: one allowed user, keys only, no forwarding, no passwords, everything in
 * one directory.
 *
 * @param directory holds {@code host_key}, {@code authorized_keys} and {@code sshd.pid}
 * @param path the PATH of every session, or empty for sshd's own default
 */
public record SshdConfig(Path directory, String address, int port, String user, String path) {

    public Path hostKey() {
        return directory.resolve("host_key");
    }

    public Path authorizedKeys() {
        return directory.resolve("authorized_keys");
    }

    /** HOME of every session, so that the startup files of the user who runs the tests take no part in them. */
    public Path home() {
        return directory.resolve("home");
    }

    public Path pidFile() {
        return directory.resolve("sshd.pid");
    }

    public Path file() {
        return directory.resolve("sshd_config");
    }

    /** PAM is off because a user-level sshd cannot use it; StrictModes is off because the directory may lie in /tmp. */
    public String text() {
        String session = "SetEnv HOME=" + home() + (path.isEmpty() ? "" : " PATH=" + path) + "\n";
        return session + """
                ListenAddress %s
                Port %d
                HostKey %s
                PidFile %s
                AuthorizedKeysFile %s
                AllowUsers %s
                PermitRootLogin prohibit-password
                AuthenticationMethods publickey
                PubkeyAuthentication yes
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitEmptyPasswords no
                UsePAM no
                StrictModes no
                DisableForwarding yes
                PermitTTY no
                PermitUserRC no
                PermitUserEnvironment no
                MaxStartups 50
                LogLevel ERROR
                Subsystem sftp internal-sftp
                """.formatted(address, port, hostKey(), pidFile(), authorizedKeys(), user);
    }
}
