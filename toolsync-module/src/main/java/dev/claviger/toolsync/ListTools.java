package dev.claviger.toolsync;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.InHand;
import dev.claviger.credentials.api.UsedBy;
import dev.claviger.credentials.outbound.Effect;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.Refused;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import dev.claviger.toolsync.Listing.RecordSyncFailure;
import dev.claviger.toolsync.Listing.RecordTools;
import dev.claviger.toolsync.api.ToolCatalogEvent.SyncRequested;
import dev.claviger.toolsync.protocol.DualEraTransport;
import dev.claviger.toolsync.protocol.Forbidden;
import dev.claviger.toolsync.protocol.Limits;
import dev.claviger.toolsync.protocol.McpConnection;
import dev.claviger.toolsync.protocol.McpTarget;
import dev.claviger.toolsync.protocol.McpTransport;
import dev.claviger.toolsync.protocol.ServerInfo;
import dev.claviger.toolsync.protocol.Unauthorized;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Asks a server for its tools, with a fresh credential where it wants one, and records what it said. */
@Component
class ListTools extends Effect<SyncRequested> {

    private static final UsedBy US = new UsedBy("system:toolsync", "tools/list", null);

    private final McpTransport transport;
    private final FreshCredentials credentials;
    private final InHand inHand;
    private final CommandGateway commands;
    private final Catalogs catalogs;
    private final Duration timeLimit;

    /** @param timeLimit of one listing: all pages, without the retries */
    ListTools(
            OutboundClient client,
            FreshCredentials credentials,
            InHand inHand,
            CommandGateway commands,
            Catalogs catalogs,
            @Value("${claviger.toolsync.time-limit:PT60S}") Duration timeLimit) {
        super("toolsync.list-tools", SyncRequested.class, 3, Duration.ofSeconds(2));
        this.transport = new DualEraTransport(client);
        this.credentials = credentials;
        this.inHand = inHand;
        this.commands = commands;
        this.catalogs = catalogs;
        this.timeLimit = timeLimit;
    }

    /** What is asked without a credential belongs to no attempt, so it is the connector's, whose UUID the catalogue has. */
    @Override
    protected UUID attempt(SyncRequested sync) {
        return sync.credentialId() == null
                ? sync.catalogId().value()
                : sync.credentialId().value();
    }

    @Override
    protected void perform(SyncRequested sync) {
        commands.sendAndWait(outcome(sync));
    }

    @Override
    protected void giveUp(SyncRequested sync, RuntimeException cause) {
        commands.sendAndWait(failed(sync, lastWord(sync, cause)));
    }

    /** Asks and says what came of it, recording nothing. */
    Listing outcome(SyncRequested sync) {
        try {
            return answer(sync);
        } catch (CredentialUnavailable e) {
            if (e.reason() == CredentialUnavailable.Reason.TRY_LATER) {
                throw later(e);
            }
            return failed(sync, new Failure(code(e), String.valueOf(e.getMessage())));
        }
    }

    /** Of a credential that may come back. */
    static Unreachable later(CredentialUnavailable e) {
        Unreachable later = new Unreachable(String.valueOf(e.getMessage()), false, e.retryAfter());
        later.initCause(e);
        return later;
    }

    /**
     * As {@link #outcome}, of the server only.
     *
     * @throws CredentialUnavailable when there was none to ask with
     */
    Listing answer(SyncRequested sync) {
        try {
            return list(sync);
        } catch (Unauthorized e) {
            return failed(sync, new Failure(FailureCode.CREDENTIAL_REFUSED, whatToDo(sync, e)));
        } catch (Forbidden e) {
            return failed(sync, new Failure(FailureCode.CREDENTIAL_REFUSED, String.valueOf(e.getMessage())));
        } catch (Refused e) {
            return failed(sync, e.failure());
        } catch (Untrusted e) {
            return failed(sync, e.failure());
        }
    }

    static FailureCode code(CredentialUnavailable cause) {
        return cause.reason() == CredentialUnavailable.Reason.FROZEN
                ? FailureCode.CREDENTIAL_FROZEN
                : FailureCode.CREDENTIAL_UNAVAILABLE;
    }

    private Listing list(SyncRequested sync) {
        CredentialId credentialId = sync.credentialId();
        if (credentialId == null) {
            return list(sync, null);
        }
        if (sync.credentialIfAsked()) {
            try {
                return list(sync, null);
            } catch (Unauthorized | Forbidden e) {
                return listWith(sync, credentialId);
            }
        }
        return listWith(sync, credentialId);
    }

    @SuppressWarnings("try")
    private Listing listWith(SyncRequested sync, CredentialId credentialId) {
        try (InHand.Hold hold = inHand.hold()) {
            FreshCredential shown = credentials.fresh(credentialId, US);
            try {
                return list(sync, shown);
            } catch (Unauthorized refusal) {
                return list(sync, newer(credentials, shown, US, refusal));
            }
        }
    }

    /**
     * A newer credential than the one a server has refused with 401. Throws the refusal where there is none: then the
     * server's words say more than our own trouble.
     */
    static FreshCredential newer(
            FreshCredentials credentials, FreshCredential refused, UsedBy usedBy, Unauthorized refusal) {
        try {
            return credentials.freshAfterRefusal(refused.credentialId(), refused.generation(), usedBy);
        } catch (CredentialUnavailable e) {
            throw refusal;
        }
    }

    /** Asks once with this credential, or without any; what it throws says what became of the credential. */
    Listing list(SyncRequested sync, @Nullable FreshCredential credential) {
        McpTarget target = new McpTarget(address(sync), sync.headers(), credential);
        try (McpConnection connection =
                transport.connect(target, Limits.within(timeLimit), catalogs.knownWay(sync.catalogId()))) {
            ServerInfo server = connection.open();
            return new RecordTools(sync.catalogId(), sync.syncId(), server, connection.listTools());
        }
    }

    private static URI address(SyncRequested sync) {
        try {
            return URI.create(sync.serverUrl());
        } catch (IllegalArgumentException e) {
            throw new Untrusted(FailureCode.UNSAFE_ADDRESS, "The server's URL is not a valid address");
        }
    }

    private static String whatToDo(SyncRequested sync, Unauthorized refusal) {
        return refusal.getMessage()
                + (sync.credentialId() == null
                        ? "; it wants a credential, so choose another way to sign in for this connector"
                        : "; replace the credential or connect again");
    }

    static Failure lastWord(SyncRequested sync, RuntimeException cause) {
        if (cause.getCause() instanceof CredentialUnavailable) {
            return new Failure(FailureCode.CREDENTIAL_UNAVAILABLE, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof Unreachable) {
            return new Failure(FailureCode.MCP_UNREACHABLE, String.valueOf(cause.getMessage()));
        }
        return new Failure(
                FailureCode.MCP_PROTOCOL_ERROR,
                "Listing the tools failed on our side; the log has the cause under " + sync.syncId());
    }

    private static Listing failed(SyncRequested sync, Failure failure) {
        return new RecordSyncFailure(sync.catalogId(), sync.syncId(), failure);
    }
}
