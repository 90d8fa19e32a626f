package io.redfleet.contracts.access;

/**
 * A secret that only the holder of one key can open.
 *
 * @param keyId which key; says nothing about it
 * @param nonce base64
 * @param text base64 of the ciphertext with its tag
 */
public record Sealed(String keyId, String nonce, String text) {}
