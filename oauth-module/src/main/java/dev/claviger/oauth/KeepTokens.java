package dev.claviger.oauth;

import dev.claviger.credentials.api.CredentialCommand.IssueToken;
import dev.claviger.credentials.api.CredentialCommand.RevokeToken;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialKind;
import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordGrant;
import dev.claviger.oauth.protocol.TokenAnswer.Tokens;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Seals tokens that have just come and records them, in one transaction with the credential they make. */
@Component
class KeepTokens {

    private static final Logger log = LoggerFactory.getLogger(KeepTokens.class);

    private static final Duration REQUEST_AND_SEALING = Duration.ofMinutes(1);

    private final Vault vault;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final WhoWeAre whoWeAre;
    private final Clock clock;

    KeepTokens(Vault vault, OneTransaction oneTransaction, CommandGateway commands, WhoWeAre whoWeAre, Clock clock) {
        this.vault = vault;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.whoWeAre = whoWeAre;
        this.clock = clock;
    }

    /**
     * Asks before tokens are asked for that can be had only once.
     *
     * @throws dev.claviger.credentials.api.MasterKeyUnavailable when they could not be sealed: do not ask
     */
    void checkReady() {
        vault.checkReady(REQUEST_AND_SEALING);
    }

    /**
     * Keeps them, or tells the provider that they are not wanted where the authorization has ended meanwhile.
     *
     * @param askedScope what was granted where the answer does not say (RFC 6749 section 5.1)
     * @param renewedByGrant whether the same can be asked for again; a refresh token is then not kept
     */
    void keepOrDrop(AuthorizationRow row, Tokens tokens, @Nullable String askedScope, boolean renewedByGrant) {
        try {
            keep(row, tokens, askedScope, renewedByGrant);
        } catch (AbandonedMeanwhile e) {
            log.info("{} was abandoned while its tokens were on their way; they are revoked", row.id());
            oneTransaction.runWithPatience(() -> {
                CredentialId id = issue(row, tokens, askedScope, renewedByGrant);
                commands.sendAndWait(new RevokeToken(id, "The attempt had ended while its tokens were on their way."));
            });
        }
    }

    private void keep(AuthorizationRow row, Tokens tokens, @Nullable String askedScope, boolean renewedByGrant) {
        // A code is spent by now, so a database that blinks must not cost us the tokens.
        oneTransaction.runWithPatience(() -> {
            issue(row, tokens, askedScope, renewedByGrant);
            boolean accepted = commands.<Boolean>sendAndWait(new RecordGrant(
                    row.id(), tokens.scope(), tokens.refreshToken() != null && !renewedByGrant, expiresAt(tokens)));
            if (!accepted) {
                throw new AbandonedMeanwhile();
            }
            commands.sendAndWait(whoWeAre.of(row, tokens, tokens.scope() != null ? tokens.scope() : askedScope));
        });
    }

    private CredentialId issue(
            AuthorizationRow row, Tokens tokens, @Nullable String askedScope, boolean renewedByGrant) {
        CredentialId id = new CredentialId(row.id().value());
        commands.sendAndWait(new IssueToken(
                id,
                CredentialKind.OAUTH,
                vault.seal(SecretPurpose.ACCESS_TOKEN, tokens.accessToken()),
                tokens.refreshToken() == null || renewedByGrant
                        ? null
                        : vault.seal(SecretPurpose.REFRESH_TOKEN, tokens.refreshToken()),
                null,
                expiresAt(tokens),
                tokens.scope() != null ? tokens.scope() : askedScope,
                // What an exception lets the metadata call itself may be the name of somebody else, with a pace of its
                // own.
                row.discovered().boundIssuer(),
                renewedByGrant ? Boolean.TRUE : null,
                renewedByGrant ? null : after(tokens.refreshExpiresIn())));
        return id;
    }

    private @Nullable Instant expiresAt(Tokens tokens) {
        return after(tokens.expiresIn());
    }

    private @Nullable Instant after(@Nullable Duration lifetime) {
        return lifetime == null ? null : clock.instant().plus(lifetime);
    }

    /** Rolls everything back: nobody wants the tokens any more. */
    private static final class AbandonedMeanwhile extends RuntimeException {
        AbandonedMeanwhile() {
            super("The authorization ended while its tokens were on their way", null, false, false);
        }
    }
}
