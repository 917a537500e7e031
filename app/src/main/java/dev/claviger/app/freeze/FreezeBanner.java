package dev.claviger.app.freeze;

import dev.claviger.app.layout.Banner;
import dev.claviger.connectors.api.FreezeSubject;
import dev.claviger.connectors.api.Freezing;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Says on every page what is frozen. */
@Component
class FreezeBanner implements Banner {

    private static final int NAMED = 3;

    private final JdbcClient jdbc;
    private final Freezing freezing;
    private volatile List<String> subjects = List.of();
    private volatile String text = "";

    FreezeBanner(JdbcClient jdbc, Freezing freezing) {
        this.jdbc = jdbc;
        this.freezing = freezing;
    }

    @Override
    public Optional<String> text() {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Asks the database what is frozen now. */
    void read() {
        List<String> now = jdbc.sql(
                        "select distinct subject from app.freeze where thawed_at is null order by subject limit 100")
                .query(String.class)
                .list();
        if (!now.equals(subjects)) {
            text = now.isEmpty() ? "" : sentence(now);
            subjects = now;
        }
    }

    private String sentence(List<String> frozen) {
        String named = String.join(
                ", ",
                freezing.names(
                        frozen.stream().limit(NAMED).map(FreezeSubject::parse).toList()));
        return "Frozen: " + named
                + (frozen.size() > NAMED ? " and " + (frozen.size() - NAMED) + " more" : "")
                + ". Nothing of it is handed out or refreshed; the page Emergency thaws it.";
    }
}
