package dev.claviger.connectors;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What every failure code means, in words: from {@code help/failures.properties}. */
@Component
class HelpTexts {

    /**
     * One failure code explained.
     *
     * @param happened what happened
     * @param cause the likely cause
     * @param fix what to do
     */
    record Help(String code, String title, String happened, String cause, String fix) {

        /** Whether every word stands somewhere in it, case ignored. */
        boolean tells(List<String> words) {
            String all = String.join(" ", code, title, happened, cause, fix).toLowerCase(Locale.ROOT);
            return words.stream().allMatch(all::contains);
        }
    }

    /** Codes about one part of the way. */
    record Group(String title, List<Help> codes) {}

    /** A failure that happened, with its explanation, as pages show it. */
    record Trouble(String code, String title, String detail, String cause, String fix) {}

    private final Map<FailureCode, Help> texts = new EnumMap<>(FailureCode.class);

    HelpTexts() {
        Properties file = read();
        for (FailureCode code : FailureCode.values()) {
            texts.put(
                    code,
                    new Help(
                            code.code(),
                            text(file, code, "title"),
                            text(file, code, "happened"),
                            text(file, code, "cause"),
                            text(file, code, "fix")));
        }
    }

    Help of(FailureCode code) {
        return texts.getOrDefault(code, new Help(code.code(), code.code(), "", "", ""));
    }

    /** The codes in which every word of the search stands, by the part of the way; empty: none. */
    List<Group> search(@Nullable String search) {
        List<String> words = search == null
                ? List.of()
                : List.of(search.strip().toLowerCase(Locale.ROOT).split("\\s+"));
        Map<String, List<Help>> groups = new LinkedHashMap<>();
        texts.values().stream()
                .filter(help -> help.tells(words))
                .sorted(Comparator.comparing(Help::code))
                .forEach(help -> groups.computeIfAbsent(part(help.code()), part -> new ArrayList<>())
                        .add(help));
        return groups.entrySet().stream()
                .map(group -> new Group(group.getKey(), group.getValue()))
                .toList();
    }

    /** By number, as the codes are given out. */
    private static String part(String code) {
        int number = Integer.parseInt(code.substring(code.indexOf('-') + 1));
        return switch (number / 100) {
            case 1 ->
                switch (number / 10) {
                    case 10 -> "Finding the authorization server";
                    case 11 -> "Obtaining a client";
                    case 12 -> "Consent";
                    default -> "Getting the token";
                };
            case 2 -> "Tools";
            case 3 -> "Connections";
            default -> "Keeping a credential alive";
        };
    }

    @Nullable
    Trouble trouble(@Nullable Failure failure) {
        if (failure == null) {
            return null;
        }
        Help help = of(failure.code());
        return new Trouble(help.code(), help.title(), failure.detail(), help.cause(), help.fix());
    }

    private static String text(Properties file, FailureCode code, String part) {
        // A code without its text is caught by a test; it is no reason to keep a whole application from starting.
        return file.getProperty(code.code() + "." + part, "").strip();
    }

    private static Properties read() {
        Properties file = new Properties();
        try (InputStream in = HelpTexts.class.getResourceAsStream("/help/failures.properties")) {
            if (in == null) {
                throw new IllegalStateException("help/failures.properties is not on the class path");
            }
            try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
                file.load(reader);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }
}
