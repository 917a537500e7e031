package dev.claviger.connectors.preflight;

import dev.claviger.connectors.preflight.Finding.Fact;
import java.util.ArrayList;
import java.util.List;

/** What is known of a provider besides what the other findings say. */
final class ProviderFindings {

    private ProviderFindings() {}

    static List<Finding> of(List<Providers.Provider> known) {
        List<Finding> findings = new ArrayList<>();
        for (Providers.Provider provider : known) {
            List<Fact> facts = new ArrayList<>();
            facts.add(new Fact("Last checked", provider.checked()));
            provider.notes().forEach(note -> facts.add(new Fact("Known", note)));
            findings.add(Finding.note(
                            "provider",
                            provider.name() + " is known to Claviger; providers change, so see what still holds.")
                    .with(facts));
        }
        return findings;
    }
}
