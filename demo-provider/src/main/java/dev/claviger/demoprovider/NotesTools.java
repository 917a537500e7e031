package dev.claviger.demoprovider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** The little tools of Acme Notes; they really work, on notes kept in memory. */
final class NotesTools {

    /** Says whose token it is. */
    static final Map<String, Object> WHOAMI = Map.of(
            "name",
            "whoami",
            "description",
            "Says who is signed in.",
            "inputSchema",
            Map.of("type", "object"),
            "annotations",
            Map.of("readOnlyHint", true));

    private record Note(String id, String notebook, String title, String text) {}

    private final List<Note> notes = new ArrayList<>(List.of(
            new Note("note-1", "work", "Release checklist", "Tag, build, announce."),
            new Note("note-2", "recipes", "Apple cake", "Four apples, butter, patience."),
            new Note("note-3", "travel", "Lisbon", "Tram 28 early in the morning.")));

    /** The definitions as {@code tools/list} sends them. */
    static List<Map<String, Object>> definitions() {
        try (InputStream in = Objects.requireNonNull(NotesTools.class.getResourceAsStream("tools.json"))) {
            return Call.JSON.readValue(in, new TypeReference<List<Map<String, Object>>>() {});
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The result of {@code tools/call}. */
    synchronized Map<String, Object> call(String tool, Map<?, ?> arguments) {
        return switch (tool) {
            case "search_notes" -> search(text(arguments, "query"));
            case "create_note" -> create(arguments);
            case "list_notebooks" -> count();
            case "get_weather" -> said("Sunny, 21 °C in " + text(arguments, "city") + ".");
            default -> said(tool + " was called with " + arguments);
        };
    }

    private Map<String, Object> search(String query) {
        String words = query.toLowerCase(Locale.ROOT);
        List<Map<String, Object>> found = new ArrayList<>();
        for (Note note : notes) {
            if ((note.title() + " " + note.text()).toLowerCase(Locale.ROOT).contains(words)) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("id", note.id());
                one.put("notebook", note.notebook());
                one.put("title", note.title());
                one.put("text", note.text());
                found.add(0, one);
            }
        }
        return structured(Map.of("notes", found));
    }

    private Map<String, Object> create(Map<?, ?> arguments) {
        if (text(arguments, "title").isEmpty()) {
            Map<String, Object> refused = new LinkedHashMap<>(said("Give the note a title."));
            refused.put("isError", true);
            return refused;
        }
        String id = "note-" + (notes.size() + 1);
        notes.add(new Note(id, text(arguments, "notebook"), text(arguments, "title"), text(arguments, "text")));
        return said("Written as " + id + ".");
    }

    private Map<String, Object> count() {
        Map<String, Integer> notebooks = new TreeMap<>();
        notes.forEach(note -> notebooks.merge(note.notebook(), 1, Integer::sum));
        return structured(Map.of("notebooks", notebooks));
    }

    /** The answer of {@link #WHOAMI}. */
    static Map<String, Object> whoami(@Nullable Map<String, Object> person) {
        return person == null ? said("Nobody knows.") : structured(Map.of("user", person));
    }

    static Map<String, Object> said(String text) {
        return Map.of("content", List.of(Map.of("type", "text", "text", text)));
    }

    private static Map<String, Object> structured(Map<String, Object> result) {
        Map<String, Object> all = new LinkedHashMap<>(said(Call.JSON.writeValueAsString(result)));
        all.put("structuredContent", result);
        return all;
    }

    private static String text(Map<?, ?> arguments, String name) {
        return arguments.get(name) instanceof String text ? text : "";
    }
}
