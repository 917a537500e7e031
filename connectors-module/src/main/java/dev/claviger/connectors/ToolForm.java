package dev.claviger.connectors;

import dev.claviger.connectors.SchemaField.Unfit;
import dev.claviger.toolsync.api.Tool;
import dev.claviger.toolsync.api.ToolCalls.InputAsked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What somebody sent to try a tool: arguments by fields or as JSON, and answers to what the server asked before. */
final class ToolForm {

    static final String ARGUMENTS = "arguments";
    static final String CONFIRMED = "confirmed";

    private static final String ANSWERS = "answers";

    private final MultiValueMap<String, String> sent;
    private final SchemaForm form;
    private final Map<String, String> errors = new LinkedHashMap<>();
    private final ObjectNode arguments;
    private final Map<String, ObjectNode> answers;

    ToolForm(Tool tool, MultiValueMap<String, String> sent) {
        this.sent = sent;
        this.form = form(tool);
        this.arguments = isByFields() ? byFields() : object(ARGUMENTS, "{}");
        this.answers = readAnswers();
        if (!isReadOnly(tool) && sent.getFirst(CONFIRMED) == null) {
            errors.put(CONFIRMED, "Confirm that you want this, because the tool may change something.");
        }
    }

    static SchemaForm form(Tool tool) {
        return new SchemaForm("arg", tool.definition().path("inputSchema"));
    }

    /** What the server claims; without the claim a tool counts as one that changes something. */
    static boolean isReadOnly(Tool tool) {
        return tool.definition().path("annotations").path("readOnlyHint").asBoolean(false);
    }

    boolean isByFields() {
        return "fields".equals(sent.getFirst("by"));
    }

    /** One sentence per field, by parameter. */
    Map<String, String> errors() {
        return errors;
    }

    ObjectNode arguments() {
        return arguments;
    }

    /** Those of this time and of the times before: a call with answers begins anew. */
    Map<String, ObjectNode> answers() {
        return answers;
    }

    /** The fields as they were typed. */
    Iterable<SchemaForm.Line> typed() {
        return isByFields() ? form.typed(sent::getFirst, errors) : form.filled(arguments);
    }

    /** The JSON as it was typed, or what the fields amount to. */
    String json() {
        String typed = sent.getFirst(ARGUMENTS);
        return isByFields() || typed == null ? arguments.toPrettyString() : typed;
    }

    private ObjectNode byFields() {
        SchemaForm.Read read = form.read(sent::getFirst);
        errors.putAll(read.errors());
        return read.object();
    }

    private Map<String, ObjectNode> readAnswers() {
        Map<String, ObjectNode> read = new LinkedHashMap<>();
        object(ANSWERS, "{}").properties().forEach(before -> {
            if (before.getValue() instanceof ObjectNode answer) {
                read.put(before.getKey(), answer);
            }
        });
        for (int number = 0; number < AskedView.MOST; number++) {
            String key = sent.getFirst(asked(number, "key"));
            ObjectNode answer = key == null ? null : answer(number);
            if (answer != null) {
                read.put(key, answer);
            }
        }
        return read;
    }

    private @Nullable ObjectNode answer(int number) {
        if (sent.getFirst(asked(number, "schema")) == null) {
            return sent.getFirst(asked(number, "done")) == null ? null : JsonNodeFactory.instance.objectNode();
        }
        ObjectNode schema = object(asked(number, "schema"), "{}");
        SchemaForm.Read read = new SchemaForm(AskedView.prefix(number), schema).read(sent::getFirst);
        errors.putAll(read.errors());
        return read.object();
    }

    /** The questions that were answered, as they were sent back. */
    List<AskedView> asked() {
        List<AskedView> views = new ArrayList<>();
        for (int number = 0; number < AskedView.MOST; number++) {
            String key = sent.getFirst(asked(number, "key"));
            if (key != null) {
                JsonNode schema =
                        sent.getFirst(asked(number, "schema")) == null ? null : object(asked(number, "schema"), "{}");
                String message = String.valueOf(sent.getFirst(asked(number, "message")));
                InputAsked asked = new InputAsked(key, message, schema, sent.getFirst(asked(number, "url")));
                views.add(AskedView.of(number, asked, sent::getFirst, errors));
            }
        }
        return views;
    }

    private static String asked(int number, String what) {
        return "asked" + number + "." + what;
    }

    private ObjectNode object(String parameter, String otherwise) {
        String typed = sent.getFirst(parameter);
        try {
            JsonNode json = SchemaField.json(typed == null || typed.isBlank() ? otherwise : typed);
            if (json instanceof ObjectNode object) {
                return object;
            }
            errors.put(parameter, "Enter a JSON object, in braces.");
        } catch (Unfit e) {
            errors.put(parameter, String.valueOf(e.getMessage()));
        }
        return JsonNodeFactory.instance.objectNode();
    }
}
