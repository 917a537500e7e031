package dev.claviger.oauth;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.oauth.api.AuthorizationEvent.MetadataDiscovered;
import dev.claviger.oauth.api.DiscoverySource;
import dev.claviger.oauth.protocol.AuthorizationResponse;
import java.net.URI;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Judges an authorization response, before anything is done with it: first whether it is ours to hear, then who sent it,
 * then what it says.
 */
final class ResponseCheck {

    /** Ends that no response brought about; the first response after such an end is late, not a replay. */
    private static final Set<FailureCode> WITHOUT_RESPONSE = EnumSet.of(
            FailureCode.CONSENT_EXPIRED, FailureCode.CONNECTION_INTERRUPTED, FailureCode.CONNECTION_SUPERSEDED);

    sealed interface Verdict {

        /** All is well: redeem the code. */
        record Redeem(AuthorizationRow row, Secret code) implements Verdict {}

        /** It ends the authorization. */
        record Fail(AuthorizationRow row, Failure failure) implements Verdict {}

        /** The authorization has ended already, and its page says why. */
        record TooLate(AuthorizationRow row) implements Verdict {}

        /** Not to be heard: it changes nothing and learns nothing. */
        record Ignore(FailureCode code) implements Verdict {}
    }

    private ResponseCheck() {}

    /** @param row the authorization whose state the response carries */
    static Verdict judge(AuthorizationResponse response, Optional<AuthorizationRow> row, String boundTo, Instant now) {
        if (response.state() == null || row.isEmpty()) {
            return new Verdict.Ignore(FailureCode.STATE_UNKNOWN);
        }
        AuthorizationRow asked = row.get();
        if (!asked.started().boundTo().equals(boundTo)) {
            return new Verdict.Ignore(FailureCode.STATE_OTHER_SESSION);
        }
        if (asked.stage() != Stage.CONSENT) {
            return asked.failure() != null && WITHOUT_RESPONSE.contains(asked.failure())
                    ? new Verdict.TooLate(asked)
                    : new Verdict.Ignore(FailureCode.STATE_REPLAYED);
        }
        if (now.isAfter(asked.asked().expiresAt())) {
            return new Verdict.Fail(asked, ExpireConsent.EXPIRED);
        }
        try {
            requireIssuer(response, asked);
            return new Verdict.Redeem(asked, response.requireCode(asked.asked().authorizationHost()));
        } catch (Untrusted e) {
            return new Verdict.Fail(asked, e.failure());
        } catch (Refused e) {
            return new Verdict.Fail(
                    asked,
                    e.code() == FailureCode.CLIENT_REFUSED
                            ? RetireClient.refused(asked.obtained(), String.valueOf(e.getMessage()))
                            : e.failure());
        }
    }

    private static void requireIssuer(AuthorizationResponse response, AuthorizationRow asked) {
        MetadataDiscovered metadata = asked.discovered();
        if (metadata.source() == DiscoverySource.MANUAL) {
            response.requireIssuerBeside(asked.authorizationEndpoint(), URI.create(metadata.tokenEndpoint()));
        } else {
            response.requireIssuer(metadata.issuer(), metadata.issParameterSupported());
        }
    }
}
