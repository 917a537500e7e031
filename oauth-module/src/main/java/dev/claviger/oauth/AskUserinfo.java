package dev.claviger.oauth;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Identification;
import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.credentials.vault.SecretUnreadable;
import dev.claviger.credentials.vault.Vault;
import dev.claviger.oauth.AuthorizationOutcome.RecordAccount;
import dev.claviger.oauth.api.AuthorizationId;
import dev.claviger.oauth.protocol.Userinfo;
import java.time.Duration;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks the userinfo endpoint who consented; reading changes nothing there. */
@Component
class AskUserinfo extends Effect<AskUserinfo.Data> {

    /** @param told what the ID token said */
    record Data(AuthorizationId authorizationId, @Nullable Account told) {}

    private final AuthorizationTable authorizations;
    private final OutboundClient client;
    private final Vault vault;
    private final CommandGateway commands;

    AskUserinfo(AuthorizationTable authorizations, OutboundClient client, Vault vault, CommandGateway commands) {
        super("oauth.ask-userinfo", Data.class, 4, Duration.ofSeconds(1));
        this.authorizations = authorizations;
        this.client = client;
        this.vault = vault;
        this.commands = commands;
    }

    @Override
    protected UUID attempt(Data data) {
        return data.authorizationId().value();
    }

    @Override
    protected void perform(Data data) {
        AuthorizationRow row = authorizations.find(data.authorizationId()).orElse(null);
        SecretRef accessToken = row == null ? null : row.accessToken();
        Userinfo userinfo = row == null ? null : WhoWeAre.userinfo(row).orElse(null);
        if (accessToken != null && userinfo != null) {
            record(data, ask(data, accessToken, userinfo));
        }
    }

    private Identification ask(Data data, SecretRef accessToken, Userinfo userinfo) {
        try {
            Secret opened = vault.open(SecretPurpose.ACCESS_TOKEN, accessToken);
            return userinfo.read(client.send(userinfo.request(opened)), data.told());
        } catch (SecretUnreadable e) {
            return otherwise(data, "The access token could not be opened to ask the provider who this is.");
        } catch (Untrusted e) {
            return otherwise(data, "The provider's userinfo endpoint must not be called.");
        }
    }

    @Override
    protected void giveUp(Data data, RuntimeException cause) {
        record(
                data,
                otherwise(
                        data,
                        cause instanceof Unreachable
                                ? "The provider's userinfo endpoint could not be reached."
                                : "Something broke in Claviger while it asked who this is; its log says what."));
    }

    private static Identification otherwise(Data data, String why) {
        return data.told() == null ? Identification.untold(why) : Identification.of(data.told());
    }

    private void record(Data data, Identification identification) {
        commands.sendAndWait(new RecordAccount(data.authorizationId(), identification));
    }
}
