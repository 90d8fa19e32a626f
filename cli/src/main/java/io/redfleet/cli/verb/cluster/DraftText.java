package io.redfleet.cli.verb.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.adopt.Blank;
import io.redfleet.adopt.Draft;
import io.redfleet.adopt.Finding;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;
import java.util.List;
import java.util.Locale;

/** Drafts on a screen: for a person a file of YAML that says itself what it lacks, for programs a tree. */
final class DraftText {
    private static final ObjectMapper TREES = new ObjectMapper();

    private DraftText() {}

    /** @param yaml a screen that writes trees as YAML */
    static void file(Screen yaml, String asked, List<Draft> drafts) {
        for (int i = 0; i < drafts.size(); i++) {
            if (i > 0) {
                yaml.line("---");
            }
            file(yaml, asked, drafts.get(i));
        }
    }

    private static void file(Screen yaml, String asked, Draft draft) {
        yaml.line("# The cluster of the master " + draft.masterName() + " as it answered; asked first: " + asked);
        if (draft.blanks().isEmpty()) {
            yaml.line(
                    "# Nothing is left to be filled in: applied, it is watched as it is, and nothing is written to it.");
        } else {
            yaml.line("# A draft: no spec with a " + Blank.MARK + " in it is accepted. To be filled in:");
            draft.blanks().forEach(blank -> yaml.line("#   " + blank.field() + ": " + blank.why()));
        }
        if (draft.findings().isEmpty()) {
            yaml.line("# Nothing was found that speaks against it.");
        } else {
            yaml.line("# Found:");
            draft.findings()
                    .forEach(finding ->
                            yaml.line("#   " + finding.severity() + " " + finding.subject() + " " + finding.text()));
        }
        yaml.data(document(draft));
    }

    static JsonNode tree(String asked, List<Draft> drafts) {
        ObjectNode all = Shown.object();
        all.put("sentinel", asked);
        ArrayNode list = all.putArray("drafts");
        drafts.forEach(draft -> {
            ObjectNode one = list.addObject();
            one.put("masterName", draft.masterName());
            one.set("document", document(draft));
            ArrayNode blanks = one.putArray("blanks");
            draft.blanks()
                    .forEach(blank ->
                            blanks.addObject().put("field", blank.field()).put("why", blank.why()));
            ArrayNode findings = one.putArray("findings");
            draft.findings()
                    .forEach(finding -> findings.addObject()
                            .put("severity", finding.severity().name())
                            .put("subject", finding.subject())
                            .put("text", finding.text()));
        });
        return all;
    }

    /** One line for whoever has sent the rest to a file. */
    static String sum(Draft draft) {
        long critical = draft.findings().stream()
                .filter(finding -> finding.severity() == Finding.Severity.CRITICAL)
                .count();
        return String.format(
                Locale.ROOT,
                "%s: %d to be filled in, %d found, %d of it critical. Nothing was changed anywhere.",
                draft.masterName(),
                draft.blanks().size(),
                draft.findings().size(),
                critical);
    }

    private static JsonNode document(Draft draft) {
        return TREES.valueToTree(draft.document());
    }
}
