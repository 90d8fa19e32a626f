package io.redfleet.contracts.wire;

/**
 * One rule of a request that was broken.
 *
 * @param field the path in the document, as in {@code spec.hosts[1].ssh.port}
 * @param value what stood there, shortened, never a secret
 * @param rule what would have been right, as a sentence
 */
public record Violation(String field, String value, String rule) {}
