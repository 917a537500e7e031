package dev.claviger.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks over so many connections at once, each as soon as it was answered, for a fixed time. */
final class Load {

    /** One connection. */
    interface Line extends AutoCloseable {
        /** Asks once and checks the answer. */
        void ask() throws Exception;
    }

    /** Opens the connection of that number. */
    interface Lines {
        Line open(int number) throws Exception;
    }

    /** What was measured, the latencies in nanoseconds and in order. */
    record Result(long[] latencies, Duration took) {

        double perSecond() {
            return latencies.length / (took.toNanos() / 1e9);
        }

        /** In milliseconds. */
        double percentile(double share) {
            return latencies.length == 0
                    ? Double.NaN
                    : latencies[(int) Math.min(latencies.length - 1L, (long) (latencies.length * share))] / 1e6;
        }

        /** As if it had been one run: rounds are measured in turn with others. */
        static Result together(List<Result> rounds) {
            long[] all = rounds.stream()
                    .flatMapToLong(round -> Arrays.stream(round.latencies))
                    .sorted()
                    .toArray();
            return new Result(all, rounds.stream().map(Result::took).reduce(Duration.ZERO, Duration::plus));
        }
    }

    private Load() {}

    /** @param warmUp how long is asked before anything is measured */
    static Result run(Lines lines, int connections, Duration warmUp, Duration measured) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(connections);
        List<Line> open = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                open.add(lines.open(i));
            }
            long begin = System.nanoTime() + warmUp.toNanos();
            long end = begin + measured.toNanos();
            List<Callable<long[]>> work = new ArrayList<>();
            for (Line line : open) {
                work.add(() -> ask(line, begin, end));
            }
            List<Result> parts = new ArrayList<>();
            for (Future<long[]> part : workers.invokeAll(work)) {
                parts.add(new Result(part.get(), Duration.ZERO));
            }
            return new Result(Result.together(parts).latencies(), measured);
        } finally {
            workers.shutdownNow();
            for (Line line : open) {
                line.close();
            }
        }
    }

    private static long[] ask(Line line, long begin, long end) throws Exception {
        long[] latencies = new long[1_024];
        int count = 0;
        long asked = System.nanoTime();
        while (asked < end) {
            line.ask();
            long answered = System.nanoTime();
            if (asked >= begin) {
                if (count == latencies.length) {
                    latencies = Arrays.copyOf(latencies, count * 2);
                }
                latencies[count++] = answered - asked;
            }
            asked = answered;
        }
        return Arrays.copyOf(latencies, count);
    }
}
