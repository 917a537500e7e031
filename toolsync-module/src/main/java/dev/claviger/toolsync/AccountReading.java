package dev.claviger.toolsync;

import dev.claviger.credentials.api.Account;
import dev.claviger.credentials.api.Account.Source;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads from the result of a tool who we are: from {@code structuredContent}, or else from the first block of text, which
 * is JSON, lines as {@code Name: value}, or one word. Case and what stands between the words of a field's name do not count.
 *
 * <p>The subject is the first of id, user name, e-mail address and name that there is. An object that says none of them, or
 * an id or a name alone, is left for the one inside it that says more ({@code user}, {@code data}…). All of it is hostile:
 * what is too long, cannot be printed or is struck out counts as not said.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result">MCP 2025-11-25, tool
 *     result</a>
 */
final class AccountReading {

    private static final List<String> IDS = List.of("sub", "id", "userid", "accountid", "uid", "gid");
    private static final List<String> EMAILS = List.of("email", "emailaddress", "mail");
    private static final List<String> USERNAMES = List.of("login", "username", "preferredusername", "handle", "user");
    private static final List<String> NAMES = List.of("name", "displayname", "fullname", "realname");
    private static final List<String> INSIDE = List.of(
            "user",
            "currentuser",
            "authenticateduser",
            "viewer",
            "me",
            "self",
            "account",
            "profile",
            "data",
            "result",
            "response");

    private static final int LONGEST = 255;
    private static final int LONGEST_TEXT = 64 * 1024;
    private static final int LINES = 200;
    private static final int DEPTH = 4;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final Pattern LINE = Pattern.compile("([A-Za-z][A-Za-z _-]{0,30})[:=]\\s*(\\S.*)");
    /** What Markdown puts around a word. */
    private static final Pattern MARKS = Pattern.compile("[*`#>|\"]+|^\\s*[-•]\\s+");

    private static final JsonMapper JSON = new JsonMapper();

    private final String server;
    private final String tool;

    private AccountReading(String server, String tool) {
        this.server = server;
        this.tool = tool;
    }

    /**
     * Null where it does not say.
     *
     * @param server URL of the MCP server: the account is one there
     * @param result a {@code CallToolResult} in which our secrets are struck out
     */
    static @Nullable Account read(String server, String tool, JsonNode result) {
        AccountReading reading = new AccountReading(server, tool);
        Account account = reading.any(result.path("structuredContent"), DEPTH);
        return account != null ? account : reading.any(firstText(result), DEPTH);
    }

    private static JsonNode firstText(JsonNode result) {
        JsonNode block = result.path("content").path(0);
        return "text".equals(block.path("type").stringValue(""))
                ? block.path("text")
                : JsonNodeFactory.instance.missingNode();
    }

    private @Nullable Account any(JsonNode node, int depth) {
        if (depth == 0) {
            return null;
        }
        if (node.isObject()) {
            return object(node, depth);
        }
        if (node.isArray()) {
            return node.size() == 1 ? any(node.path(0), depth - 1) : null;
        }
        return node.isString() ? text(node.stringValue(), depth) : null;
    }

    private @Nullable Account object(JsonNode object, int depth) {
        String id = field(object, IDS);
        String email =
                isFalse(object, "emailverified") || isFalse(object, "verifiedemail") ? null : field(object, EMAILS);
        String username = field(object, USERNAMES);
        String name = field(object, NAMES);
        Account own = account(id, email, username, name);
        if (email != null || username != null || id != null && name != null) {
            return own;
        }
        return INSIDE.stream()
                .flatMap(key -> values(object, key))
                .map(inner -> any(inner, depth - 1))
                .filter(inner -> inner != null)
                .findFirst()
                .orElse(own);
    }

    private @Nullable Account text(String text, int depth) {
        if (text.length() > LONGEST_TEXT) {
            return null;
        }
        String stripped = text.strip();
        if (stripped.startsWith("{") || stripped.startsWith("[") || stripped.startsWith("\"")) {
            try {
                return any(JSON.readTree(stripped), depth - 1);
            } catch (JacksonException | StackOverflowError e) {
                return null;
            }
        }
        Account told = object(fields(stripped), 1);
        return told != null ? told : word(stripped);
    }

    /** The lines that name a field. */
    private static ObjectNode fields(String text) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        text.lines().limit(LINES).filter(line -> line.length() <= 2 * LONGEST).forEach(line -> {
            Matcher field = LINE.matcher(MARKS.matcher(line).replaceAll("").strip());
            if (field.matches() && !fields.has(field.group(1).strip())) {
                fields.put(field.group(1).strip(), field.group(2).strip());
            }
        });
        return fields;
    }

    private @Nullable Account word(String text) {
        String word = fit(text);
        if (word == null || word.chars().anyMatch(Character::isWhitespace)) {
            return null;
        }
        return word.indexOf('@') > 0 ? account(null, word, null, null) : account(null, null, word, null);
    }

    private @Nullable Account account(
            @Nullable String id, @Nullable String email, @Nullable String username, @Nullable String name) {
        String subject = id != null ? id : username != null ? username : email != null ? email : name;
        return subject == null ? null : new Account(Source.TOOL, server, subject, email, username, name, tool);
    }

    private static @Nullable String field(JsonNode object, List<String> keys) {
        return keys.stream()
                .flatMap(key -> values(object, key))
                .map(AccountReading::said)
                .filter(value -> value != null)
                .findFirst()
                .orElse(null);
    }

    private static Stream<JsonNode> values(JsonNode object, String key) {
        return object.properties().stream()
                .filter(property -> plain(property.getKey()).equals(key))
                .map(Map.Entry::getValue);
    }

    private static boolean isFalse(JsonNode object, String key) {
        return values(object, key).anyMatch(value -> "false".equals(value.asString("")));
    }

    /** Only so much of a key as is needed to know it. */
    private static String plain(String key) {
        return key.length() > LONGEST ? "" : key.replaceAll("[ _-]", "").toLowerCase(Locale.ROOT);
    }

    private static @Nullable String said(JsonNode value) {
        if (value.isIntegralNumber()) {
            return fit(
                    value.bigIntegerValue().bitLength() > 256
                            ? ""
                            : value.bigIntegerValue().toString());
        }
        return value.isString() ? fit(value.stringValue()) : null;
    }

    /** Never shortened: two accounts that begin alike would look the same. */
    private static @Nullable String fit(String text) {
        return text.isBlank()
                        || text.length() > LONGEST
                        || text.contains("***")
                        || UNPRINTABLE.matcher(text).find()
                ? null
                : text;
    }
}
