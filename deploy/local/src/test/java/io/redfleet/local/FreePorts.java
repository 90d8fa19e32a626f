package io.redfleet.local;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** An offset at which all six ports of a stack are free. */
final class FreePorts {
    private FreePorts() {}

    static Ports choose() {
        while (true) {
            var ports = new Ports(ThreadLocalRandom.current().nextInt(100, 9_000));
            boolean free = IntStream.of(
                            ports.gateway(),
                            ports.provisioner(),
                            ports.monitor(),
                            ports.alert(),
                            ports.collector(),
                            ports.kafka(),
                            ports.postgres())
                    .allMatch(PortOwner::free);
            if (free) {
                return ports;
            }
        }
    }
}
