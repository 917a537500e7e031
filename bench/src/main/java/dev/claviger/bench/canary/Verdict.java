package dev.claviger.bench.canary;

import dev.claviger.bench.canary.Sweep.Area;
import dev.claviger.bench.canary.Sweep.Hit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the search came to.
 *
 * @param doubts reasons not to believe a search that found nothing, each as a sentence
 * @param decoys where the decoy was found
 * @param looked where was searched and how much, a line each
 */
record Verdict(List<Hit> leaks, List<String> doubts, List<Hit> decoys, List<String> looked) {

    private static final int SHOWN = 50;
    private static final int FEWEST_TABLES = 50;

    /** Places in which the decoy is written in different ways: as bytes, in base64, within JSON. */
    private static final List<String> DEMANDED =
            List.of("canary.decoy.as_bytes", "canary.decoy.as_base64", "app.domain_event.payload");

    static Verdict of(Sweep sweep, List<String> tables) {
        List<Hit> leaks = new ArrayList<>();
        List<Hit> decoys = new ArrayList<>();
        sweep.hits().forEach(hit -> (hit.what().equals(Planted.DECOY) ? decoys : leaks).add(hit));

        List<String> doubts = new ArrayList<>(sweep.tooLittle());
        if (tables.size() < FEWEST_TABLES) {
            doubts.add("expected at least " + FEWEST_TABLES + " tables, saw " + tables.size());
        }
        Set<Area> blind = EnumSet.allOf(Area.class);
        decoys.forEach(hit -> blind.remove(hit.area()));
        blind.forEach(area -> doubts.add(area.words() + ": the decoy was not found"));
        for (String place : DEMANDED) {
            if (decoys.stream().noneMatch(hit -> hit.place().equals(place))) {
                doubts.add(place + ": the decoy was not found");
            }
        }
        List<String> looked = new ArrayList<>(List.of("looked at " + tables.size() + " tables, and in all at"));
        sweep.lines().forEach(line -> looked.add("  " + line));
        return new Verdict(leaks, doubts, decoys, looked);
    }

    boolean passed() {
        return leaks.isEmpty() && doubts.isEmpty();
    }

    /** For people; where a secret is, never the secret. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(looked);
        lines.add("the decoy, which has to be found everywhere, was found in " + decoys.size() + " places");
        leaks.stream().limit(SHOWN).forEach(leak -> lines.add("LEAK    " + leak.what() + ": " + leak.place()));
        doubts.forEach(doubt -> lines.add("BLIND   " + doubt));
        lines.add(
                passed()
                        ? "PASSED  no secret was found"
                        : "FAILED  secrets in " + leaks.size() + " places, " + doubts.size()
                                + " reasons to doubt the search");
        return lines;
    }
}
