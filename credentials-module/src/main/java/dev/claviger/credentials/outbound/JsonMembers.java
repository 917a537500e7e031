package dev.claviger.credentials.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Names the members of a JSON object as far as it can be read, which need not be to its end: those at the top and those of
 * the containers that JSON-RPC has.
 */
final class JsonMembers {

    /** @param value a scalar or the scalars of an array; null for everything else */
    record Member(String path, @Nullable String value) {}

    private static final JsonFactory JSON = JsonFactory.builder().build();
    private static final Set<String> OPENED = Set.of("result", "error", "params");
    private static final int MOST_MEMBERS = 60;
    private static final int MOST_ELEMENTS = 30;

    private final List<Member> members = new ArrayList<>();

    private JsonMembers() {}

    /** Empty when it is no object at all. */
    static List<Member> of(byte[] json) {
        JsonMembers found = new JsonMembers();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                found.object(parser, "");
            }
        } catch (JacksonException e) {
            // What was read until here is all there is to say.
        }
        return found.members;
    }

    private void object(JsonParser parser, String prefix) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME && members.size() < MOST_MEMBERS) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                members.add(new Member(prefix + name, null));
                if (prefix.isEmpty() && OPENED.contains(name)) {
                    object(parser, name + ".");
                } else {
                    parser.skipChildren();
                }
            } else if (token == JsonToken.START_ARRAY) {
                members.add(new Member(prefix + name, array(parser)));
            } else {
                members.add(new Member(prefix + name, parser.getString()));
            }
        }
    }

    private static @Nullable String array(JsonParser parser) {
        StringBuilder words = new StringBuilder();
        int elements = 0;
        boolean scalars = true;
        for (JsonToken token = parser.nextToken();
                token != null && token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            if (token.isStructStart()) {
                scalars = false;
                parser.skipChildren();
            } else if (++elements <= MOST_ELEMENTS) {
                words.append(elements == 1 ? "" : " ").append(parser.getString());
            }
        }
        return scalars ? words.toString() : null;
    }
}
