package dev.claviger.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What a process holds of the machine's memory, over time. Linux only: it reads {@code /proc}. */
final class Memory {

    private final Path status;
    private final List<Double> megabytes = new ArrayList<>();

    Memory(long pid) {
        status = Path.of("/proc", Long.toString(pid), "status");
    }

    /** Does nothing where there is no {@code /proc}. */
    void sample() throws IOException {
        if (!Files.exists(status)) {
            return;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                megabytes.add(Double.parseDouble(line.replaceAll("\\D", "")) / 1024);
            }
        }
    }

    boolean isKnown() {
        return megabytes.size() >= 6;
    }

    /** The greatest of a third of the samples, counted from 0. */
    double most(int third) {
        int size = megabytes.size() / 3;
        OptionalDouble most = megabytes.subList(third * size, (third + 1) * size).stream()
                .mapToDouble(Double::doubleValue)
                .max();
        return most.orElse(Double.NaN);
    }
}
