package dev.claviger.app.audit;

import dev.claviger.app.audit.AuditEntries.Entry;
import dev.claviger.app.audit.AuditEntries.Filter;
import dev.claviger.app.audit.AuditEntries.Named;
import dev.claviger.credentials.api.CredentialEvent;
import dev.claviger.credentials.api.CredentialQuery.CredentialUse;
import dev.claviger.credentials.api.CredentialQuery.CredentialUses;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts the trail into the shape its templates show. */
@Component
class AuditPage {

    private static final Pattern FAILURE = Pattern.compile("\\((CLV-\\d{3})\\)");
    private static final List<String> FILTERS =
            List.of("connector", "agent", "attempt", "actor", "event", "from", "to");
    private static final Set<String> RECEIPT_EVENTS = Set.of(
            "ConnectionEnded",
            "TokenRevoked",
            "LateTokensSealed",
            "RevocationAttempted",
            "ProviderRevocationTried",
            "RevokedProbed",
            "SecretsShredded");
    private static final Set<String> CREDENTIAL_EVENTS = Arrays.stream(CredentialEvent.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .collect(Collectors.toUnmodifiableSet());

    private final AuditEntries entries;
    private final JsonMapper json;
    private final List<String> events = new AuditSentences().events();

    AuditPage(AuditEntries entries, JsonMapper json) {
        this.entries = entries;
        this.json = json;
    }

    record Fact(String name, String value) {}

    record Choice(String value, String label, boolean selected) {}

    /**
     * @param usesOf the credential whose uses can be looked at; null for other events
     * @param receiptOf the connection whose receipt tells of the event; null for other events
     * @param code of the failure that the sentence tells of; null for others
     */
    record Row(
            String at,
            String isoAt,
            String event,
            String actor,
            @Nullable String source,
            @Nullable UUID connectorId,
            @Nullable String connector,
            @Nullable UUID agentId,
            @Nullable String agent,
            @Nullable UUID attempt,
            @Nullable UUID usesOf,
            @Nullable UUID receiptOf,
            String sentence,
            @Nullable String code,
            List<Fact> facts) {}

    record UseRow(
            String at,
            String isoAt,
            String usedBy,
            String purpose,
            long generation,
            @Nullable String source) {}

    /** A filter as asked, and what of it cannot be read; that part does not filter. */
    record Asked(Filter filter, List<String> unreadable) {}

    static Asked read(Map<String, String> asked) {
        Filter filter = new Filter(
                uuid(asked.get("connector")),
                uuid(asked.get("agent")),
                uuid(asked.get("attempt")),
                text(asked.get("actor")),
                text(asked.get("event")),
                Moments.read(asked.get("from")),
                Moments.read(asked.get("to")));
        List<String> unreadable = new ArrayList<>();
        check(unreadable, asked, "connector", filter.connector(), "the id of a connector");
        check(unreadable, asked, "agent", filter.agent(), "the id of an agent");
        check(unreadable, asked, "attempt", filter.attempt(), "the id of an attempt");
        check(unreadable, asked, "from", filter.from(), "a time such as 2026-01-31T08:00");
        check(unreadable, asked, "to", filter.to(), "a time such as 2026-01-31T08:00");
        return new Asked(filter, unreadable);
    }

    private static void check(
            List<String> unreadable, Map<String, String> asked, String name, @Nullable Object read, String wanted) {
        if (read == null && text(asked.get(name)) != null) {
            unreadable.add("The filter " + name + " must be " + wanted + ".");
        }
    }

    /** Reads a filter for programs; 400 for what cannot be read, so that nobody takes everything for the answer. */
    static Filter filter(Map<String, String> asked) {
        Asked read = read(asked);
        if (!read.unreadable().isEmpty()) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, String.join(" ", read.unreadable()));
        }
        return read.filter();
    }

    ModelAndView of(
            Map<String, String> asked, List<String> unreadable, List<Entry> shown, boolean newer, boolean older) {
        String query = query(asked);
        ModelAndView page = new ModelAndView("app/audit");
        page.addObject("title", "Audit");
        page.addObject("section", "audit");
        page.addObject("any", !shown.isEmpty());
        page.addObject("entries", shown.stream().map(this::row).toList());
        page.addObject("connectors", choices(entries.names("connector"), asked.get("connector")));
        page.addObject("agents", choices(entries.names("agent"), asked.get("agent")));
        page.addObject(
                "events",
                events.stream()
                        .map(event -> new Choice(event, event, event.equals(asked.get("event"))))
                        .toList());
        page.addObject("actors", entries.recentActors());
        page.addObject("actor", asked.get("actor"));
        page.addObject("attempt", asked.get("attempt"));
        page.addObject("from", asked.get("from"));
        page.addObject("to", asked.get("to"));
        page.addObject("filtered", !query.isEmpty());
        page.addObject("query", query);
        page.addObject("unreadable", unreadable.isEmpty() ? null : String.join(" ", unreadable));
        if (newer && !shown.isEmpty()) {
            page.addObject("newer", "/audit?" + query + "after=" + shown.get(0).position());
        }
        if (older && !shown.isEmpty()) {
            page.addObject(
                    "older",
                    "/audit?" + query + "before=" + shown.get(shown.size() - 1).position());
        }
        return page;
    }

    ModelAndView uses(UUID credential, CredentialUses uses, List<Named> agents) {
        Map<String, String> names = agents.stream()
                .collect(Collectors.toMap(agent -> "agent:" + agent.id(), Named::name, (one, other) -> one));
        ModelAndView page = new ModelAndView("app/audit-uses");
        page.addObject("title", "Uses of a credential");
        page.addObject("section", "audit");
        page.addObject("credential", credential);
        page.addObject("any", !uses.items().isEmpty());
        page.addObject("uses", uses.items().stream().map(use -> row(use, names)).toList());
        return page;
    }

    private static UseRow row(CredentialUse use, Map<String, String> names) {
        return new UseRow(
                Moments.toSeconds(use.at()),
                use.at().toString(),
                names.getOrDefault(use.usedBy(), use.usedBy()),
                use.purpose(),
                use.generation(),
                use.sourceAddress());
    }

    private Row row(Entry entry) {
        List<Fact> facts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> fact : json.readTree(entry.facts()).properties()) {
            facts.add(new Fact(words(fact.getKey()), value(fact.getValue())));
        }
        if (entry.correlation() != null) {
            facts.add(new Fact("correlation", entry.correlation()));
        }
        facts.add(new Fact("event id", entry.eventId()));
        return new Row(
                Moments.toSeconds(entry.at()),
                entry.at().toString(),
                entry.event(),
                actor(entry),
                entry.source(),
                entry.connectorId(),
                entry.connectorName(),
                entry.agentId(),
                entry.agentName(),
                entry.attempt(),
                CREDENTIAL_EVENTS.contains(entry.event()) ? entry.attempt() : null,
                RECEIPT_EVENTS.contains(entry.event()) ? entry.attempt() : null,
                entry.sentence(),
                code(entry.sentence()),
                facts);
    }

    private static @Nullable String code(String sentence) {
        Matcher failure = FAILURE.matcher(sentence);
        return failure.find() ? failure.group(1) : null;
    }

    private static String actor(Entry entry) {
        String kind = entry.actor().replaceFirst(":.*", "");
        if (entry.actorName() != null) {
            return entry.actorName() + " (" + kind + ")";
        }
        return entry.actor().startsWith("person:") ? entry.actor().substring("person:".length()) : entry.actor();
    }

    private static String value(JsonNode value) {
        if (value.isArray() && value.valueStream().allMatch(JsonNode::isValueNode)) {
            return value.isEmpty()
                    ? "none"
                    : value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "));
        }
        return value.isValueNode() ? value.asString() : value.toString();
    }

    /** {@code tokenEndpointAuthMethod} as "token endpoint auth method". */
    private static String words(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static List<Choice> choices(List<Named> names, @Nullable String selected) {
        return names.stream()
                .map(name -> new Choice(
                        name.id().toString(),
                        name.gone() ? name.name() + " (removed)" : name.name(),
                        name.id().toString().equals(selected)))
                .toList();
    }

    /** The filters as the beginning of a query string, each followed by an ampersand; empty without filters. */
    private static String query(Map<String, String> asked) {
        return FILTERS.stream()
                .filter(name -> text(asked.get(name)) != null)
                .map(name -> name + "=" + URLEncoder.encode(asked.getOrDefault(name, ""), StandardCharsets.UTF_8) + "&")
                .collect(Collectors.joining());
    }

    private static @Nullable String text(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static @Nullable UUID uuid(@Nullable String value) {
        String text = text(value);
        try {
            return text == null ? null : UUID.fromString(text.substring(text.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
