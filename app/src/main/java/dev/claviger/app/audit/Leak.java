package dev.claviger.app.audit;

import dev.claviger.app.audit.AuditEntries.Holding;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialFacts;
import dev.claviger.credentials.api.CredentialQuery.CredentialFactsList;
import dev.claviger.credentials.api.CredentialQuery.FindCredentials;
import dev.claviger.credentials.api.CredentialState;
import dev.claviger.credentials.api.FingerprintSearch;
import dev.claviger.credentials.api.FingerprintSearch.Found;
import dev.claviger.credentials.api.FingerprintSearch.Held;
import dev.claviger.credentials.api.FingerprintSearch.SealedSecret;
import dev.claviger.credentials.api.Secret;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds out which credential a found token is, and what became of it, also when it was replaced or destroyed long ago. */
@Component
class Leak {

    private static final int MOST = 200;

    private final FingerprintSearch search;
    private final AuditEntries entries;
    private final QueryGateway queries;

    Leak(FingerprintSearch search, AuditEntries entries, QueryGateway queries) {
        this.search = search;
        this.entries = entries;
        this.queries = queries;
    }

    /**
     * What is known of a token.
     *
     * @param fingerprint keyed hash of the token (HMAC-SHA-256, first 16 bytes in hex)
     * @param secrets the sealed secrets that it is; empty: it is none of ours
     * @param credentials the credentials that it was or is a part of, those where it is in force first
     * @param history the events that mention it, the newest 200, the newest first
     * @param more whether there are older ones
     */
    record Answer(
            String fingerprint,
            List<SealedSecret> secrets,
            List<Holder> credentials,
            List<Mention> history,
            boolean more) {}

    /**
     * A credential that has or had the token.
     *
     * @param generation the last token set it was in, from 1; null: in none, or its events have not been read yet
     * @param issuedAt when it first came; null: its events have not been read yet
     * @param state of the credential now; null: nothing is known of it any more
     * @param inForce whether it is in the token set that is handed out and renewed now
     * @param ending whether the credential is revoked, but the secret not destroyed yet: the provider may still take it
     */
    record Holder(
            CredentialId credentialId,
            @Nullable UUID connectorId,
            @Nullable String connector,
            @Nullable UUID agentId,
            @Nullable String agent,
            @Nullable Long generation,
            @Nullable Instant issuedAt,
            @Nullable CredentialState state,
            boolean inForce,
            boolean ending) {}

    record Mention(
            Instant at,
            String event,
            String sentence,
            @Nullable UUID attempt,
            @Nullable String connector) {}

    Answer about(Secret leaked) {
        Found found = search.find(leaked);
        boolean ours = !found.secrets().isEmpty();
        List<AuditEntries.Entry> mentions = ours ? entries.mentioning(found.fingerprint(), MOST + 1) : List.of();
        return new Answer(
                found.fingerprint(),
                found.secrets(),
                ours ? holders(found) : List.of(),
                mentions.stream()
                        .limit(MOST)
                        .map(entry -> new Mention(
                                entry.at(), entry.event(), entry.sentence(), entry.attempt(), entry.connectorName()))
                        .toList(),
                mentions.size() > MOST);
    }

    /** Whether it is in force says the vault, which knows it at once; of whom it was, the trail. */
    private List<Holder> holders(Found found) {
        Map<CredentialId, Holding> told = new LinkedHashMap<>();
        for (Holding holding : entries.holding(found.fingerprint(), MOST)) {
            told.put(new CredentialId(holding.attempt()), holding);
        }
        Map<CredentialId, Held> held =
                found.held().stream().collect(Collectors.toMap(Held::credentialId, Function.identity()));
        Set<CredentialId> all = new LinkedHashSet<>();
        found.held().forEach(one -> all.add(one.credentialId()));
        all.addAll(told.keySet());
        Map<CredentialId, CredentialFacts> now = facts(List.copyOf(all));
        return all.stream()
                .map(id -> holder(id, told.get(id), held.get(id), now.get(id)))
                .toList();
    }

    private static Holder holder(
            CredentialId id, @Nullable Holding told, @Nullable Held held, @Nullable CredentialFacts facts) {
        boolean inForce = held != null && held.inForce();
        return new Holder(
                id,
                told == null ? null : told.connectorId(),
                told == null ? null : told.connectorName(),
                told == null ? null : told.agentId(),
                told == null ? null : told.agentName(),
                held != null && inForce ? Long.valueOf(held.generation()) : told == null ? null : told.generation(),
                told == null ? null : told.first(),
                facts == null ? null : facts.state(),
                inForce,
                held != null && !held.inForce());
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
