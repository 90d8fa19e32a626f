package io.redfleet.gateway.edge.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * What a listener shows in its next handshake. Replaced under running listeners: a handshake asks for certificate and
 * key one after the other by the alias that it was given first, so the one before is kept as well.
 */
final class Presented extends X509ExtendedKeyManager {
    private record Held(String alias, Identity identity) {}

    private record Pair(Held now, Held before) {}

    private volatile Pair pair;
    private int taken;

    Presented(Identity first) {
        Held held = new Held("certificate-0", first);
        pair = new Pair(held, held);
    }

    Identity identity() {
        return pair.now().identity();
    }

    /** For one thread. */
    void take(Identity next) {
        taken++;
        pair = new Pair(new Held("certificate-" + taken, next), pair.now());
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
        String alias = alias(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = of(alias);
        return identity == null ? null : identity.chain().toArray(new X509Certificate[0]);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = of(alias);
        return identity == null ? null : identity.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }

    private @Nullable String alias(String keyType) {
        Held now = pair.now();
        return now.identity().key().getAlgorithm().equals(keyType) ? now.alias() : null;
    }

    private @Nullable Identity of(String alias) {
        Pair seen = pair;
        return Stream.of(seen.now(), seen.before())
                .filter(held -> held.alias().equals(alias))
                .map(Held::identity)
                .findFirst()
                .orElse(null);
    }
}
