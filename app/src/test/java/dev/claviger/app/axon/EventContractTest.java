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
 * The stored form of every event is a contract: one golden JSON each. To add an event, run once with {@code
 * -Dclaviger.golden.write=true}; an existing file is never written again, because events already stored look like it.
 */
class EventContractTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "events");
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
        if (Boolean.getBoolean("claviger.golden.write") && Files.notExists(file)) {
            Files.createDirectories(GOLDEN);
            Files.writeString(
                    file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(SampleRecords.of(type)) + "\n");
        }
        assertThat(file).as("golden JSON of %s", name).exists();

        JsonNode golden = JSON.readTree(Files.readString(file));
        Object event = JSON.treeToValue(golden, type);

        assertThat(JSON.readTree(JSON.writeValueAsString(event))).isEqualTo(golden);
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
            stored = files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(EventNames.all().keySet()).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(stored).containsAll(KEPT_FOR_GOOD);
    }
}
