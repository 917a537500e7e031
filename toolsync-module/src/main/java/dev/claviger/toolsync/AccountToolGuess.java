package dev.claviger.toolsync;

import dev.claviger.toolsync.api.Tool;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Tells the tools that look as if they said who one is; whether one is ever called for it, an admin decides. */
final class AccountToolGuess {

    /** Without what stands between the words. */
    private static final Set<String> NAMES = Set.of(
            "whoami",
            "me",
            "getme",
            "self",
            "getself",
            "myself",
            "getmyself",
            "viewer",
            "getviewer",
            "currentuser",
            "getcurrentuser",
            "authenticateduser",
            "getauthenticateduser",
            "userinfo",
            "getuserinfo",
            "getmyprofile",
            "getcurrentaccount");

    /** Before a word: what stands between words, or the hump of camel case. */
    private static final Pattern BETWEEN = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

    private AccountToolGuess() {}

    /** Only where the tool says of itself that it only reads, and it can be called without arguments. */
    static boolean fits(Tool tool) {
        return tool.definition().path("annotations").path("readOnlyHint").booleanValue(false)
                && !wantsArguments(tool)
                && isTelling(tool.name());
    }

    static boolean wantsArguments(Tool tool) {
        JsonNode required = tool.definition().path("inputSchema").path("required");
        return required.isArray() && !required.isEmpty();
    }

    /** The whole name, or what follows the name of the provider in it: {@code hf_whoami}, {@code notion-get-self}. */
    private static boolean isTelling(String name) {
        List<String> words = Stream.of(BETWEEN.split(name))
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
        return NAMES.contains(String.join("", words))
                || words.size() > 1 && NAMES.contains(String.join("", words.subList(1, words.size())));
    }
}
