package dev.claviger.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Options of the command line, {@code --name=value} or {@code --name}. */
final class Options {

    private final Map<String, String> values = new HashMap<>();

    /** @throws IllegalArgumentException for an option that is not known, naming those that are */
    static Options parse(Iterable<String> arguments, Set<String> known) {
        Options options = new Options();
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            if (!pair[0].startsWith("--") || !known.contains(pair[0].substring(2))) {
                throw new IllegalArgumentException("Unknown option " + argument + "; there are --"
                        + String.join(", --", known.stream().sorted().toList()));
            }
            options.values.put(pair[0].substring(2), pair.length == 2 ? pair[1] : "true");
        }
        return options;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    int number(String name, int otherwise) {
        return values.containsKey(name) ? Integer.parseInt(values.get(name)) : otherwise;
    }

    /** As ISO 8601 without {@code PT}: {@code 10m}, {@code 90s}. */
    Duration duration(String name, Duration otherwise) {
        return values.containsKey(name) ? Duration.parse("PT" + values.get(name)) : otherwise;
    }
}
