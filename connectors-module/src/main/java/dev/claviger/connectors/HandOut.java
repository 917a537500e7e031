package dev.claviger.connectors;

import dev.claviger.connectors.AgentCalls.Call;
import dev.claviger.connectors.QuickAnswers.Answer;
import dev.claviger.connectors.QuickAnswers.Question;
import dev.claviger.connectors.ServerOffers.Found;
import dev.claviger.connectors.ServerOffers.Wanted;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentQuery.AgentOffer;
import dev.claviger.connectors.api.AgentQuery.FindOffer;
import dev.claviger.connectors.api.AgentQuery.OfferedConnector;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.CredentialUnavailable.Reason;
import dev.claviger.credentials.api.FreshCredential;
import dev.claviger.credentials.api.FreshCredentials;
import dev.claviger.credentials.api.HandOuts.HandedOut;
import dev.claviger.credentials.api.UsedBy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Gives an agent what it may use, and its credentials in the open: its own, or a shared one it was given tools of. */
@Component
class HandOut {

    /**
     * How to call a server now.
     *
     * @param expiresAt when the headers die as far as is known; null: unknown or never
     * @param generation names the token set, to be given back when the server refuses it; null: there is none to refuse
     */
    record Headers(
            String url,
            Map<String, String> headers,
            @Nullable Instant expiresAt,
            @Nullable String generation) {
        @Override
        public String toString() {
            return "Headers[" + url + "]";
        }
    }

    /**
     * @param headers null: the agent has them already
     * @param tag names this answer, in its quotes (RFC 9110, section 8.8.3)
     */
    record Answered(@Nullable Headers headers, String tag) {}

    private final Answers answers;
    private final QuickAnswers quick;
    private final ServerOffers offers;
    private final FreshCredentials credentials;
    private final AgentCalls calls;
    private final String publicUrl;

    HandOut(
            Answers answers,
            QuickAnswers quick,
            ServerOffers offers,
            FreshCredentials credentials,
            AgentCalls calls,
            @Value("${claviger.public-url}") String publicUrl) {
        this.answers = answers;
        this.quick = quick;
        this.offers = offers;
        this.credentials = credentials;
        this.calls = calls;
        this.publicUrl = publicUrl;
    }

    AgentOffer offer(AgentId agent) {
        return answers.need(new FindOffer(agent), AgentOffer.class);
    }

    /**
     * @param refused what the server answered 401 to; null: nothing
     * @param has the answers that the agent has already; null: it did not say
     * @throws NotFound when the connector is not offered to the agent
     * @throws Unmended when there is no credential to hand out
     */
    Answered headers(Call call, String serverKey, @Nullable TokenSet refused, @Nullable EntityTags has) {
        if (refused == null) {
            return quickly(call, serverKey, quick.ask(new Question(call, serverKey, has, null)));
        }
        Found found = offers.find(List.of(new Wanted(call.agent(), serverKey))).get(0);
        if (found == null) {
            calls.write(call, AgentCalls.NOT_OFFERED);
            throw notOffered();
        }
        return theLongWay(call, found, refused);
    }

    /**
     * As {@link #headers(Call, String, TokenSet, EntityTags)}; empty, and no refusal on record, where that would throw, and
     * where the key is not the agent's any more.
     */
    Optional<Answered> headersIfReady(Call call, String keyHash, String serverKey, @Nullable EntityTags has) {
        Answer answer = quick.ask(new Question(call, serverKey, has, keyHash));
        Found found = answer.found();
        if (found == null || !answer.settled()) {
            return Optional.empty();
        }
        try {
            return settled(found, answer);
        } catch (CredentialUnavailable e) {
            return Optional.empty();
        }
    }

    private Answered quickly(Call call, String serverKey, Answer answer) {
        Found found = answer.found();
        if (found == null) {
            if (!answer.settled()) {
                calls.write(call, AgentCalls.NOT_OFFERED);
            }
            throw notOffered();
        }
        if (!answer.settled()) {
            return theLongWay(call, found, null);
        }
        try {
            // Empty: it was replaced after the commit, so there is a newer one.
            return settled(found, answer).orElseGet(() -> theLongWay(call, found, null));
        } catch (CredentialUnavailable e) {
            throw refusal(call, found.offer(), e);
        }
    }

    private static Optional<Answered> settled(Found found, Answer answer) {
        HandedOut handedOut = answer.handedOut();
        String tag = EntityTags.of(found, handedOut == null ? 0 : handedOut.generation());
        if (answer.stillValid()) {
            return Optional.of(new Answered(null, tag));
        }
        if (handedOut == null) {
            return Optional.of(new Answered(withoutCredential(found.offer()), tag));
        }
        return handedOut.open().map(fresh -> new Answered(with(fresh, found.offer()), tag));
    }

    private Answered theLongWay(Call call, Found found, @Nullable TokenSet refused) {
        ServerOffer server = found.offer();
        try {
            if (!server.needsCredential()) {
                calls.write(call, AgentCalls.ANSWERED, server);
                return new Answered(withoutCredential(server), EntityTags.of(found, 0));
            }
            FreshCredential fresh = fresh(call, server, refused);
            return new Answered(with(fresh, server), EntityTags.of(found, fresh.generation()));
        } catch (CredentialUnavailable e) {
            throw refusal(call, server, e);
        }
    }

    /** As {@link #headers(Call, String, TokenSet, EntityTags)} for one of an {@link #offer}. */
    Headers headers(Call call, OfferedConnector connector) {
        // What was listed has no version; its tag is not shown.
        return Objects.requireNonNull(
                theLongWay(call, new Found(ServerOffer.of(connector), 0), null).headers());
    }

    private FreshCredential fresh(Call call, ServerOffer server, @Nullable TokenSet refused) {
        ConnectionId connection = server.connection();
        if (connection == null) {
            throw new CredentialUnavailable(
                    Reason.NEEDS_CONSENT, server.name() + " is not connected; an admin can connect it.");
        }
        CredentialId credential = new CredentialId(connection.value());
        UsedBy usedBy = new UsedBy(call.agent().toString(), call.what(), call.sourceAddress());
        return refused != null && refused.isOf(connection)
                ? credentials.freshAfterRefusal(credential, refused.generation(), usedBy)
                : credentials.fresh(credential, usedBy);
    }

    private static Headers withoutCredential(ServerOffer server) {
        return new Headers(server.url(), server.customHeaders(), null, null);
    }

    private static Headers with(FreshCredential fresh, ServerOffer server) {
        Map<String, String> headers = new LinkedHashMap<>(server.customHeaders());
        headers.keySet().removeIf(name -> name.equalsIgnoreCase(fresh.headerName()));
        headers.put(fresh.headerName(), fresh.headerValue().reveal());
        ConnectionId connection = new ConnectionId(fresh.credentialId().value());
        return new Headers(
                server.url(), headers, fresh.expiresAt(), new TokenSet(connection, fresh.generation()).name());
    }

    /** Written down before it is answered, as everything is. */
    private Unmended refusal(Call call, ServerOffer server, CredentialUnavailable cause) {
        calls.write(call, "refused: " + Words.lower(cause.reason()).replace('_', ' '), server);
        return new Unmended(cause, mend(call.agent(), server), publicUrl);
    }

    private NotFound notOffered() {
        return new NotFound("No connector of this key is offered to this agent. GET " + publicUrl
                + "/api/v1/agent/connectors lists what is.");
    }

    private String mend(AgentId agent, ServerOffer server) {
        return server.mode() == CredentialMode.PER_AGENT
                ? publicUrl + "/agents/" + agent.value()
                : publicUrl + "/connectors/" + server.connector().value();
    }
}
