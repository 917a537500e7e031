package dev.claviger.oauth;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Identification;
import dev.claviger.oauth.AuthorizationOutcome.RecordAccount;
import dev.claviger.oauth.AuthorizationOutcome.WantUserinfo;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.protocol.IdToken;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import dev.claviger.oauth.protocol.Userinfo;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds out who consented, from what came with the tokens; where that says too little, the userinfo endpoint is asked. */
@Component
class WhoWeAre {

    private static final String OPENID = "openid";

    private final Clock clock;

    WhoWeAre(Clock clock) {
        this.clock = clock;
    }

    /** What to record of these tokens, with the grant. */
    AuthorizationOutcome of(AuthorizationRow row, Tokens tokens, @Nullable String grantedScope) {
        if (row.started().settings().grant() != Grant.AUTHORIZATION_CODE) {
            return new RecordAccount(row.id(), Identification.untold("Without a person nobody signs in."));
        }
        Identification told = idToken(row, tokens);
        boolean asks = userinfo(row).isPresent()
                && grantedScope != null
                && List.of(grantedScope.split(" ")).contains(OPENID);
        return asks && !told.doubted() && saysTooLittle(told.account())
                ? new WantUserinfo(row.id(), told.account())
                : new RecordAccount(row.id(), told);
    }

    /** Empty where the metadata names none. */
    static Optional<Userinfo> userinfo(AuthorizationRow row) {
        String endpoint = row.discovered().userinfoEndpoint();
        return endpoint == null
                ? Optional.empty()
                : Optional.of(
                        new Userinfo(URI.create(endpoint), row.discovered().issuer()));
    }

    private Identification idToken(AuthorizationRow row, Tokens tokens) {
        if (tokens.idToken() == null) {
            return Identification.untold("The provider does not tell who this is.");
        }
        Optional<String> issuer = row.issuerOfIdTokens();
        return issuer.isEmpty()
                ? Identification.untold("The provider sent an ID token, but its issuer is not known: enter the issuer"
                        + " under Advanced.")
                : IdToken.read(tokens.idToken(), issuer.get(), row.obtained().clientId(), clock.instant());
    }

    private static boolean saysTooLittle(@Nullable Account account) {
        return account == null || account.shown().equals(account.subject());
    }
}
