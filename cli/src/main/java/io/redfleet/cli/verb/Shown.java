package io.redfleet.cli.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.screen.Cell;
import io.redfleet.cli.screen.Screen;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** From an answer to what is shown and to an exit status. */
public final class Shown {
    private Shown() {}

    /** The exit status of an answer; a refusal or a silence is shown here. */
    public static int done(Screen screen, Answer answer, ToIntFunction<JsonNode> then) {
        return switch (answer) {
            case Answer.Done done -> pending(done) ? unconfirmed(screen, done.body()) : then.applyAsInt(done.body());
            case Answer.Refused refused -> {
                screen.problem(refused);
                yield Exit.FAILED;
            }
            case Answer.Unreachable unreachable -> {
                screen.note(unreachable.reason());
                yield Exit.NOT_REACHABLE;
            }
        };
    }

    /** Whether the gateway has handed on an order and not heard in time what became of it. */
    public static boolean pending(Answer answer) {
        return answer instanceof Answer.Done done
                && done.body().path("state").asText("").equals("pending");
    }

    private static int unconfirmed(Screen screen, JsonNode body) {
        if (!screen.people()) {
            screen.data(body);
        }
        screen.note("Not confirmed in time: the order may still be carried out. Look with: redfleet events");
        return Exit.FAILED;
    }

    /** Shows a result: {@code people} writes it for a person, programs get the tree as it came. */
    public static int shown(Screen screen, Answer answer, Consumer<JsonNode> people) {
        return done(screen, answer, body -> {
            if (!screen.people()) {
                screen.data(body);
                return Exit.DONE;
            }
            if (body.path("stale").asBoolean()) {
                screen.note("The gateway cannot reach the bus: this is the last it knew.");
            }
            people.accept(body);
            return Exit.DONE;
        });
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A field as a cell: a dash for what is absent. */
    public static String cell(JsonNode node, String field) {
        return Cell.text(node.path(field));
    }
}
