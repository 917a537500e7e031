package dev.claviger.app.audit;

import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.FingerprintSearch;
import dev.claviger.credentials.api.FingerprintSearch.Found;
import dev.claviger.credentials.api.FingerprintSearch.SealedSecret;
import dev.claviger.credentials.api.Secret;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Finds out which credential a found token is, and what became of it, also when it was replaced or destroyed long ago. */
@Component
class Leak {

    private static final int MOST = 200;

    private final FingerprintSearch search;
    private final AuditEntries entries;
    private final QueryGateway queries;
    private final JsonMapper json;

    Leak(FingerprintSearch search, AuditEntries entries, QueryGateway queries, JsonMapper json) {
        this.search = search;
        this.entries = entries;
        this.queries = queries;
        this.json = json;
    }

    /**
     * What is known of a token.
     *
     * @param fingerprint keyed hash of the token (HMAC-SHA-256, first 16 bytes in hex)
     * @param secrets the sealed secrets that it is; empty: it is none of ours
     * @param credentials the credentials that it was or is a part of
     * @param history the events that mention it, the oldest first, at most 200
     */
    record Answer(String fingerprint, List<SealedSecret> secrets, List<Holder> credentials, List<Mention> history) {}

    /**
     * A credential that has or had the token.
     *
     * @param generation the last token set it was in, from 1
     * @param issuedAt when it first came
     * @param state of the credential now; null: nothing is known of it any more
     * @param inForce whether it is in the token set that is handed out now
     */
    record Holder(
            CredentialId credentialId,
            @Nullable UUID connectorId,
            @Nullable String connector,
            @Nullable UUID agentId,
            @Nullable String agent,
            long generation,
            Instant issuedAt,
            @Nullable CredentialState state,
            boolean inForce) {}

    record Mention(
            Instant at,
            String event,
            String sentence,
            @Nullable UUID attempt,
            @Nullable String connector) {}

    Answer about(Secret leaked) {
        Found found = search.find(leaked);
        List<AuditEntries.Entry> mentions = found.secrets().isEmpty()
                ? List.of()
                : entries.mentioning(found.fingerprint(), MOST).stream()
                        .filter(entry -> !entry.event().equals("FingerprintSearched"))
                        .toList();
        return new Answer(
                found.fingerprint(),
                found.secrets(),
                holders(mentions),
                mentions.stream()
                        .map(entry -> new Mention(
                                entry.at(), entry.event(), entry.sentence(), entry.attempt(), entry.connectorName()))
                        .toList());
    }

    private List<Holder> holders(List<AuditEntries.Entry> mentions) {
        Map<UUID, AuditEntries.Entry> first = new LinkedHashMap<>();
        Map<UUID, Long> generation = new LinkedHashMap<>();
        for (AuditEntries.Entry entry : mentions) {
            boolean tokens =
                    entry.event().equals("TokenIssued") || entry.event().equals("TokenRefreshed");
            if (tokens && entry.attempt() != null) {
                first.putIfAbsent(entry.attempt(), entry);
                generation.put(
                        entry.attempt(),
                        json.readTree(entry.facts()).path("generation").asLong(1));
            }
        }
        Map<CredentialId, CredentialFacts> now =
                facts(first.keySet().stream().map(CredentialId::new).toList());
        return first.entrySet().stream()
                .map(holder -> {
                    CredentialId id = new CredentialId(holder.getKey());
                    CredentialFacts facts = now.get(id);
                    long last = generation.getOrDefault(holder.getKey(), 1L);
                    AuditEntries.Entry entry = holder.getValue();
                    return new Holder(
                            id,
                            entry.connectorId(),
                            entry.connectorName(),
                            entry.agentId(),
                            entry.agentName(),
                            last,
                            entry.at(),
                            facts == null ? null : facts.state(),
                            facts != null && facts.state() != CredentialState.REVOKED && facts.generation() == last);
                })
                .toList();
    }

    private Map<CredentialId, CredentialFacts> facts(List<CredentialId> ids) {
        return queries
                .query(new FindCredentials(ids), ResponseTypes.instanceOf(CredentialFactsList.class))
                .join()
                .items()
                .stream()
                .collect(Collectors.toMap(CredentialFacts::credentialId, Function.identity()));
    }
}
