package dev.claviger.oauth;

import static dev.claviger.oauth.Fixtures.NOW;
import static dev.claviger.oauth.Fixtures.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.oauth.ResponseCheck.Verdict;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.protocol.AuthorizationResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResponseCheckTest {

    private static final Secret STATE = Secret.of("state");
    private static final AuthorizationRow WAITING = Fixtures.row(Stage.CONSENT, null);
    private static final String ISSUER = "https://as.example";

    @Test
    void hasTheCodeRedeemedWhenAllIsWell() {
        assertThat(judge(code(ISSUER), WAITING)).isEqualTo(new Verdict.Redeem(WAITING, Secret.of("code")));
    }

    @Test
    void ignoresAMissingOrUnknownState() {
        AuthorizationResponse stateless = new AuthorizationResponse(null, Secret.of("code"), ISSUER, null, null, false);

        assertThat(ResponseCheck.judge(stateless, Optional.of(WAITING), SESSION, NOW))
                .isEqualTo(new Verdict.Ignore(FailureCode.STATE_UNKNOWN));
        assertThat(ResponseCheck.judge(code(ISSUER), Optional.empty(), SESSION, NOW))
                .isEqualTo(new Verdict.Ignore(FailureCode.STATE_UNKNOWN));
    }

    @Test
    void ignoresAResponseInAnotherSessionWhateverItSays() {
        for (AuthorizationResponse response :
                new AuthorizationResponse[] {code(ISSUER), error("access_denied", null)}) {
            assertThat(ResponseCheck.judge(response, Optional.of(WAITING), "other", NOW))
                    .isEqualTo(new Verdict.Ignore(FailureCode.STATE_OTHER_SESSION));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"CODE_EXCHANGE", "GRANTED"})
    void ignoresAReplay(Stage stage) {
        assertThat(judge(code(ISSUER), Fixtures.row(stage, null)))
                .isEqualTo(new Verdict.Ignore(FailureCode.STATE_REPLAYED));
    }

    @Test
    void ignoresAReplayAfterAFailureThatAResponseBrought() {
        assertThat(judge(code(ISSUER), Fixtures.row(Stage.FAILED, FailureCode.CONSENT_DENIED)))
                .isEqualTo(new Verdict.Ignore(FailureCode.STATE_REPLAYED));
    }

    @Test
    void sendsALateResponseBackToThePageThatSaysWhy() {
        AuthorizationRow expired = Fixtures.row(Stage.FAILED, FailureCode.CONSENT_EXPIRED);

        assertThat(judge(code(ISSUER), expired)).isEqualTo(new Verdict.TooLate(expired));
    }

    @Test
    void failsAnExpiredConsent() {
        Verdict verdict = ResponseCheck.judge(code(ISSUER), Optional.of(WAITING), SESSION, NOW.plusSeconds(601));

        assertThat(verdict).isEqualTo(new Verdict.Fail(WAITING, ExpireConsent.EXPIRED));
    }

    @Test
    void looksAtTheIssuerBeforeTheErrorAndShowsNothingOfIt() {
        Verdict verdict = judge(error("shocking_lie", "https://evil.example"), WAITING);

        assertThat(failure(verdict)).isEqualTo(FailureCode.WRONG_ISSUER);
        assertThat(verdict.toString()).doesNotContain("shocking_lie", "evil");
    }

    /** RFC 9207 section 2.4 holds for errors as for codes (C47): none is believed before the issuer is right. */
    @ParameterizedTest(name = "advertised {0}, iss {1}: {2}")
    @CsvSource(
            nullValues = "-",
            value = {
                "true,  https://as.example,     AUTHORIZATION_REFUSED",
                "true,  -,                      WRONG_ISSUER",
                "true,  https://evil.example,   WRONG_ISSUER",
                "false, https://as.example,     AUTHORIZATION_REFUSED",
                "false, -,                      AUTHORIZATION_REFUSED",
                "false, https://evil.example,   WRONG_ISSUER",
                "false, '',                     WRONG_ISSUER",
                "true,  https://as.example/,    WRONG_ISSUER",
                "true,  https://AS.example,     WRONG_ISSUER",
                "true,  https://as.example:443, WRONG_ISSUER",
                "true,  https://as%2Eexample,   WRONG_ISSUER"
            })
    void believesNoErrorBeforeTheIssuerIsRight(boolean advertised, @Nullable String iss, FailureCode expected) {
        AuthorizationRow asked =
                Fixtures.row(Stage.CONSENT, null, Fixtures.discovered(DiscoverySource.CHALLENGE, advertised));

        Verdict verdict = judge(error("shocking_lie", iss), asked);

        assertThat(failure(verdict)).isEqualTo(expected);
        if (expected == FailureCode.WRONG_ISSUER) {
            assertThat(verdict.toString()).doesNotContain("shocking_lie", "remote words", "evil");
        }
    }

    /** The metadata may by an exception call itself otherwise than the server does; {@code iss} is what it calls itself. */
    @Test
    void holdsIssAgainstTheIssuerThatTheMetadataPublishes() {
        MetadataDiscovered accepted = accepted("https://as.example", "https://login.example");

        assertThat(judge(code("https://as.example"), Fixtures.row(Stage.CONSENT, null, accepted)))
                .isInstanceOf(Verdict.Redeem.class);
        assertThat(failure(judge(code("https://login.example"), Fixtures.row(Stage.CONSENT, null, accepted))))
                .isEqualTo(FailureCode.WRONG_ISSUER);
    }

    @Test
    void saysWhatToDoWhereTheClientMayNotAsk() {
        Verdict verdict = judge(error("unauthorized_client", ISSUER), WAITING);

        assertThat(failure(verdict)).isEqualTo(FailureCode.CLIENT_REFUSED);
        assertThat(((Verdict.Fail) verdict).failure().detail()).contains("Correct the client under Advanced");
    }

    @Test
    void missesAnIssuerThatWasPromised() {
        assertThat(failure(judge(code(null), WAITING))).isEqualTo(FailureCode.WRONG_ISSUER);
        assertThat(judge(
                        code(null),
                        Fixtures.row(Stage.CONSENT, null, Fixtures.discovered(DiscoverySource.CHALLENGE, false))))
                .isInstanceOf(Verdict.Redeem.class);
    }

    @Test
    void takesAnIssuerBesideEndpointsEnteredByHand() {
        AuthorizationRow manual = Fixtures.row(Stage.CONSENT, null, Fixtures.discovered(DiscoverySource.MANUAL, false));

        assertThat(judge(code(ISSUER + "/tenant"), manual)).isInstanceOf(Verdict.Redeem.class);
        assertThat(failure(judge(code("https://evil.example"), manual))).isEqualTo(FailureCode.WRONG_ISSUER);
    }

    @Test
    void recordsADenial() {
        assertThat(failure(judge(error("access_denied", ISSUER), WAITING))).isEqualTo(FailureCode.CONSENT_DENIED);
    }

    private static Verdict judge(AuthorizationResponse response, AuthorizationRow row) {
        return ResponseCheck.judge(response, Optional.of(row), SESSION, NOW);
    }

    private static FailureCode failure(Verdict verdict) {
        return ((Verdict.Fail) verdict).failure().code();
    }

    private static MetadataDiscovered accepted(String published, String asked) {
        MetadataDiscovered found = Fixtures.DISCOVERED;
        return new MetadataDiscovered(
                found.authorizationId(),
                found.source(),
                found.resource(),
                published,
                found.authorizationEndpoint(),
                found.tokenEndpoint(),
                found.registrationEndpoint(),
                found.revocationEndpoint(),
                found.challengedScope(),
                found.resourceScopes(),
                found.scopesSupported(),
                found.tokenEndpointAuthMethods(),
                found.issParameterSupported(),
                found.clientIdMetadataDocumentSupported(),
                null,
                null,
                asked,
                null,
                null,
                null);
    }

    private static AuthorizationResponse code(@Nullable String iss) {
        return new AuthorizationResponse(STATE, Secret.of("code"), iss, null, null, false);
    }

    private static AuthorizationResponse error(String error, @Nullable String iss) {
        return new AuthorizationResponse(STATE, null, iss, error, "remote words", false);
    }
}
