package io.redfleet.gateway.edge.config;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.redfleet.bus.BusProducer;
import io.redfleet.gateway.access.Door;
import io.redfleet.gateway.access.Knocks;
import io.redfleet.gateway.access.Tokens;
import io.redfleet.gateway.edge.collector.Collector;
import io.redfleet.gateway.edge.collector.Delivery;
import io.redfleet.gateway.edge.collector.Reception;
import io.redfleet.gateway.edge.kafka.StateViews;
import io.redfleet.gateway.edge.rest.Guard;
import io.redfleet.gateway.edge.rest.Turned;
import io.redfleet.gateway.edge.tls.Tls;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Listens for the reports of Monit where the settings say so. */
@Singleton
public class Collecting {
    private final Collector collector;
    private final GatewaySettings settings;

    public Collecting(
            Vertx vertx,
            BusProducer producer,
            Guard.Limits limits,
            Turned turned,
            StateViews views,
            Opening opening,
            GatewaySettings settings,
            Tls tls,
            InstantSource clock) {
        Knocks.Terms terms = new Knocks.Terms(settings.wrongTokens(), settings.wrongTokensWindow());
        Guard.Limits own = new Guard.Limits(new Knocks(terms, Tokens.MOST_REPORTERS), limits.pace());
        Door door = new Door(views::reporter);
        Reception reception = new Reception(door, own, turned, views::cluster, opening::open, clock);
        this.collector = new Collector(vertx, reception, Delivery.over(producer), tls, clock);
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        settings.collector().map(Collecting::address).ifPresent(collector::listen);
    }

    void stop(@Observes ShutdownEvent event) {
        collector.close();
    }

    /** @throws IllegalStateException not ADDRESS:PORT */
    static SocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalStateException(
                    "redfleet.gateway.collector is '" + text + "': it has to be ADDRESS:PORT, as 127.0.0.1:8474");
        }
        String host = text.substring(0, colon);
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return SocketAddress.inetSocketAddress(Integer.parseInt(port), bare);
    }
}
