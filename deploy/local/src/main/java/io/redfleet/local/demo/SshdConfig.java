package io.redfleet.local.demo;

import java.nio.file.Path;

/**
 * The configuration of one loopback host's sshd: one user, one key, no passwords, no forwarding, no terminal, everything
 * in a directory of its own.
 *
 * @param path the PATH of every session
 */
record SshdConfig(Path directory, String address, int port, String user, String path) {
    Path hostKey() {
        return directory.resolve("host_key");
    }

    Path authorizedKeys() {
        return directory.resolve("authorized_keys");
    }

    /** HOME of every session: what the user's own startup files print, or how long they take, is no matter here. */
    Path home() {
        return directory.resolve("home");
    }

    Path file() {
        return directory.resolve("sshd_config");
    }

    /**
     * The file's text. No value may hold white space or quotes: {@link DemoPlace} and the caller see to that.
     *
     * <p>PAM is off because a user-level sshd cannot use it. StrictModes is off because the home may lie below a directory
     * that others may write to, such as /tmp; the home itself is for its owner alone.
     */
    String text() {
        return """
                ListenAddress %s
                Port %d
                HostKey %s
                PidFile none
                AuthorizedKeysFile %s
                AllowUsers %s
                SetEnv HOME=%s PATH=%s
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
                MaxSessions 20
                MaxStartups 50
                LogLevel ERROR
                Subsystem sftp internal-sftp
                """.formatted(address, port, hostKey(), authorizedKeys(), user, home(), path);
    }
}
