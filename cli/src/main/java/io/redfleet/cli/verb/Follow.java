package io.redfleet.cli.verb;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.EventStream;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.EventText;
import io.redfleet.cli.screen.Screen;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Events as they happen, after those that the audit trail already has.
 *
 * <p>The stream is opened first and the history is read while it waits, so that nothing falls between the two; an event
 * that both give is shown once.
 */
public final class Follow {
    private final Gateway gateway;
    private final Screen screen;

    public Follow(Gateway gateway, Screen screen) {
        this.gateway = gateway;
        this.screen = screen;
    }

    /** @param history the query of the past; empty for none */
    public int events(Map<String, String> live, Map<String, String> history) {
        Reader reader = new Reader(history);
        return Shown.done(
                screen, new EventStream(gateway, EventStream.Patience.USUAL).follow(live, reader), body -> Exit.DONE);
    }

    private final class Reader implements EventStream.Listener {
        private final Map<String, String> history;
        private final Set<String> past = new HashSet<>();
        private boolean first = true;

        private Reader(Map<String, String> history) {
            this.history = history;
        }

        @Override
        public void opened() {
            if (!first) {
                screen.note(
                        "connected again; what happened meanwhile may be missing here: redfleet events --since 10m");
                return;
            }
            first = false;
            if (!history.isEmpty()) {
                past();
            }
        }

        @Override
        public void resumed() {
            screen.note("connected again; nothing was missed");
        }

        @Override
        public boolean event(JsonNode event) {
            // Past and live overlap once, at the start: an id is forgotten when it has been seen twice.
            if (!past.remove(event.path("id").asText())) {
                show(event);
            }
            return true;
        }

        @Override
        public void lost(String reason) {
            screen.note(reason + "; connecting again");
        }

        private void past() {
            Answer answer = Pages.upTo(Pages.MOST, gateway, "/events", history);
            Shown.done(screen, answer, body -> {
                EventText.oldestFirst(body.path("items")).forEach(event -> {
                    past.add(event.path("id").asText());
                    show(event);
                });
                return Exit.DONE;
            });
        }

        private void show(JsonNode event) {
            if (screen.people()) {
                screen.line(EventText.line(event));
            } else {
                screen.record(event);
            }
        }
    }
}
