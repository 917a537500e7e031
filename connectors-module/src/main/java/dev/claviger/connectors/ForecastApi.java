package dev.claviger.connectors;

import dev.claviger.connectors.Forecast.Line;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.ConnectorId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Admin API: what ends when if nobody acts. */
@RestController
@RequestMapping("/api/v1/forecast")
class ForecastApi {

    /** @param agentId whose connection at the connector; null: everybody's */
    record AffectedAnswer(
            ConnectorId connectorId,
            String connectorName,
            @Nullable AgentId agentId,
            @Nullable String agentName) {}

    /**
     * @param id the same every time
     * @param kind {@code credential}, {@code client_secret}, {@code signing_key}, {@code master_key} or {@code agent_keys}
     * @param fate {@code stopped}, {@code stops}, {@code changes} by itself, {@code unknown} or {@code never}
     * @param when null where there is no end, or nobody knows it
     * @param todo in a sentence
     * @param page on which to do it
     */
    record End(
            String id,
            String kind,
            String fate,
            @Nullable Instant when,
            String what,
            String why,
            List<AffectedAnswer> affected,
            String todo,
            String page) {}

    /**
     * @param headline the days ahead in a sentence or two
     * @param stopped what does not work now
     * @param soon what ends within those days, the first first
     * @param later what ends after them
     * @param unknown of what nobody knows when it ends
     * @param never what does not end by itself
     * @param renewing how many credentials renew themselves and are not listed
     */
    record Answer(
            Instant at,
            int days,
            String headline,
            List<End> stopped,
            List<End> soon,
            List<End> later,
            List<End> unknown,
            List<End> never,
            int renewing) {}

    private final Forecaster forecaster;
    private final String publicUrl;

    ForecastApi(Forecaster forecaster, @Value("${claviger.public-url}") String publicUrl) {
        this.forecaster = forecaster;
        this.publicUrl = publicUrl;
    }

    /** @param days ahead, 1 to 365; 30 without it */
    @GetMapping
    Answer forecast(@RequestParam @Nullable Integer days) {
        int ahead = ForecastController.days(days);
        Forecast forecast = forecaster.now();
        return new Answer(
                forecast.at(),
                ahead,
                forecast.headline(ahead),
                ends(forecast.stopped()),
                ends(forecast.within(ahead)),
                ends(forecast.after(ahead)),
                ends(forecast.unknown()),
                ends(forecast.never()),
                forecast.renewing());
    }

    private List<End> ends(List<Line> lines) {
        return lines.stream().map(this::end).toList();
    }

    private End end(Line line) {
        return new End(
                line.id(),
                Words.lower(line.kind()),
                Words.lower(line.fate()),
                line.when(),
                line.what(),
                line.why(),
                line.affected().stream()
                        .map(affected -> new AffectedAnswer(
                                new ConnectorId(affected.connector()),
                                affected.connectorName(),
                                affected.agent() == null ? null : new AgentId(affected.agent()),
                                affected.agentName()))
                        .toList(),
                line.todo(),
                publicUrl + line.link());
    }
}
