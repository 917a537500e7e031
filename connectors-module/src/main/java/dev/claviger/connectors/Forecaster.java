package dev.claviger.connectors;

import dev.claviger.connectors.Forecast.Affected;
import dev.claviger.connectors.Forecast.Fate;
import dev.claviger.connectors.Forecast.Kind;
import dev.claviger.connectors.Forecast.Line;
import dev.claviger.connectors.ForecastRows.Ending;
import dev.claviger.connectors.ForecastRows.Entered;
import dev.claviger.connectors.ForecastRows.Issued;
import dev.claviger.connectors.api.AuthType;
import dev.claviger.credentials.api.MasterKeyStatus;
import dev.claviger.oauth.api.ClientEndQuery.ClientEnd;
import dev.claviger.oauth.api.ClientEndQuery.ClientEnds;
import dev.claviger.oauth.api.ClientEndQuery.FindClientEnds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Puts together what ends when: each module is asked for its own. */
@Component
class Forecaster {

    private static final int MOST = 10_000;

    private final ForecastRows rows;
    private final Answers answers;
    private final ObjectProvider<MasterKeyStatus> masterKey;
    private final Clock clock;

    Forecaster(ForecastRows rows, Answers answers, ObjectProvider<MasterKeyStatus> masterKey, Clock clock) {
        this.rows = rows;
        this.answers = answers;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    Forecast now() {
        Instant now = clock.instant();
        List<Ending> endings = rows.endings(MOST);
        ClientEnds clients = answers.one(new FindClientEnds(), ClientEnds.class);
        List<Issued> issued = rows.issued();
        List<Line> lines = new ArrayList<>();
        endings.forEach(ending -> lines.add(credential(ending, now)));
        clients.items().stream().map(client -> client(client, issued, now)).forEach(lines::add);
        rows.entered().stream().map(entered -> entered(entered, now)).forEach(lines::add);
        lines.addAll(ourKeys(clients, now));
        lines.sort(Forecast.IN_ORDER);
        return new Forecast(now, lines, rows.renewing(), endings.size() < MOST);
    }

    static Line credential(Ending ending, Instant now) {
        String link = ending.agent() == null
                ? "/connectors/" + ending.connector()
                : "/agents/" + ending.agent() + "#connector-" + ending.connector();
        if (!ending.needsConsent() && !ending.refused()) {
            if (ending.failing()) {
                return failing(ending, link, now);
            }
            if (ending.refreshExpiresAt() != null && !idleEndMattersMore(ending, ending.refreshExpiresAt())) {
                return refreshToken(ending, ending.refreshExpiresAt(), link, now);
            }
            if (ending.idleEndsAt() != null) {
                return idle(ending, ending.idleEndsAt(), link, now);
            }
        }
        Instant end = ending.expiresAt();
        boolean expired = end != null && !end.isAfter(now);
        Fate fate = ending.needsConsent() || ending.refused() || expired
                ? Fate.STOPPED
                : end == null ? Fate.UNKNOWN : Fate.STOPS;
        return line(ending, fate, fate == Fate.UNKNOWN ? null : end, why(ending, expired), todo(ending, fate), link);
    }

    private static Line line(Ending ending, Fate fate, @Nullable Instant when, String why, String todo, String link) {
        return new Line(
                "credential-" + ending.connection(),
                Kind.CREDENTIAL,
                fate,
                when,
                "Credential of " + ending.connectorName()
                        + (ending.agentName() == null ? "" : " for " + ending.agentName()),
                why,
                List.of(new Affected(ending.connector(), ending.connectorName(), ending.agent(), ending.agentName())),
                todo,
                link);
    }

    /** It renews itself no more until a refresh succeeds, and nobody tries for ever. */
    private static Line failing(Ending ending, String link, Instant now) {
        Instant told = ending.refreshExpiresAt();
        Instant idle = ending.idleEndsAt();
        boolean idleFirst = idle != null && (told == null || idle.isBefore(told));
        Instant refreshEnds = idleFirst ? idle : told;
        String says = idleFirst ? "unused, as the connector's settings say" : "as the provider told";
        if (refreshEnds != null && !refreshEnds.isAfter(now)) {
            return line(
                    ending,
                    Fate.STOPPED,
                    refreshEnds,
                    "The refresh token ended then, " + says + "; refreshes failed before.",
                    "Connect again.",
                    link);
        }
        Instant givenUp = ending.givenUpAt();
        boolean endsFirst = refreshEnds != null && (givenUp == null || refreshEnds.isBefore(givenUp));
        Instant end = endsFirst ? refreshEnds : givenUp;
        String since = ending.failingSince() == null ? "" : " since " + Forecast.day(ending.failingSince());
        Instant expires = ending.expiresAt();
        String token = expires == null || expires.isAfter(now)
                ? ""
                : " The access token has ended, so agents are told to wait.";
        String then = endsFirst
                ? " The refresh token ends then, " + says + "."
                : end == null
                        ? " Nobody knows how long that is borne."
                        : " If none succeeds before, they are given up then.";
        return line(
                ending,
                end == null ? Fate.UNKNOWN : Fate.STOPS,
                // What is overdue is given up with the next that fails.
                end != null && end.isBefore(now) ? now : end,
                "Refreshes fail" + since + "." + token + then,
                "See why they fail, or connect again" + (end == null ? "." : " before that day."),
                link);
    }

    /** An end that refreshes do not put off is told of first; of two that they do, the sooner. */
    private static boolean idleEndMattersMore(Ending ending, Instant refreshEnds) {
        return Boolean.TRUE.equals(ending.refreshRotates())
                && ending.idleEndsAt() != null
                && ending.idleEndsAt().isBefore(refreshEnds);
    }

    /** An idle limit is put off by each refresh, so it counts only for what nobody refreshes. */
    private static Line idle(Ending ending, Instant end, String link, Instant now) {
        String limit = "Left unused for " + Words.count(ending.idleDays() == null ? 0 : ending.idleDays(), "day")
                + " its refresh token dies, as the connector's settings say";
        return end.isAfter(now)
                ? line(
                        ending,
                        Fate.CHANGES,
                        end,
                        limit + ": that would be then. Each refresh puts it off, and one is due well before.",
                        "Nothing, as long as refreshes go through.",
                        link)
                : line(
                        ending,
                        Fate.UNKNOWN,
                        null,
                        limit + ", and it was left for longer. The next refresh shows whether it still lives.",
                        "See whether it is frozen; should the refresh be refused, connect again.",
                        link);
    }

    /** Whether it ends depends on whether a refresh before puts it off: what was not seen is not hoped for. */
    private static Line refreshToken(Ending ending, Instant end, String link, Instant now) {
        boolean renewed = Boolean.TRUE.equals(ending.refreshRotates());
        Fate fate = !end.isAfter(now) ? Fate.STOPPED : renewed ? Fate.CHANGES : Fate.STOPS;
        String why = renewed
                ? "The refresh token ends then, as the provider told; each refresh before puts it off."
                : Boolean.FALSE.equals(ending.refreshRotates())
                        ? "The refresh token ends then, as the provider told, and refreshes do not put it off."
                        : "The refresh token ends then, as the provider told; whether a refresh puts it off was not"
                                + " seen yet.";
        return line(
                ending,
                fate,
                end,
                why,
                fate == Fate.CHANGES ? "Nothing, as long as refreshes go through." : "Connect again before that day.",
                link);
    }

    private static String why(Ending ending, boolean expired) {
        if (ending.needsConsent()) {
            return "The authorization server no longer accepts the grant.";
        }
        if (ending.refused()) {
            return "The server refuses it: " + ending.failure() + ".";
        }
        boolean typed = ending.authType() != AuthType.OAUTH;
        if (ending.expiresAt() == null) {
            return typed
                    ? "It was typed in, and nobody said when it ends."
                    : "No refresh token came, and the provider did not say when the access token ends.";
        }
        String tense = expired ? "ended then" : "ends then";
        return typed
                ? "It was typed in, and " + tense + " as whoever typed it said."
                : "No refresh token came, and the access token " + tense + ".";
    }

    private static String todo(Ending ending, Fate fate) {
        boolean typed = ending.authType() != AuthType.OAUTH;
        if (fate == Fate.UNKNOWN) {
            return typed
                    ? "See at the provider when it ends, and replace it in time."
                    : "See at the provider how long tokens live, and have refresh tokens given out.";
        }
        String before = fate == Fate.STOPS ? " before that day" : "";
        return typed ? "Enter a new token or key" + before + "." : "Connect again" + before + ".";
    }

    private static Line client(ClientEnd client, List<Issued> issued, Instant now) {
        List<Affected> affected = issued.stream()
                .filter(connector -> connector.issuer().equals(client.issuer()))
                .map(connector -> new Affected(connector.connector(), connector.connectorName(), null, null))
                .toList();
        boolean over = !client.secretExpiresAt().isAfter(now);
        Fate fate = over ? Fate.STOPPED : client.renewsItself() ? Fate.CHANGES : Fate.STOPS;
        String answer = client.answer();
        return new Line(
                "client-" + client.issuer() + "-" + client.clientId(),
                Kind.CLIENT_SECRET,
                fate,
                client.secretExpiresAt(),
                "Client secret at " + client.issuer(),
                client.renewsItself()
                        ? "The authorization server set this end; a new secret is asked for before (RFC 7592)."
                                + (answer == null ? "" : " When last asked: " + answer)
                        : "The authorization server set this end, and gave no way to ask for a new secret.",
                affected,
                fate == Fate.CHANGES
                        ? "Nothing, as long as the server gives a new one."
                        : "Connect again: that registers a new client.",
                affected.isEmpty()
                        ? "/clients/registrations"
                        : "/connectors/" + affected.get(0).connector());
    }

    private static Line entered(Entered entered, Instant now) {
        Instant end = entered.expiresAt();
        boolean over = end != null && !end.isAfter(now);
        Fate fate = end == null ? Fate.UNKNOWN : over ? Fate.STOPPED : Fate.STOPS;
        return new Line(
                "entered-" + entered.connector() + (entered.identity() ? "-identity" : ""),
                Kind.CLIENT_SECRET,
                fate,
                end,
                "Client secret "
                        + (entered.issuer() == null
                                ? "of " + entered.connectorName()
                                : "at " + entered.issuer() + " for " + entered.connectorName()),
                end == null
                        ? "It was entered by hand, and nobody said when it ends."
                        : "It was entered by hand, and " + (over ? "ended" : "ends")
                                + " then as whoever entered it said.",
                List.of(new Affected(entered.connector(), entered.connectorName(), null, null)),
                end == null
                        ? "See at the provider when it ends, and enter its last day."
                        : "Enter a new one" + (over ? "." : " before that day."),
                "/connectors/" + entered.connector() + "/edit");
    }

    private List<Line> ourKeys(ClientEnds clients, Instant now) {
        ForecastRows.Keys agentKeys = rows.keys();
        MasterKeyStatus master = masterKey.getIfAvailable();
        return Stream.of(
                        signingKey(clients.signingKeySince(), clients.signingKeyChangesAt()),
                        master == null ? null : masterKey(master, now),
                        agentKeys.oldest() == null ? null : agentKeys(agentKeys, agentKeys.oldest()))
                .flatMap(Stream::ofNullable)
                .toList();
    }

    private static @Nullable Line signingKey(@Nullable Instant since, @Nullable Instant changesAt) {
        return changesAt == null || since == null
                ? null
                : new Line(
                        "signing-key",
                        Kind.SIGNING_KEY,
                        Fate.CHANGES,
                        changesAt,
                        "Our signing key",
                        "It signs since " + Forecast.day(since) + "; another takes its place then by itself.",
                        List.of(),
                        "Nothing to do; Clients shows it and the one before.",
                        "/clients");
    }

    private static Line masterKey(MasterKeyStatus master, Instant now) {
        Instant since = master.inUseSince();
        return new Line(
                "master-key",
                Kind.MASTER_KEY,
                Fate.NEVER,
                null,
                "The master key",
                "It does not end by itself. "
                        + (since == null
                                ? "Nothing is sealed under it yet"
                                : "It is at least "
                                        + Words.count(
                                                (int) Duration.between(since, now)
                                                        .toDays(),
                                                "day") + " old, in use since " + Forecast.day(since))
                        + ". It comes from " + master.description() + ".",
                List.of(),
                "Rotate to another as often as your rules say.",
                "/keys");
    }

    private static Line agentKeys(ForecastRows.Keys keys, Instant oldest) {
        return new Line(
                "agent-keys",
                Kind.AGENT_KEYS,
                Fate.NEVER,
                null,
                Words.count(keys.keys(), "key") + " of " + Words.count(keys.agents(), "agent"),
                "They do not end by themselves. The oldest was issued on " + Forecast.day(oldest) + ".",
                List.of(),
                "Rotate them on the page of each agent.",
                "/agents");
    }
}
