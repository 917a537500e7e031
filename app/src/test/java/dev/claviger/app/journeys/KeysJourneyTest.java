package dev.claviger.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.app.Browser;
import dev.claviger.app.ClavigerTest;
import dev.claviger.demoprovider.DemoProvider;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Master keys and their rotation, as an admin sees them. */
@ClavigerTest
class KeysJourneyTest {

    @Autowired
    JdbcClient database;

    private final DemoProvider provider = DemoProvider.start();
    private Claviger claviger;

    @BeforeEach
    void connectSomething(@Value("${claviger.public-url}") String base) {
        claviger = new Claviger(base);
        claviger.connectWithConsent(provider, claviger.oauthConnector("Keys", provider.mcpUrl(), "shared"), null);
    }

    @AfterEach
    void end() {
        provider.close();
    }

    @Test
    void countsWhatTheCurrentKeyWraps() {
        JsonNode key = claviger.admin("GET", "/api/v1/keys", null)
                .ok()
                .json()
                .path("items")
                .path(0);

        assertThat(key.path("current").asBoolean()).isTrue();
        assertThat(key.path("needed").asBoolean()).isTrue();
        assertThat(key.path("wrapsFingerprintKey").asBoolean()).isTrue();
        assertThat(key.path("liveSecrets").asLong()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void rotatesByTheApiAndTellsIt() {
        JsonNode begun = claviger.admin("POST", "/api/v1/keys/rotations", Map.of("dryRun", true))
                .ok()
                .json();
        String path = "/api/v1/keys/rotations/"
                + Claviger.uuid(begun.path("rotationId").asString());

        Claviger.until(
                "the dry run to end",
                () -> !claviger.admin("GET", path, null)
                        .ok()
                        .json()
                        .path("state")
                        .asString()
                        .equals("RUNNING"));

        JsonNode ended = claviger.admin("GET", path, null).ok().json();
        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("DONE");
        assertThat(ended.path("opened").asLong()).isGreaterThanOrEqualTo(2);
        assertThat(ended.path("unreadable").asLong()).isZero();
        assertThat(claviger.events("event=KeyRotationEnded")).isNotEmpty();
    }

    @Test
    void rotatesWithoutBeingToldHow() {
        for (Object body : Arrays.asList(null, Map.of())) {
            JsonNode begun =
                    claviger.admin("POST", "/api/v1/keys/rotations", body).ok().json();
            String path = "/api/v1/keys/rotations/"
                    + Claviger.uuid(begun.path("rotationId").asString());
            Claviger.until(
                    "the rotation to end",
                    () -> claviger.admin("GET", path, null)
                            .ok()
                            .json()
                            .path("state")
                            .asString()
                            .equals("DONE"));
            assertThat(begun.path("dryRun").asBoolean()).isFalse();
            assertThat(claviger.admin("GET", path, null)
                            .ok()
                            .json()
                            .path("left")
                            .asLong(-1))
                    .isZero();
        }
    }

    @Test
    void asksBeforeItRotatesFromThePage() {
        Browser browser = claviger.signedIn();

        assertThat(browser.get("/keys").body()).contains("Master keys", "Dry run", "/keys/rotate");
        assertThat(browser.get("/keys/rotate").body()).contains("Rotate to the current key?");
        assertThat(browser.post("/keys/rotations", Map.of("dryRun", "false")).statusCode())
                .isEqualTo(303);

        Claviger.until("the rotation to end", () -> !browser.get("/keys").body().contains(">Running<"));
        assertThat(browser.get("/keys").body()).contains("Rotation", "Done");
        assertThat(database.sql("select count(*) from credentials.key_rotation where state = 'DONE' and not dry_run")
                        .query(Integer.class)
                        .single())
                .isPositive();
    }

    @Test
    void knowsNoRotationThatNeverWas() {
        assertThat(claviger.admin("GET", "/api/v1/keys/rotations/nonsense", null)
                        .status())
                .isEqualTo(404);
        assertThat(claviger.admin("POST", "/api/v1/keys/rotations", "nonsense").status())
                .isEqualTo(400);
    }
}
