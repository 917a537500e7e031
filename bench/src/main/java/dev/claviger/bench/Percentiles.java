package dev.claviger.bench;

import java.util.Arrays;

/** Sorted samples. */
final class Percentiles {

    private final double[] sorted;

    Percentiles(double[] samples) {
        sorted = samples.clone();
        Arrays.sort(sorted);
    }

    /** The sample below which this share lies, by the nearest-rank method; {@code NaN} where there is none. */
    double at(double share) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
    }

    int count() {
        return sorted.length;
    }
}
