package io.redfleet.provisioner.survey;

/** Why a host gave no answer. */
public enum Trouble {
    /** No connection: refused, no route, or silence until the deadline. */
    UNREACHABLE(true),
    /** The jump host gave no answer, or lets nobody through: of the host itself nothing is known. */
    JUMP_HOST(true),
    /** The host does not take our key. */
    KEY_REFUSED(false),
    /** The host shows another key than the pinned one: it was reinstalled, or it is not the host. */
    HOST_KEY_CHANGED(false),
    /** Nothing vouches for the key that the host shows: its certificate is refused, it is revoked, or nobody has pinned it. */
    HOST_KEY_UNTRUSTED(false),
    /** No usable private key under the credential's name. */
    NO_CREDENTIAL(false),
    /** The SSH user may not become root, or redis, as what systemd runs asks for. */
    NO_SUDO(false),
    /** An admin's limits keep the key from this address. */
    OUT_OF_REACH(false),
    /** The connection stood, or seemed to, and the host took no command on it: none was sent. */
    NOT_OPENED(true),
    /** The connection stood and was lost before the answer: the work may have been done. */
    DROPPED(true),
    /** The deadline passed: the work may still be going on. */
    TIMED_OUT(true),
    /** The host refused to write the file. */
    NOT_WRITTEN(false);

    private final boolean retryable;

    Trouble(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same call may succeed later with nobody changing anything. */
    public boolean retryable() {
        return retryable;
    }
}
