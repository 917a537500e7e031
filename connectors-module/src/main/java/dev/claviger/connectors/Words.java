package dev.claviger.connectors;

import dev.claviger.connectors.api.AuthType;
import dev.claviger.connectors.api.ConnectorQuery.ConnectorStatus;
import dev.claviger.connectors.api.ConnectorQuery.StepName;
import dev.claviger.connectors.api.ConnectorQuery.StepState;
import dev.claviger.connectors.api.CredentialMode;
import dev.claviger.toolsync.api.ToolCatalogQuery.CatalogFacts;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Our enums in the words of pages and of JSON. */
final class Words {

    /** A status as a coloured label; {@code css} is one of ok, warn, bad, muted. */
    record Badge(String css, String text) {}

    private Words() {}

    /** As JSON and forms have it: {@code api_key_header}. */
    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static <E extends Enum<E>> Optional<E> parse(Class<E> type, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text.strip())) {
                return Optional.of(constant);
            }
        }
        return Optional.empty();
    }

    static Badge status(ConnectorStatus status) {
        return switch (status) {
            case NONE -> new Badge("muted", "None");
            case CONFIGURED -> new Badge("ok", "Configured");
            case NOT_CONNECTED -> new Badge("warn", "Not connected");
            case NEEDS_CONSENT -> new Badge("bad", "Reconnect needed");
            case PER_AGENT -> new Badge("muted", "Per-agent");
        };
    }

    static String auth(AuthType type) {
        return switch (type) {
            case NONE -> "No authorization";
            case BEARER -> "Bearer token";
            case API_KEY_HEADER -> "API key in a header";
            case OAUTH -> "OAuth";
        };
    }

    static String mode(CredentialMode mode) {
        return switch (mode) {
            case SHARED -> "Shared";
            case PER_AGENT -> "Per agent";
        };
    }

    /** How a server is spoken to: {@code MCP 2026-07-28, stateless}; null until it was. */
    static @Nullable String protocol(CatalogFacts catalog) {
        if (catalog.protocolVersion() == null || catalog.protocolVersion().isEmpty()) {
            return null;
        }
        String way = "http+sse".equals(catalog.wire())
                ? ", over HTTP+SSE"
                : "modern".equals(catalog.era()) ? ", stateless" : catalog.era() == null ? "" : ", with a handshake";
        return "MCP " + catalog.protocolVersion() + way;
    }

    static String step(StepName name) {
        return switch (name) {
            case DISCOVER -> "Find the authorization server";
            case APPROVE -> "Approve the authorization server";
            case CLIENT -> "Obtain a client";
            case CONSENT -> "Ask for consent";
            case TOKEN -> "Seal the token";
            case TOOLS -> "List the tools";
            case ASK_ACCOUNT -> "Ask whose account it is";
            case ACCOUNT -> "Check the account";
        };
    }

    static String stepState(StepState state) {
        return switch (state) {
            case WAITING -> "waiting";
            case RUNNING -> "under way";
            case DONE -> "done";
            case FAILED -> "failed";
            case SKIPPED -> "not reached";
        };
    }

    /** Whether a text holds what no name or sentence does: control characters but line breaks and tabs, half characters. */
    static boolean unprintable(String text) {
        return text.codePoints()
                .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t'
                        || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** {@code 1 tool}, {@code 2 tools}. */
    static String count(int number, String noun) {
        return String.format(Locale.ROOT, "%,d", number) + " " + noun + (number == 1 ? "" : "s");
    }
}
