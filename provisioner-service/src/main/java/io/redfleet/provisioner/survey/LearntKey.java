package io.redfleet.provisioner.survey;

import java.time.Instant;

/**
 * A host key that was believed for being the first.
 *
 * @param place {@code address:port} of the host, or of the jump host before it
 * @param type as {@code ssh-ed25519}
 * @param fingerprint as {@code ssh-keygen -l} shows it: {@code SHA256:...}
 * @param at when it was
 */
public record LearntKey(String place, String type, String fingerprint, Instant at) {}
