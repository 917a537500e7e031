package dev.claviger.credentials.api;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks for secrets in whole rows, so that a column added later is looked into as well. */
public final class SecretMentions {

    private SecretMentions() {}

    /**
     * Those of the secrets whose ids stand anywhere in the rows.
     *
     * @param rows a query with one column of type {@code jsonb}, for example {@code select to_jsonb(t) from s.t}
     */
    public static Set<UUID> in(JdbcClient jdbc, String rows, Collection<UUID> secrets) {
        if (secrets.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(jdbc.sql("""
                        select distinct found #>> '{}' from (
                            select jsonb_path_query(doc, '$.** ? (@.type() == "string")') as found from (%s) as r (doc)
                        ) f where found #>> '{}' in (:ids)""".formatted(rows))
                .param("ids", secrets.stream().map(UUID::toString).toList())
                .query((row, n) -> UUID.fromString(row.getString(1)))
                .list());
    }
}
