package io.redfleet.cli.verb;

import io.redfleet.cli.gateway.Bearer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.gateway.Impostor;
import io.redfleet.cli.gateway.Settings;
import io.redfleet.cli.gateway.Trust;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.When;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** A verb that asks the gateway: settings and token first, then its own work, then an exit status. */
public abstract class Verb implements Callable<Integer> {
    @Mixin
    private final Common common = new Common();

    private final World world;

    protected Verb(World world) {
        this.world = world;
    }

    @Override
    public final Integer call() {
        Settings settings = common.settings(world);
        Screen screen = common.screen(world);
        return switch (Bearer.from(settings.tokenFile())) {
            case Bearer.Read.Refused refused -> withoutToken(settings, screen, refused.reason());
            case Bearer.Read.Found found -> withToken(settings, screen, found.bearer());
        };
    }

    private int withToken(Settings settings, Screen screen, Bearer bearer) {
        Optional<String> kept = Impostor.at(settings).or(settings::tooOpen);
        if (kept.isPresent()) {
            return withoutToken(settings, screen, kept.get());
        }
        return switch (settings.trust()) {
            case Trust.Read.Refused refused -> withoutToken(settings, screen, refused.reason());
            case Trust.Read.Found found -> {
                warnOfClearText(settings, screen);
                try (Gateway gateway = new Gateway(settings.url(), bearer, found.trust())) {
                    yield run(gateway, screen);
                }
            }
        };
    }

    protected abstract int run(Gateway gateway, Screen screen);

    /** What to do without a usable token file; only the brake has an answer. */
    protected int withoutToken(Settings settings, Screen screen, String reason) {
        screen.note(reason);
        return Exit.BAD_USAGE;
    }

    protected final World world() {
        return world;
    }

    protected final Settings settings() {
        return common.settings(world);
    }

    protected final Instant now() {
        return world.clock().instant();
    }

    protected final CommandLine.ParameterException usage(String message) {
        return common.usage(message);
    }

    protected final Duration span(String option, String text) {
        Optional<Duration> span = When.span(text);
        return span.orElseThrow(() -> usage(option + ": not a span of time such as 30s, 5m or 1h: " + text));
    }

    private void warnOfClearText(Settings settings, Screen screen) {
        if (settings.open()) {
            screen.note("Careful: the token goes to " + settings.url().getHost() + " unencrypted; use https.");
        }
    }
}
