package dev.claviger;

import dev.claviger.connectors.preflight.PlainText;
import dev.claviger.connectors.preflight.Preflight;
import dev.claviger.connectors.preflight.PreflightReport;
import dev.claviger.connectors.preflight.Verdict;
import dev.claviger.credentials.outbound.OutboundClient;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code preflight URL [--json]}: will Connect work with this server? Without a database and without the application; the
 * exit status says it to scripts.
 */
final class PreflightCommand {

    static final String NAME = "preflight";

    private static final int WORKS = 0;
    private static final int NEEDS_SOMETHING = 1;
    private static final int WILL_NOT = 2;
    /** As sysexits.h has it. */
    private static final int USAGE = 64;

    private static final String PUBLIC_URL = "claviger.public-url";
    private static final String ALLOW = "claviger.outbound.allow";
    private static final String ALLOW_HTTP = "claviger.outbound.allow-http";

    private static final String HELP = """
            Will Connect work with this MCP server?

              preflight URL [--json] [--claviger.public-url=…] [--claviger.outbound.allow=…] [--claviger.outbound.allow-http]

            Exit status: 0 it will (probably) work, 1 it needs something first, 2 it will not work, 64 wrong arguments.
            """;

    private PreflightCommand() {}

    /** Answers the exit status. */
    static int run(List<String> arguments) {
        // Nothing but the report belongs on the standard output, and no logging is configured here.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
        boolean json = arguments.contains("--json");
        List<String> urls = new ArrayList<>();
        Map<String, String> settings = new HashMap<>();
        for (String argument : arguments) {
            if (argument.startsWith("--claviger.")) {
                String[] setting = argument.substring(2).split("=", 2);
                settings.put(setting[0], setting.length == 1 ? "true" : setting[1]);
            } else if (!argument.startsWith("-")) {
                urls.add(argument);
            } else if (!argument.equals("--json")) {
                return usage();
            }
        }
        if (urls.size() != 1 || !List.of(PUBLIC_URL, ALLOW, ALLOW_HTTP).containsAll(settings.keySet())) {
            return usage();
        }
        Preflight preflight;
        try {
            preflight = preflight(settings);
        } catch (IllegalArgumentException e) {
            print(FileDescriptor.err, "A setting cannot be read: " + e.getMessage() + "\n");
            return USAGE;
        }
        PreflightReport report = preflight.run(urls.get(0));
        print(FileDescriptor.out, json ? asJson(report) : PlainText.of(report));
        return status(report.verdict());
    }

    private static Preflight preflight(Map<String, String> settings) {
        List<String> allow = Arrays.stream(setting(settings, ALLOW, "").split(","))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .toList();
        boolean allowHttp = Boolean.parseBoolean(setting(settings, ALLOW_HTTP, "false"));
        String publicUrl = setting(settings, PUBLIC_URL, "http://localhost:8080");
        if (URI.create(publicUrl).getHost() == null || publicUrl.endsWith("/")) {
            throw new IllegalArgumentException(
                    PUBLIC_URL + " must be http:// or https:// and a host, nothing after it");
        }
        return Preflight.with(OutboundClient.guarded(allow, allowHttp), publicUrl, Clock.systemUTC());
    }

    private static int status(@Nullable Verdict verdict) {
        if (verdict == null) {
            throw new IllegalStateException("A finished preflight has a verdict");
        }
        return switch (verdict) {
            case WILL_WORK, WILL_PROBABLY_WORK -> WORKS;
            case NEEDS_YOU_FIRST -> NEEDS_SOMETHING;
            case WILL_NOT_WORK -> WILL_NOT;
        };
    }

    /** An argument, else the environment variable that the application reads for it. */
    private static String setting(Map<String, String> arguments, String name, String otherwise) {
        String variable = name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
        String environment = System.getenv(variable);
        return arguments.getOrDefault(name, environment == null ? otherwise : environment);
    }

    private static String asJson(PreflightReport report) {
        return JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValueAsString(report) + "\n";
    }

    private static int usage() {
        print(FileDescriptor.err, HELP);
        return USAGE;
    }

    /** As UTF-8 whatever the machine speaks. */
    private static void print(FileDescriptor where, String text) {
        PrintStream out = new PrintStream(new FileOutputStream(where), false, StandardCharsets.UTF_8);
        out.print(text);
        out.flush();
    }
}
