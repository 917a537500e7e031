package dev.claviger.app.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The stored form of every event is a contract: one golden JSON each. To add an event, or a field to
 * one, run once with {@code -Dclaviger.golden.write=true}; what was stored until then is kept as a former form.
 */
class EventContractTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "events");
    private static final Path FORMER = GOLDEN.resolve("former");
    private static final JsonMapper JSON =
            JsonMapper.builder().findAndAddModules().build();

    /** Names that others rely on; this list only grows. */
    private static final Set<String> KEPT_FOR_GOOD = Set.of(
            "oauth.MetadataDiscovered",
            "oauth.ClientRegistered",
            "credentials.TokenIssued",
            "credentials.TokenRefreshed",
            "credentials.TokenRevoked",
            "toolsync.ToolsSynced");

    static Stream<String> names() {
        return EventNames.all().keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("names")
    void readsAndWritesTheGoldenForm(String name) throws IOException {
        Class<?> type = EventNames.all().get(name);
        Path file = GOLDEN.resolve(name + ".json");
        if (Boolean.getBoolean("claviger.golden.write")) {
            write(name, file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(SampleRecords.of(type)) + "\n");
        }
        assertThat(file).as("golden JSON of %s", name).exists();

        JsonNode golden = JSON.readTree(Files.readString(file));
        Object event = JSON.treeToValue(golden, type);

        assertThat(JSON.readTree(JSON.writeValueAsString(event))).isEqualTo(golden);
    }

    /** What was stored before a field was added is read for good, and nothing of it is lost. */
    @ParameterizedTest
    @MethodSource("formerForms")
    void readsEveryFormerForm(Path file) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.\\d+\\.json$", "");
        JsonNode former = JSON.readTree(Files.readString(file));

        Object event = JSON.treeToValue(former, EventNames.all().get(name));

        assertKept(former, JSON.readTree(JSON.writeValueAsString(event)), name);
    }

    static Stream<Path> formerForms() throws IOException {
        try (Stream<Path> files = Files.list(FORMER)) {
            return files.sorted().toList().stream();
        }
    }

    private static void assertKept(JsonNode former, JsonNode now, String place) {
        if (!former.isObject()) {
            assertThat(now).as(place).isEqualTo(former);
            return;
        }
        former.properties()
                .forEach(field -> assertKept(field.getValue(), now.path(field.getKey()), place + "." + field.getKey()));
    }

    private static void write(String name, Path file, String golden) throws IOException {
        if (Files.exists(file) && !Files.readString(file).equals(golden)) {
            Files.createDirectories(FORMER);
            int number = 1;
            while (Files.exists(FORMER.resolve(name + "." + number + ".json"))) {
                number++;
            }
            Files.move(file, FORMER.resolve(name + "." + number + ".json"));
        }
        Files.createDirectories(GOLDEN);
        Files.writeString(file, golden);
    }

    @ParameterizedTest
    @MethodSource("names")
    void toleratesAFieldItDoesNotKnow(String name) throws IOException {
        String golden = Files.readString(GOLDEN.resolve(name + ".json"));
        String newer = golden.replaceFirst("\\{", "{\"addedByALaterVersion\": 1,");

        assertThat(JSON.readValue(newer, EventNames.all().get(name))).isNotNull();
    }

    @Test
    void keepsEveryNameThatWasEverStored() throws IOException {
        Set<String> stored;
        try (Stream<Path> files = Files.list(GOLDEN)) {
            stored = files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString().replace(".json", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(EventNames.all().keySet()).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(stored).containsAll(KEPT_FOR_GOOD);
    }
}
