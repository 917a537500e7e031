package dev.claviger.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.RefreshFailure;
import dev.claviger.oauth.protocol.TokenAnswer.Denied;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefreshDenialTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "400, invalid_grant, -, GRANT_DEAD",
                "401, INVALID_GRANT, -, GRANT_DEAD",
                "200, bad_refresh_token, -, GRANT_DEAD",
                "400, invalid_request, The refresh token is invalid., GRANT_DEAD",
                "400, Grant_not_found, -, GRANT_DEAD",
                "400, '', Grant not found, GRANT_DEAD",
                "400, invalid_request, resource is missing, UNKNOWN",
                "400, invalid_request, -, UNKNOWN",
                "400, invalid_target, -, UNKNOWN",
                "400, invalid_scope, -, UNKNOWN",
                "401, invalid_client, -, CLIENT",
                "400, unauthorized_client, -, CLIENT",
                "401, '', -, CLIENT",
                "400, unsupported_grant_type, -, UNKNOWN",
                "400, server_error, Unknown error processing refresh token, UNKNOWN",
                "400, temporarily_unavailable, refresh token not found, UNKNOWN",
                "400, invalid_scope, scope is invalid for this refresh token, UNKNOWN",
                "400, invalid_target, refresh token is unknown to this resource, UNKNOWN",
                "400, unsupported_grant_type, Invalid grant type, UNKNOWN",
                "400, unsupported_grant_type, refresh_token grant is invalid, UNKNOWN",
                "400, invalid_request, Invalid grant type, UNKNOWN",
                "400, invalid_request, grant_type is invalid, UNKNOWN",
                "400, '', Unknown error processing refresh token, UNKNOWN",
                "400, invalid_request, Invalid or expired refresh_token, GRANT_DEAD",
                "400, invalid_request, The refresh token has been revoked, GRANT_DEAD",
                "400, unknown_refresh_token, -, GRANT_DEAD",
                "422, '', refresh token is invalid, UNKNOWN",
                "403, '', -, UNKNOWN",
                "404, not_found, -, UNKNOWN"
            })
    void declaresAGrantDeadOnlyOnAClearWord(
            int status, String error, @Nullable String description, RefreshDenial expected) {
        assertThat(RefreshDenial.of(new Denied(status, error, description))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "401, invalid_client, -, true",
                "400, invalid_client, -, true",
                "400, INVALID_CLIENT, Client authentication failed, true",
                "400, unauthorized_client, -, true",
                "422, '', Unrecognized client_id, true",
                "422, '', client_id: Unknown client, true",
                "422, validation_failed, The client was not found, true",
                "404, not_found, OAuth client not found, true",
                "404, '', Client \"7f3a-11\" does not exist, true",
                "400, invalid_request, Invalid client_id, true",
                "400, invalid_request, client 7f3a-11 has been deleted, true",
                "400, client_not_found, -, true",
                "401, '', -, false",
                "401, '', Invalid client credentials, false",
                "400, invalid_client_metadata, -, false",
                "422, '', client_id: Field required, false",
                "422, '', refresh token is invalid, false",
                "400, invalid_grant, The client is unknown to this grant, false",
                "400, invalid_scope, scope is unknown to client, false",
                "400, invalid_request, redirect_uri is not registered for this client, false",
                "400, '', The client is not registered for this grant type, false",
                "400, invalid_request, client_assertion is invalid, false",
                "400, '', Unknown client assertion type, false"
            })
    void findsAForgottenClientOnlyInAClearWord(
            int status, String error, @Nullable String description, boolean expected) {
        assertThat(RefreshDenial.namesOurClient(new Denied(status, error, description)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'', UNKNOWN",
        "server_error, TRANSIENT",
        "temporarily_unavailable, TRANSIENT",
        "SLOW_DOWN, THROTTLED",
        "invalid_request, DENIED",
        "made_up, DENIED"
    })
    void tellsAServerInTroubleFromOneThatRefuses(String error, RefreshFailure expected) {
        assertThat(RefreshDenial.failure(error)).isEqualTo(expected);
    }
}
