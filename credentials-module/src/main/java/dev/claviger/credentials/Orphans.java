package dev.claviger.credentials;

import dev.claviger.credentials.api.OneTransaction;
import dev.claviger.credentials.api.SecretKeeper;
import dev.claviger.credentials.api.SecretPurpose;
import dev.claviger.credentials.api.SecretRef;
import dev.claviger.credentials.api.VaultEvent.Orphan;
import dev.claviger.credentials.api.VaultEvent.OrphansShredded;
import dev.claviger.credentials.vault.Vault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds sealed secrets to which nobody refers any more, marks them, and destroys at a later sweep those that still are
 * orphans then. A young secret is left alone: what is to refer to it may be on its way.
 */
@Component
class Orphans {

    private static final Logger log = LoggerFactory.getLogger(Orphans.class);
    private static final int BATCH = 500;
    private static final String OLD_ENOUGH = "interval '1 day'";
    private static final String MARKED_LONG_ENOUGH = "interval '1 hour'";

    private final JdbcClient jdbc;
    private final ObjectProvider<SecretKeeper> keepers;
    private final Vault vault;
    private final OneTransaction oneTransaction;
    private final EventGateway events;

    Orphans(
            JdbcClient jdbc,
            ObjectProvider<SecretKeeper> keepers,
            Vault vault,
            OneTransaction oneTransaction,
            EventGateway events) {
        this.jdbc = jdbc;
        this.keepers = keepers;
        this.vault = vault;
        this.oneTransaction = oneTransaction;
        this.events = events;
    }

    /** Looks once at every live secret that is old enough. Each batch is a transaction of its own. */
    void sweep() {
        List<String> purposes = keepers.stream()
                .flatMap(keeper -> keeper.purposes().stream())
                .map(SecretPurpose::name)
                .distinct()
                .toList();
        if (purposes.isEmpty()) {
            return;
        }
        UUID cursor = null;
        List<UUID> batch = after(cursor, purposes);
        while (!batch.isEmpty()) {
            List<UUID> looked = batch;
            oneTransaction.run(() -> look(looked));
            cursor = batch.get(batch.size() - 1);
            batch = after(cursor, purposes);
        }
    }

    private List<UUID> after(@Nullable UUID cursor, List<String> purposes) {
        return jdbc.sql("""
                        select id from credentials.secret
                         where shredded_at is null and created_at < now() - %s and purpose in (:purposes)
                           and (cast(:cursor as uuid) is null or id > :cursor)
                         order by id limit :limit""".formatted(OLD_ENOUGH))
                .param("purposes", purposes)
                .param("cursor", cursor)
                .param("limit", BATCH)
                .query(UUID.class)
                .list();
    }

    private void look(List<UUID> batch) {
        List<UUID> orphans = orphansAmong(batch);
        update(
                "update credentials.secret set orphan_since = null where orphan_since is not null and id in (:ids)",
                except(batch, orphans));
        List<Orphan> doomed = markedBefore(orphans);
        update(
                "update credentials.secret set orphan_since = now() where orphan_since is null and id in (:ids)",
                orphans);
        if (!doomed.isEmpty()) {
            doomed.forEach(orphan -> vault.shred(new SecretRef(orphan.secretId(), orphan.fingerprint())));
            events.publish(new OrphansShredded(doomed));
            log.info("Destroyed {} sealed secrets to which nothing referred any more", doomed.size());
        }
    }

    private List<UUID> orphansAmong(List<UUID> batch) {
        Set<UUID> left = new HashSet<>(batch);
        keepers.orderedStream().forEach(keeper -> left.removeAll(keeper.stillNeeded(List.copyOf(left))));
        return List.copyOf(left);
    }

    /** Locked, so that what two nodes sweep at once is told once. */
    private List<Orphan> markedBefore(List<UUID> orphans) {
        if (orphans.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("""
                        select id, purpose, fingerprint, created_at from credentials.secret
                         where id in (:ids) and shredded_at is null and orphan_since < now() - %s
                         order by id for update skip locked""".formatted(MARKED_LONG_ENOUGH))
                .param("ids", orphans)
                .query((row, n) -> new Orphan(
                        row.getObject("id", UUID.class),
                        SecretPurpose.valueOf(row.getString("purpose")),
                        row.getString("fingerprint"),
                        row.getTimestamp("created_at").toInstant()))
                .list();
    }

    private void update(String sql, Collection<UUID> ids) {
        if (!ids.isEmpty()) {
            jdbc.sql(sql).param("ids", ids).update();
        }
    }

    private static List<UUID> except(List<UUID> all, List<UUID> those) {
        List<UUID> others = new ArrayList<>(all);
        others.removeAll(new HashSet<>(those));
        return others;
    }
}
