package dev.claviger.toolsync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class DeadCredentialTest {

    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Unauthorized",
                "Error POSTing to endpoint (HTTP 401): unauthorized",
                "invalid_token",
                "Invalid access token",
                "The access token expired",
                "Token has expired, please sign in again",
                "expired token",
                "Missing Authorization header",
                "API key is invalid",
                "api_key required",
                "Invalid API key provided",
                "Authentication failed: your session has expired. Please sign in again.",
                "Authentication required",
                "The credentials you supplied are not valid",
                "Not authenticated",
                "token was revoked",
                "Grant not found",
                "invalid_grant",
                "No valid access token",
                "Please sign in again",
                "You must reauthenticate",
                "Request failed with status code 401",
                "MCP error: HTTP 401"
            })
    void recognisesWhatServersSayOfADeadToken(String text) {
        assertThat(reported("{\"error\":{\"code\":-32000,\"message\":%s}}", text))
                .isTrue();
        assertThat(reported("{\"error\":%s}", text)).isTrue();
        assertThat(reported("{\"result\":{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":%s}]}}", text))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Internal error",
                "Invalid cursor",
                "Unexpected token < in JSON at position 0",
                "Unexpected token '<', \"<html>\" is not valid JSON",
                "Missing required key 'name'",
                "Tokenizer failed",
                "Session not found",
                "author missing",
                "No tokens left in your plan",
                "Granted scopes not found in cache",
                "Row 401 not found",
                "error 4011"
            })
    void leavesOtherErrorsAlone(String text) {
        assertThat(reported("{\"error\":{\"code\":-32603,\"message\":%s}}", text))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Revokes an expired token", "Lists unauthorized logins", "Signs in: please log in", "HTTP 401"})
    void readsNothingIntoToolDescriptions(String description) {
        assertThat(reported("{\"result\":{\"tools\":[{\"description\":%s}]}}", description))
                .isFalse();
    }

    private static boolean reported(String template, String text) {
        return DeadCredential.reportedIn(JSON.readTree(template.formatted(JSON.writeValueAsString(text))));
    }
}
