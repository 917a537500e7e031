package dev.claviger.oauth;

import dev.claviger.oauth.api.AuthorizationEvent.ConsentRequested;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import dev.claviger.oauth.protocol.AuthorizationRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The scope to ask for: that of the authorization before with what a server wanted beyond it, or what the rules of a first
 * authorization say. The same authorization asks for the same scope each time.
 */
@Component
class AskedScope {

    private final AuthorizationTable authorizations;

    AskedScope(AuthorizationTable authorizations) {
        this.authorizations = authorizations;
    }

    /** Space separated; null: none is sent. The authorization server is known. */
    @Nullable
    String of(AuthorizationRow row) {
        String challenged = row.started().challengedScope();
        if (challenged != null) {
            return AuthorizationRequest.stepUp(before(row), challenged, listed(row));
        }
        return AuthorizationRequest.chooseScope(
                row.started().settings().scope(),
                row.discovered().challengedScope(),
                row.discovered().resourceScopes(),
                listed(row));
    }

    /** Without a person no refresh token is wanted, so {@code offline_access} is as good as not listed. */
    private static List<String> listed(AuthorizationRow row) {
        return isConsent(row) ? row.discovered().scopesSupported() : List.of();
    }

    private @Nullable String before(AuthorizationRow row) {
        Optional<AuthorizationRow> previous =
                Optional.ofNullable(row.started().previous()).flatMap(authorizations::find);
        return previous.map(this::asked)
                .or(() -> previous.map(AuthorizationRow::grantedScope))
                .orElse(row.started().settings().scope());
    }

    /** What was asked for, or will be; null also where it has not come that far. */
    @Nullable
    String asked(AuthorizationRow row) {
        ConsentRequested consent = row.consent();
        if (consent != null) {
            return consent.scope();
        }
        return isConsent(row) || row.client() == null ? null : of(row);
    }

    private static boolean isConsent(AuthorizationRow row) {
        return row.started().settings().grant() == Grant.AUTHORIZATION_CODE;
    }
}
