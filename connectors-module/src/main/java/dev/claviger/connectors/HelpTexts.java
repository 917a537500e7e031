package dev.claviger.connectors;

import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
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
    record Help(String code, String title, String happened, String cause, String fix) {}

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

    List<Help> all() {
        return Arrays.stream(FailureCode.values()).map(this::of).toList();
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
