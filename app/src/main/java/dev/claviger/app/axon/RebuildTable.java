package dev.claviger.app.axon;

import java.util.HashSet;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Says to the other processes which projection one of them wants for itself, for the moment in which it is reset. */
@Component
class RebuildTable {

    private final JdbcClient database;

    RebuildTable(JdbcClient database) {
        this.database = database;
    }

    /** One that died on the way holds nothing for longer than a minute. False when another process has it. */
    boolean take(String processor, String node) {
        return database.sql("""
                        insert into app.projection_rebuild (processor, node) values (:processor, :node)
                        on conflict (processor) do update set node = excluded.node, begun_at = now()
                         where projection_rebuild.begun_at < now() - interval '1 minute'""")
                        .param("processor", processor)
                        .param("node", node)
                        .update()
                == 1;
    }

    void give(String processor, String node) {
        database.sql("delete from app.projection_rebuild where processor = :processor and node = :node")
                .param("processor", processor)
                .param("node", node)
                .update();
    }

    /** What others have taken. */
    Set<String> takenByOthers(String node) {
        return new HashSet<>(database.sql("select processor from app.projection_rebuild"
                        + " where node <> :node and begun_at > now() - interval '1 minute'")
                .param("node", node)
                .query(String.class)
                .list());
    }
}
