package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.AuthorizationFacts;
import dev.claviger.oauth.api.AuthorizationQuery.FindAuthorization;
import dev.claviger.oauth.api.OAuthSettings.Grant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Where the credential of a connection comes from, and whether it dies unless somebody acts. */
@Component
class Provenance {

    private final Answers answers;

    Provenance(Answers answers) {
        this.answers = answers;
    }

    Optional<CredentialFacts> credential(ConnectionId connection) {
        return answers
                .one(new FindCredentials(List.of(new CredentialId(connection.value()))), CredentialFactsList.class)
                .items()
                .stream()
                .findFirst();
    }

    /** A sentence; null where nobody need act. */
    @Nullable
    String warning(ConnectionId connection, Instant now) {
        return credential(connection)
                .map(facts -> CredentialPanel.warning(facts, now))
                .orElse(null);
    }

    /**
     * Null for connections without OAuth.
     *
     * @param grant by which it was obtained, where that is known
     */
    @Nullable
    AuthorizationPanel authorization(ConnectionId connection, @Nullable Grant grant) {
        return answers.maybe(new FindAuthorization(new AuthorizationId(connection.value())), AuthorizationFacts.class)
                .map(facts -> AuthorizationPanel.of(facts, grant))
                .orElse(null);
    }
}
