package dev.claviger.bench.canary;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What was looked at, how much of it there was, and what was found in it. */
final class Sweep {

    /** Where a secret could be; each has to be so large at least, or the search missed something. */
    enum Area {
        API("answers of the API", 150, 100_000),
        EXPORT("audit exports", 2, 20_000),
        PAGES("pages", 100, 500_000),
        ROWS("rows of all tables", 800, 200_000),
        STATEMENTS("database: statements with their parameters", 1, 1_000_000),
        DATABASE_FILES("database: data files and write-ahead log", 500, 20_000_000),
        COMMAND_LINE("command line of the process", 1, 100),
        LOG("the application's log", 1, 50_000),
        FILES("other files the application can write", 1, 1);

        private final String words;
        private final long leastPieces;
        private final long leastBytes;

        Area(String words, long leastPieces, long leastBytes) {
            this.words = words;
            this.leastPieces = leastPieces;
            this.leastBytes = leastBytes;
        }

        String words() {
            return words;
        }

        long leastPieces() {
            return leastPieces;
        }

        long leastBytes() {
            return leastBytes;
        }
    }

    /** @param place for people: table and column, path of a page, file; never any of the content */
    record Hit(Area area, String place, String what) implements Comparable<Hit> {
        @Override
        public int compareTo(Hit other) {
            return toString().compareTo(other.toString());
        }
    }

    private static final class Amount {
        private long pieces;
        private long bytes;
    }

    private final Needles needles;
    private final Map<Area, Amount> amounts = new EnumMap<>(Area.class);
    private final TreeSet<Hit> hits = new TreeSet<>();

    Sweep(Needles needles) {
        this.needles = needles;
        for (Area area : Area.values()) {
            amounts.put(area, new Amount());
        }
    }

    void look(Area area, String place, String content) {
        look(area, place, content.getBytes(StandardCharsets.UTF_8));
    }

    void look(Area area, String place, byte[] content) {
        lookAlso(area, place, content);
        count(area, content.length);
    }

    /** As a part of a piece that is counted as a whole. */
    void lookAlso(Area area, String place, byte[] content) {
        needles.in(content).forEach(found -> hits.add(new Hit(area, place, found.what())));
    }

    void count(Area area, long bytes) {
        Amount amount = amounts.computeIfAbsent(area, none -> new Amount());
        amount.pieces++;
        amount.bytes += bytes;
    }

    /** Names the place with the first offset of each finding. */
    void look(Area area, Path file, String place) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            List<String> seen = new ArrayList<>();
            for (Needles.Found found : needles.in(content)) {
                if (!seen.contains(found.what())) {
                    seen.add(found.what());
                    hits.add(new Hit(area, place + ", byte " + found.at(), found.what()));
                }
            }
        }
        count(area, Files.size(file));
    }

    List<Hit> hits() {
        return List.copyOf(hits);
    }

    /** Areas in which there was suspiciously little, each as a sentence. */
    List<String> tooLittle() {
        List<String> sentences = new ArrayList<>();
        amounts.forEach((area, amount) -> {
            if (amount.pieces < area.leastPieces || amount.bytes < area.leastBytes) {
                sentences.add(area.words + ": expected at least " + area.leastPieces + " with " + area.leastBytes
                        + " bytes, saw " + amount.pieces + " with " + amount.bytes);
            }
        });
        return sentences;
    }

    /** One line for each area: what, how many, how large. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        amounts.forEach((area, amount) ->
                lines.add(String.format("%-45s %,8d %,15d bytes", area.words, amount.pieces, amount.bytes)));
        return lines;
    }
}
