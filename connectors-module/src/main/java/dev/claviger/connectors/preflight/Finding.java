package dev.claviger.connectors.preflight;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.claviger.credentials.api.FailureCode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a preflight found.
 *
 * @param id stable, for example {@code redirect-uri}
 * @param statement one sentence of ours
 * @param facts what was seen; values may be remote text, one short line each, and are absent when the source is not trusted
 * @param fix what to do; null: nothing
 * @param mender who can do it, of a {@link Grade#PROBLEM}; otherwise null
 * @param code the failure that Connect would end with; null: none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(
        String id,
        Grade grade,
        String statement,
        List<Fact> facts,
        @Nullable String fix,
        @Nullable Mender mender,
        @Nullable FailureCode code) {

    public record Fact(String name, String value) {}

    /** Who can mend a problem. */
    public enum Mender {
        YOU,
        PROVIDER;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String id, String statement, Fact... facts) {
        return new Finding(id, Grade.OK, statement, List.of(facts), null, null, null);
    }

    static Finding note(String id, String statement, Fact... facts) {
        return new Finding(id, Grade.NOTE, statement, List.of(facts), null, null, null);
    }

    static Finding warning(String id, String statement, String fix, Fact... facts) {
        return new Finding(id, Grade.WARNING, statement, List.of(facts), fix, null, null);
    }

    static Finding problem(String id, Mender mender, @Nullable FailureCode code, String statement, String fix) {
        return new Finding(id, Grade.PROBLEM, statement, List.of(), fix, mender, code);
    }

    Finding with(List<Fact> seen) {
        return new Finding(id, grade, statement, List.copyOf(seen), fix, mender, code);
    }
}
