package dev.claviger.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.api.AuthorizationQuery.FindConsent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;
import tools.jackson.databind.json.JsonMapper;

class AuthorizationViewTest {

    private static final FindConsent QUERY = new FindConsent(Fixtures.ID, Fixtures.SESSION);

    @Test
    void findsNoConsentThatEndedWhileItsLinkWasMade() {
        assertThat(view(Fixtures.row(Stage.CONSENT, null), Fixtures.row(Stage.FAILED, FailureCode.CONSENT_EXPIRED))
                        .handle(QUERY))
                .isEmpty();
    }

    @Test
    void tellsOfAConsentWhoseSecretsCannotBeOpenedThoughItIsStillWaiting() {
        AuthorizationView view = view(Fixtures.row(Stage.CONSENT, null), Fixtures.row(Stage.CONSENT, null));

        assertThatThrownBy(() -> view.handle(QUERY)).isInstanceOf(SecretUnreadable.class);
    }

    /** Sees one row after the other, and a vault in which everything is shredded. */
    private static AuthorizationView view(AuthorizationRow... rows) {
        Vault shredded = new Shredded();
        Queue<AuthorizationRow> seen = new ArrayDeque<>(List.of(rows));
        AuthorizationTable table =
                new AuthorizationTable(JdbcClient.create(new NoDatabase()), JsonMapper.shared(), shredded) {
                    @Override
                    Optional<AuthorizationRow> find(AuthorizationId id) {
                        return Optional.ofNullable(seen.poll());
                    }
                };
        return new AuthorizationView(table, new AskedScope(table), shredded, Fixtures.CLOCK);
    }

    private static final class Shredded implements Vault {
        @Override
        public Secret open(SecretPurpose purpose, SecretRef ref) {
            throw new SecretUnreadable("Secret " + ref.id() + " was shredded");
        }

        @Override
        public SecretRef seal(SecretPurpose purpose, Secret secret) {
            throw new AssertionError("Nothing is sealed here");
        }

        @Override
        public void shred(SecretRef ref) {}
    }

    private static final class NoDatabase extends AbstractDataSource {
        @Override
        public java.sql.Connection getConnection() {
            throw new AssertionError("No table is read here");
        }

        @Override
        public java.sql.Connection getConnection(String username, String password) {
            return getConnection();
        }
    }
}
