package dev.claviger.oauth;

import static org.assertj.core.api.Assertions.assertThat;

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
}
