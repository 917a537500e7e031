package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.TraceQuery.Exchange;
import dev.claviger.credentials.api.TraceQuery.ExchangeFact;
import dev.claviger.credentials.api.TraceQuery.FindTrace;
import dev.claviger.credentials.api.TraceQuery.Trace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the requests made for each attempt: the newest of each, and none for longer than the operator wants. */
@Component
class TraceTable {

    /** Its own: what is stored must not change with what the web speaks. */
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final TypeReference<List<ExchangeFact>> FACTS = new TypeReference<>() {};
    private static final int MOST_AT_ONCE = 500;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final TraceSettings settings;

    TraceTable(JdbcClient jdbc, PlatformTransactionManager transactions, TraceSettings settings) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.settings = settings;
    }

    void write(UUID attempt, Exchange exchange) {
        String facts = JSON.writeValueAsString(exchange.facts());
        transaction.executeWithoutResult(status -> {
            jdbc.sql("""
                            insert into credentials.exchange
                                   (attempt, at, purpose, method, url, status, failure, millis, bytes, facts)
                            values (:attempt, :at, :purpose, :method, :url, :status, :failure, :millis, :bytes,
                                    cast(:facts as jsonb))
                            """)
                    .param("attempt", attempt)
                    .param("at", OffsetDateTime.ofInstant(exchange.at(), ZoneOffset.UTC))
                    .param("purpose", exchange.purpose())
                    .param("method", exchange.method())
                    .param("url", exchange.url())
                    .param("status", exchange.status())
                    .param("failure", exchange.failure())
                    .param("millis", exchange.millis())
                    .param("bytes", exchange.bytes())
                    .param("facts", facts)
                    .update();
            jdbc.sql("""
                            delete from credentials.exchange
                             where attempt = :attempt
                               and id <= (select id from credentials.exchange where attempt = :attempt
                                           order by id desc offset :most limit 1)
                            """)
                    .param("attempt", attempt)
                    .param("most", settings.most())
                    .update();
        });
    }

    /** Answers how many went. */
    int forgetBefore(Instant time) {
        return jdbc.sql("delete from credentials.exchange where at < ?")
                .param(OffsetDateTime.ofInstant(time, ZoneOffset.UTC))
                .update();
    }

    @QueryHandler
    Trace handle(FindTrace query) {
        if (query.attempts().isEmpty()) {
            return new Trace(List.of(), 0);
        }
        int total = jdbc.sql("select count(*) from credentials.exchange where attempt in (:attempts)")
                .param("attempts", query.attempts())
                .query(Integer.class)
                .single();
        return new Trace(
                jdbc.sql("""
                                select * from credentials.exchange where attempt in (:attempts)
                                 order by at desc, id desc limit :limit offset :offset
                                """)
                        .param("attempts", query.attempts())
                        .param("limit", Math.max(1, Math.min(query.limit(), MOST_AT_ONCE)))
                        .param("offset", Math.max(0, query.offset()))
                        .query((row, number) -> exchange(row))
                        .list(),
                total);
    }

    private Exchange exchange(ResultSet row) throws SQLException {
        return new Exchange(
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("purpose"),
                row.getString("method"),
                row.getString("url"),
                row.getObject("status", Integer.class),
                row.getString("failure"),
                row.getLong("millis"),
                row.getLong("bytes"),
                JSON.readValue(row.getString("facts"), FACTS));
    }
}
