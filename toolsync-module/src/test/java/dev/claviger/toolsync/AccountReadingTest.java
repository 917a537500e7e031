package dev.claviger.toolsync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Account.Source;
import dev.claviger.toolsync.api.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class AccountReadingTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SERVER = "https://mcp.example/mcp";

    @Test
    void readsTheStructuredContentFirst() {
        ObjectNode result = (ObjectNode) said("{\"login\":\"bob\"}");
        result.set("structuredContent", JSON.readTree("{\"login\":\"ann\",\"id\":42,\"name\":\"Ann\"}"));
        assertThat(read(result)).isEqualTo(account("42", null, "ann", "Ann"));
    }

    @Test
    void fallsBackToTheTextWhereTheStructuredContentSaysNothing() {
        ObjectNode result = (ObjectNode) said("{\"login\":\"bob\"}");
        result.set("structuredContent", JSON.readTree("{\"ok\":true}"));
        assertThat(read(result)).isEqualTo(account("bob", null, "bob", null));
    }

    @Test
    void readsWhatServersInTheFieldAnswer() {
        assertThat(text("{\"login\":\"ann\",\"id\":583231,\"profile_url\":\"https://x\",\"details\":{\"name\":\"A\"}}"))
                .isEqualTo(account("583231", null, "ann", null));
        assertThat(text("{\"account_id\":\"5b1\",\"email\":\"ann@acme.example\",\"name\":\"Ann\"}"))
                .isEqualTo(account("5b1", "ann@acme.example", null, "Ann"));
        assertThat(text("{\"data\":{\"viewer\":{\"id\":\"v1\",\"displayName\":\"Ann\"}}}"))
                .isEqualTo(account("v1", null, null, "Ann"));
        assertThat(text("{\"ok\":true,\"team\":\"Acme\",\"user\":\"ann\",\"user_id\":\"U1\"}"))
                .isEqualTo(account("U1", null, "ann", null));
        assertThat(text("{\"id\":\"request-7\",\"user\":{\"email\":\"ann@acme.example\"}}"))
                .isEqualTo(account("ann@acme.example", "ann@acme.example", null, null));
        assertThat(text("{\"result\":\"{\\\"login\\\":\\\"ann\\\"}\"}")).isEqualTo(account("ann", null, "ann", null));
        assertThat(text("[{\"username\":\"ann\"}]")).isEqualTo(account("ann", null, "ann", null));
    }

    @Test
    void readsLinesThatNameAField() {
        assertThat(text("## You\n\n- **Name:** Ann Smith\n- **E-mail**: `ann@acme.example`\n* User ID: 7\nPlan: free"))
                .isEqualTo(account("7", "ann@acme.example", null, "Ann Smith"));
    }

    @Test
    void takesOneWordForTheUserNameOrTheAddress() {
        assertThat(text("ann\n")).isEqualTo(account("ann", null, "ann", null));
        assertThat(text("ann@acme.example")).isEqualTo(account("ann@acme.example", "ann@acme.example", null, null));
    }

    @Test
    void leavesOutAnAddressThatIsNotVerified() {
        assertThat(text("{\"id\":1,\"email\":\"boss@acme.example\",\"email_verified\":false,\"name\":\"Ann\"}"))
                .isEqualTo(account("1", null, null, "Ann"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "You are signed in.",
                "{}",
                "{not json",
                "[{\"login\":\"ann\"},{\"login\":\"bob\"}]",
                "{\"login\":\"\"}",
                "{\"login\":null,\"id\":1.5}",
                "{\"login\":{\"x\":1}}",
                "{\"login\":\"a\\u202eb\"}",
                "{\"login\":\"a\\nb\"}",
                "{\"login\":\"***\"}",
                "{\"data\":{\"data\":{\"data\":{\"data\":{\"login\":\"ann\"}}}}}"
            })
    void saysNothingOfWhatIsNoAccount(String text) {
        assertThat(text(text)).isNull();
    }

    @Test
    void isNotImpressedBySize() {
        assertThat(text("{\"login\":\"" + "a".repeat(256) + "\"}")).isNull();
        assertThat(text("{\"login\":\"" + "a".repeat(255) + "\"}")).isNotNull();
        assertThat(text("{\"login\":\"ann\",\"x\":\"" + "a".repeat(70_000) + "\"}"))
                .isNull();
        assertThat(text("[".repeat(50_000))).isNull();
        assertThat(text("{\"id\":" + "9".repeat(900) + "}")).isNull();
        assertThat(text("Name: ".repeat(10_000))).isNull();
    }

    @Test
    void readsTheFirstBlockOnlyAndOnlyText() {
        assertThat(read(JSON.readTree("{\"content\":[{\"type\":\"image\"},{\"type\":\"text\",\"text\":\"ann\"}]}")))
                .isNull();
        assertThat(read(JSON.readTree("{\"content\":{\"type\":\"text\"}}"))).isNull();
        assertThat(read(JSON.readTree("{}"))).isNull();
    }

    @Test
    void suggestsToolsThatOnlyReadAndSayWhoOneIs() {
        for (String name : new String[] {
            "whoami", "get_me", "getMe", "get-current-user", "hf_whoami", "notion-get-self", "atlassianUserInfo"
        }) {
            assertThat(AccountToolGuess.fits(tool(name, "{\"readOnlyHint\":true}", "[]")))
                    .as(name)
                    .isTrue();
        }
        for (String name : new String[] {"list_me_notes", "get_user", "delete_account", "search_users", "meme"}) {
            assertThat(AccountToolGuess.fits(tool(name, "{\"readOnlyHint\":true}", "[]")))
                    .as(name)
                    .isFalse();
        }
        assertThat(AccountToolGuess.fits(tool("whoami", "{}", "[]"))).isFalse();
        assertThat(AccountToolGuess.fits(tool("whoami", "{\"readOnlyHint\":\"true\"}", "[]")))
                .isFalse();
        assertThat(AccountToolGuess.fits(tool("whoami", "{\"readOnlyHint\":true}", "[\"team\"]")))
                .isFalse();
    }

    private static Tool tool(String name, String annotations, String required) {
        return new Tool(
                name,
                JSON.readTree(
                        "{\"name\":\"%s\",\"annotations\":%s,\"inputSchema\":{\"type\":\"object\",\"required\":%s}}"
                                .formatted(name, annotations, required)));
    }

    private static Account text(String text) {
        return read(said(text));
    }

    private static JsonNode said(String text) {
        ObjectNode result = JSON.createObjectNode();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    private static Account read(JsonNode result) {
        return AccountReading.read(SERVER, "whoami", result);
    }

    private static Account account(String subject, String email, String username, String name) {
        return new Account(Source.TOOL, SERVER, subject, email, username, name, "whoami");
    }
}
