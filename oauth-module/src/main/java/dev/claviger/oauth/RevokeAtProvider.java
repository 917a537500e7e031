package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialCommand.ShredSecrets;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordProviderRevocation;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.protocol.TokenRevocation;
import java.time.Duration;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.stereotype.Component;

/**
 * Tells the provider that the tokens of a revoked credential are no longer wanted, then has them shredded; whatever the
 * provider says, they are shredded.
 */
@Component
class RevokeAtProvider extends Effect<AuthorizationJob> {

    private final AuthorizationTable authorizations;
    private final OutboundClient client;
    private final Vault vault;
    private final ClientKeys keys;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;

    RevokeAtProvider(
            AuthorizationTable authorizations,
            OutboundClient client,
            Vault vault,
            ClientKeys keys,
            OneTransaction oneTransaction,
            CommandGateway commands) {
        super("oauth.revoke-at-provider", AuthorizationJob.class, 6, Duration.ofSeconds(2));
        this.authorizations = authorizations;
        this.client = client;
        this.vault = vault;
        this.keys = keys;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
    }

    @Override
    protected UUID attempt(AuthorizationJob job) {
        return job.authorizationId().value();
    }

    @Override
    protected void perform(AuthorizationJob job) {
        conclude(
                job.authorizationId(),
                authorizations
                        .find(job.authorizationId())
                        .map(this::revoke)
                        .orElse("The provider of the tokens is not known"));
    }

    private String revoke(AuthorizationRow row) {
        try {
            return row.revocation(keys)
                    .map(endpoint -> revoke(row, endpoint))
                    .orElse("The provider has no way to be told (RFC 7009); its tokens die when they expire");
        } catch (SecretUnreadable e) {
            return "The secrets could not be opened any more, so the provider was not told";
        } catch (Untrusted e) {
            return "The provider's revocation endpoint must not be called, so it was not told";
        }
    }

    /** The refresh token first: with it most providers drop the whole grant. */
    private String revoke(AuthorizationRow row, TokenRevocation endpoint) {
        boolean done = true;
        if (row.refreshToken() != null) {
            done = endpoint.isDone(
                    client.send(endpoint.ofRefreshToken(vault.open(SecretPurpose.REFRESH_TOKEN, row.refreshToken()))));
        }
        if (row.accessToken() != null) {
            done &= endpoint.isDone(
                    client.send(endpoint.ofAccessToken(vault.open(SecretPurpose.ACCESS_TOKEN, row.accessToken()))));
        }
        return done
                ? "The provider was told and agreed"
                : "The provider was told, and refused at least one of the tokens";
    }

    @Override
    protected void giveUp(AuthorizationJob job, RuntimeException cause) {
        conclude(
                job.authorizationId(),
                cause instanceof Unreachable
                        ? "The provider could not be reached (" + cause.getMessage()
                                + "); revoke Claviger's access there by hand"
                        : "The provider was not told because something broke in Claviger; revoke its access there by"
                                + " hand");
    }

    private void conclude(AuthorizationId id, String answer) {
        oneTransaction.run(() -> {
            if (authorizations.find(id).isPresent()) {
                commands.sendAndWait(new RecordProviderRevocation(id, answer));
            }
            commands.sendAndWait(new ShredSecrets(new CredentialId(id.value()), answer));
        });
    }
}
