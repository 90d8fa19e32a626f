package io.redfleet.adopt.edge;

import io.redfleet.contracts.cluster.Endpoint;
import java.io.IOException;
import java.net.InetAddress;

/** Who may be connected to. Asked once before each connection, with whatever name or address a stranger gave. */
@FunctionalInterface
public interface Door {
    /** Everybody, as on the machine of whoever asks for himself. */
    Door ANY = node -> new Open(InetAddress.getByName(node.host()));

    /** Whether it is connected to. */
    sealed interface Way {}

    /** @param address what is connected to: a name is looked up once, so that what was judged is what is reached */
    record Open(InetAddress address) implements Way {}

    /** @param why as the end of a sentence that begins with the node */
    record Shut(String why) implements Way {}

    /** @throws IOException if the name has no address; may take as long as a look-up does */
    Way to(Endpoint node) throws IOException;
}
