package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorQuery.ConnectionProgress;
import dev.claviger.connectors.api.ConnectorQuery.FindConnection;
import dev.claviger.credentials.api.TraceQuery.FindTrace;
import dev.claviger.credentials.api.TraceQuery.Trace;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** What was sent outside for a connection and what came of it, for people and for programs. */
@Controller
class TracePages {

    private static final int PAGE = 50;
    private static final int MOST = 500;

    private final Answers answers;
    private final Clock clock;

    TracePages(Answers answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
    }

    @GetMapping("/connections/{uuid}/trace")
    String page(@PathVariable String uuid, @RequestParam @Nullable Integer offset, Model model) {
        ConnectionProgress connection = find(uuid);
        UUID id = connection.connectionId().value();
        int from = Pager.offset(offset);
        Instant now = clock.instant();
        Trace trace = trace(connection, from, PAGE);
        model.addAttribute("title", "Requests for the connection of " + connection.connectorName());
        model.addAttribute("section", connection.agentId() == null ? "connectors" : "agents");
        model.addAttribute("uuid", id);
        model.addAttribute("connector", connection.connectorId().value());
        model.addAttribute("connectorName", connection.connectorName());
        model.addAttribute("ofServer", isOfServer(connection));
        model.addAttribute("any", !trace.items().isEmpty());
        model.addAttribute(
                "lines",
                trace.items().stream()
                        .map(exchange -> ExchangeLine.of(exchange, now))
                        .toList());
        model.addAttribute(
                "pager",
                Pager.of(
                        "/connections/" + id + "/trace",
                        from,
                        PAGE,
                        trace.items().size(),
                        trace.total()));
        return "connectors/trace";
    }

    /** The requests made for a connection, newest first. */
    @GetMapping("/api/v1/connections/{id}/trace")
    @ResponseBody
    TraceJson.Requests json(
            @PathVariable String id, @RequestParam @Nullable Integer offset, @RequestParam @Nullable Integer limit) {
        Trace trace = trace(find(id), Pager.offset(offset), Math.min(MOST, Pager.limit(limit, PAGE)));
        return new TraceJson.Requests(
                trace.items().stream().map(TraceJson.Request::of).toList(), trace.total());
    }

    private Trace trace(ConnectionProgress connection, int offset, int limit) {
        UUID attempt = connection.connectionId().value();
        List<UUID> ids = isOfServer(connection)
                ? List.of(attempt, connection.connectorId().value())
                : List.of(attempt);
        return answers.one(new FindTrace(ids, offset, limit), Trace.class);
    }

    /** Without a credential nothing tells one connection's requests from another's. */
    private static boolean isOfServer(ConnectionProgress connection) {
        return connection.authType() == AuthType.NONE;
    }

    private ConnectionProgress find(String text) {
        ConnectionId id = Ids.connection(text);
        return answers.need(new FindConnection(id), ConnectionProgress.class);
    }
}
