package io.redfleet.cli.verb.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A new token, shown once or written to a file that only its owner reads. */
@Command(
        name = "create",
        description = "Make a token. It is shown this once: the gateway keeps only its hash.",
        footer = {
            "",
            "Examples:",
            "  redfleet token create --name ci --role operator --labels team=checkout --expires 90d --to ci-token",
            "  redfleet list --token-file ci-token",
            "  redfleet token create --name monit-r1 --role reporter --host orders/r1"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required options before the verb runs
public final class TokenCreate extends Verb {
    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "Whose it is; stands in the audit trail.")
    private String name;

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "viewer, operator, admin, or reporter.")
    private String role;

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "KEY=VALUE",
            description = "Only for clusters with these labels. Default: all clusters.")
    private Map<String, String> labels = new HashMap<>();

    @Option(
            names = "--host",
            paramLabel = "CLUSTER/HOST",
            description = "For a reporter: the host whose Monit it is for.")
    private @Nullable String host;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "How long it opens: a number and m, h, d or w, as 90d. Default: until it is revoked.")
    private @Nullable String expires;

    @Option(names = "--to", paramLabel = "FILE", description = "Write it to this new file (0600), not to the screen.")
    private @Nullable Path file;

    public TokenCreate(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        if (file != null && Files.exists(file)) {
            throw usage("--to: " + file + " exists; it is not overwritten.");
        }
        ObjectNode body = Shown.object().put("name", name).put("role", role.toUpperCase(Locale.ROOT));
        ObjectNode wanted = body.putObject("labels");
        labels.forEach(wanted::put);
        if (host != null) {
            body.put("host", host);
        }
        if (expires != null) {
            body.put("expires", expires);
        }
        Answer answer = gateway.post("/tokens", body);
        return Shown.done(screen, answer, made -> file == null ? show(screen, made) : write(screen, made, file));
    }

    private static int show(Screen screen, JsonNode made) {
        if (screen.people()) {
            screen.note("Token " + made.path("id").asText() + ", shown this once:");
            screen.line(made.path("token").asText());
        } else {
            screen.data(made);
        }
        return Exit.DONE;
    }

    private static int write(Screen screen, JsonNode made, Path file) {
        String id = made.path("id").asText();
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, made.path("token").asText() + "\n");
            screen.line("Token " + id + " written to " + file);
            return Exit.DONE;
        } catch (IOException e) {
            screen.note("Token " + id + " was made, but " + file + " cannot be written: " + e.getMessage()
                    + ". Revoke it: redfleet token revoke " + id);
            return Exit.FAILED;
        }
    }
}
