package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.connectors.api.FreezeSubject.Kind;
import dev.claviger.connectors.api.Freezing;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialIds;
import dev.claviger.credentials.api.CredentialQuery.FindCredentialsOfIssuer;
import dev.claviger.credentials.api.CredentialQuery.FindIssuers;
import dev.claviger.credentials.api.CredentialQuery.IssuerNames;
import dev.claviger.credentials.api.FreezeCommand.FreezeCredentials;
import dev.claviger.credentials.api.FreezeId;
import dev.claviger.credentials.api.FreezeScope;
import dev.claviger.credentials.api.OneTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/** Says which credentials a connector or an agent has, and freezes them in the transaction in which it looked. */
@Component
class DatabaseFreezing implements Freezing {

    private static final int MOST_ISSUERS = 1_000;
    private static final String COVERED = """
            from connectors.connection x join connectors.connector c on c.connector_id = x.connector_id
            where x.state in ('LIVE', 'RUNNING') and x.auth_type <> 'NONE'
              and case :kind when 'EVERYTHING' then true when 'ISSUER' then x.issuer = :target or x.connection_id = any(:ofIssuer)
                             when 'CONNECTOR' then cast(x.connector_id as text) = :target
                             else cast(x.agent_id as text) = :target end
            """;

    private final JdbcClient jdbc;
    private final FreezeGuard guard;
    private final OneTransaction oneTransaction;
    private final CommandGateway commands;
    private final Answers answers;

    DatabaseFreezing(
            JdbcClient jdbc,
            FreezeGuard guard,
            OneTransaction oneTransaction,
            CommandGateway commands,
            Answers answers) {
        this.jdbc = jdbc;
        this.guard = guard;
        this.oneTransaction = oneTransaction;
        this.commands = commands;
        this.answers = answers;
    }

    @Override
    public List<String> names(List<FreezeSubject> subjects) {
        return subjects.stream().map(this::name).toList();
    }

    @Override
    public List<String> issuers() {
        List<String> named = jdbc.sql("""
                        select distinct issuer from connectors.connection where state = 'LIVE' and issuer is not null""").query(String.class).list();
        return Stream.concat(named.stream(), answers.one(new FindIssuers(), IssuerNames.class).items().stream())
                .distinct()
                .sorted()
                .limit(MOST_ISSUERS)
                .toList();
    }

    @Override
    public Affected affected(FreezeSubject subject) {
        demandKnown(subject);
        return jdbc.sql("""
                        with covered as (select x.connection_id, x.connector_id, x.agent_id, c.mode
                        """ + COVERED + """
                        ), shown as (
                            select t.agent_id, t.connector_id from connectors.agent_tool t
                              join connectors.connector c on c.connector_id = t.connector_id and not c.removed
                              join connectors.agent a on a.agent_id = t.agent_id and not a.removed
                             where case when :kind = 'AGENT' then cast(t.agent_id as text) = :target
                                        else t.connector_id in (select connector_id from covered where mode = 'SHARED') end
                            union
                            select agent_id, connector_id from covered where agent_id is not null)
                        select (select count(*) from covered) as credentials,
                               (select count(*) from (select connector_id from covered union
                                                      select connector_id from shown) as s) as connectors,
                               (select count(distinct agent_id) from shown) as agents""")
                .param("kind", subject.kind().name())
                .param("target", Objects.requireNonNullElse(subject.target(), ""))
                .param("ofIssuer", ofIssuer(subject))
                .query((row, n) -> new Affected(
                        subject,
                        name(subject),
                        row.getInt("credentials"),
                        row.getInt("connectors"),
                        subject.kind() == Kind.AGENT ? 1 : row.getInt("agents")))
                .single();
    }

    @Override
    public void freeze(FreezeId id, FreezeSubject subject, String reason) {
        demandKnown(subject);
        oneTransaction.run(() -> {
            guard.close();
            commands.sendAndWait(new FreezeCredentials(id, subject.toString(), scopes(subject), reason));
        });
    }

    /**
     * None for a connector that has no connection yet: then freezing it means that it gets none. An issuer is frozen by its
     * name, for what comes later, and credential by credential, for those that are known under another name.
     */
    private List<FreezeScope> scopes(FreezeSubject subject) {
        List<FreezeScope> scopes = new ArrayList<>();
        switch (subject.kind()) {
            case EVERYTHING -> scopes.add(FreezeScope.everything());
            case ISSUER -> scopes.add(FreezeScope.issuer(String.valueOf(subject.target())));
            case CONNECTOR -> {}
            case AGENT -> scopes.add(FreezeScope.actor(new AgentId(subject.uuid()).toString()));
        }
        if (subject.kind() != Kind.EVERYTHING) {
            jdbc.sql("select x.connection_id " + COVERED + " order by x.connection_id")
                    .param("kind", subject.kind().name())
                    .param("target", subject.target())
                    .param("ofIssuer", ofIssuer(subject))
                    .query(UUID.class)
                    .list()
                    .forEach(connection -> scopes.add(FreezeScope.credential(new CredentialId(connection))));
        }
        return scopes;
    }

    /**
     * What the credentials say of themselves: endpoints that were entered name no issuer to the connection, and the metadata
     * of an accepted exception named another one than its server.
     */
    private SqlArrayValue ofIssuer(FreezeSubject subject) {
        List<CredentialId> ids = subject.kind() == Kind.ISSUER
                ? answers.one(new FindCredentialsOfIssuer(String.valueOf(subject.target())), CredentialIds.class)
                        .items()
                : List.of();
        return new SqlArrayValue("uuid", ids.stream().map(CredentialId::value).toArray());
    }

    private void demandKnown(FreezeSubject subject) {
        if ((subject.kind() == Kind.CONNECTOR || subject.kind() == Kind.AGENT)
                && found(subject).isEmpty()) {
            throw new ConnectorRejected("There is no such " + Words.lower(subject.kind()) + " any more.");
        }
    }

    private String name(FreezeSubject subject) {
        return switch (subject.kind()) {
            case EVERYTHING -> "Everything";
            case ISSUER -> "Everything from " + subject.target();
            case CONNECTOR, AGENT ->
                found(subject).stream()
                        .map(name -> "The " + Words.lower(subject.kind()) + " “" + name + "”")
                        .findFirst()
                        .orElse(subject.toString());
        };
    }

    private List<String> found(FreezeSubject subject) {
        return jdbc.sql(
                        subject.kind() == Kind.AGENT
                                ? "select name from connectors.agent where agent_id = ?"
                                : "select name from connectors.connector where connector_id = ?")
                .param(subject.uuid())
                .query(String.class)
                .list();
    }
}
