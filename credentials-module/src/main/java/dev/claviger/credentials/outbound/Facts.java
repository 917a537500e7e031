package dev.claviger.credentials.outbound;

import dev.claviger.credentials.api.TraceQuery.ExchangeFact;
import dev.claviger.credentials.api.TraceQuery.Part;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is written down of one exchange; everything is masked at the end, when all secrets are known. */
final class Facts {

    static final int MOST = 120;

    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_VALUE = 300;

    private final List<ExchangeFact> facts = new ArrayList<>();
    private final Masks masks = new Masks();

    Masks masks() {
        return masks;
    }

    void add(Part part, String name, @Nullable String value) {
        if (facts.size() < MOST) {
            facts.add(new ExchangeFact(part, name, value));
        }
    }

    /** @param remoteText whether what the other side wrote may be kept: not when it cannot be trusted */
    List<ExchangeFact> masked(boolean remoteText) {
        return facts.stream()
                .filter(fact -> remoteText || fact.part() != Part.CHALLENGE && fact.part() != Part.ANSWER_MEMBER)
                .map(fact -> new ExchangeFact(
                        fact.part(),
                        masks.shown(fact.name(), LONGEST_NAME),
                        fact.value() == null ? null : masks.shown(fact.value(), LONGEST_VALUE)))
                .toList();
    }
}
