package dev.claviger.demoprovider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lets Jazzer, a fuzzer that is guided by coverage, look for input that a parser does not survive. It runs in a Java of its
 * own, because it instruments the classes that it watches.
 */
public final class Fuzzer {

    private static final int FOUND_SOMETHING = 77;
    private static final int TOO_MUCH_TIME_OR_MEMORY = 70;

    /** For one input; what is meant for milliseconds may take this long on a busy machine. */
    private static final int SECONDS = 20;

    private static final int LONGEST_INPUT = 4_096;

    private Fuzzer() {}

    /** Whether Jazzer has a native part for this machine. */
    public static boolean isHere() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    /**
     * Tries {@code runs} inputs; the same ones on every machine as long as neither the parser nor Jazzer changes.
     *
     * @param target has a {@code public static void fuzzerTestOneInput(byte[])}, which throws what must not happen
     * @param seeds valid input to begin with
     * @param scratch an empty directory
     * @throws AssertionError with the input, when it threw, hung, or took more than 512 MiB
     */
    public static void tryOn(Class<?> target, int runs, List<String> seeds, Path scratch)
            throws IOException, InterruptedException {
        Path corpus = Files.createDirectory(scratch.resolve("corpus"));
        for (int i = 0; i < seeds.size(); i++) {
            Files.write(corpus.resolve("seed" + i), seeds.get(i).getBytes(StandardCharsets.UTF_8));
        }
        Path log = scratch.resolve("jazzer.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + target.getName(),
                        "--instrumentation_includes=dev.claviger.**",
                        "--custom_hook_includes=dev.claviger.**",
                        "-runs=" + runs,
                        "-seed=1",
                        "-timeout=" + SECONDS,
                        "-rss_limit_mb=2048",
                        "-max_len=" + LONGEST_INPUT,
                        "-print_final_stats=1",
                        corpus.toString())
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                throw new AssertionError("The fuzzer came to no end:\n" + end(log));
            }
        } finally {
            process.destroyForcibly();
        }
        String said = end(log);
        switch (process.exitValue()) {
            case 0 -> {
                if (!said.contains("Done " + runs + " runs")) {
                    throw new AssertionError("The fuzzer did not try all it was to try:\n" + said);
                }
            }
            case FOUND_SOMETHING, TOO_MUCH_TIME_OR_MEMORY ->
                throw new AssertionError(target.getSimpleName() + " does not survive this input:\n" + said);
            default -> throw new AssertionError("The fuzzer broke, status " + process.exitValue() + ":\n" + said);
        }
    }

    private static String end(Path log) throws IOException {
        String text = Files.readString(log, StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - 6_000));
    }
}
