package dev.claviger.oauth;

import static dev.claviger.oauth.Fixtures.NOW;
import static dev.claviger.oauth.Fixtures.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.oauth.ResponseCheck.Verdict;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.protocol.AuthorizationResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    private static AuthorizationResponse code(@Nullable String iss) {
        return new AuthorizationResponse(STATE, Secret.of("code"), iss, null, null, false);
    }

    private static AuthorizationResponse error(String error, @Nullable String iss) {
        return new AuthorizationResponse(STATE, null, iss, error, "remote words", false);
    }
}
