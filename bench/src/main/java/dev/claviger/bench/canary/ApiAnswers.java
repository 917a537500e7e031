package dev.claviger.bench.canary;

import dev.claviger.bench.canary.Sweep.Area;
import dev.claviger.demoprovider.RunningClaviger;
import dev.claviger.demoprovider.RunningClaviger.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Every GET of the admin API, as its own description lists them, with every id that any answer named; and what programs can
 * read besides. The agent API is left out: it is there to hand a credential to its agent.
 */
final class ApiAnswers {

    private static final int MOST = 2_000;

    /** As ids are printed: the kind, then the UUID. */
    private static final Pattern ID = Pattern.compile("([a-z-]{3,40}):([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private static final Pattern TOOL = Pattern.compile("\"name\":\"([a-z_]{1,64})\"");
    private static final Pattern PARAMETER = Pattern.compile("([a-z-]+)s/\\{[^}]+}");

    private final RunningClaviger claviger;
    private final String adminToken;
    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, Set<String>> ids = new TreeMap<>();
    private final Set<String> tools = new LinkedHashSet<>();

    ApiAnswers(RunningClaviger claviger, String adminToken) {
        this.claviger = claviger;
        this.adminToken = adminToken;
    }

    /** @return the UUIDs of every connection that was named */
    Set<String> sweep(Sweep sweep) throws IOException, InterruptedException {
        List<String> templates = templates();
        for (String path : List.of(
                "/v3/api-docs",
                "/v3/api-docs.yaml",
                "/actuator",
                "/actuator/health",
                "/actuator/prometheus",
                "/oauth/client-metadata.json",
                "/oauth/jwks.json",
                "/api/v1/audit?limit=1000",
                "/api/v1/forecast?days=365",
                "/api/v1/freezes/affected?subject=everything")) {
            ask(sweep, Area.API, path);
        }
        for (String path : List.of("/audit/export.jsonl", "/audit/export.csv")) {
            ask(sweep, Area.EXPORT, path);
        }
        int before;
        do {
            before = asked.size();
            for (String template : templates) {
                for (String path : filled(template)) {
                    ask(sweep, Area.API, path);
                }
            }
        } while (asked.size() > before && asked.size() < MOST);
        if (asked.size() >= MOST) {
            System.out.println("Stopped after " + MOST + " requests to the API");
        }
        return values("connection");
    }

    private List<String> templates() throws IOException, InterruptedException {
        List<String> templates = new ArrayList<>();
        JsonNode paths = claviger.admin("GET", "/v3/api-docs", null).path("paths");
        paths.properties().forEach(path -> {
            if (path.getValue().has("get") && !path.getKey().startsWith("/api/v1/agent/")) {
                templates.add(path.getKey());
            }
        });
        return templates;
    }

    /** With every known id of the kind that the path names before each parameter. */
    private List<String> filled(String template) {
        List<String> paths = List.of(template);
        for (Matcher wanted = PARAMETER.matcher(template); wanted.find(); wanted = PARAMETER.matcher(paths.get(0))) {
            List<String> more = new ArrayList<>();
            for (String path : paths) {
                for (String value : values(wanted.group(1))) {
                    more.add(PARAMETER.matcher(path).replaceFirst("$1s/" + value));
                }
            }
            if (more.isEmpty()) {
                return more;
            }
            paths = more;
        }
        return paths;
    }

    private Set<String> values(String kind) {
        if (kind.equals("tool")) {
            return tools;
        }
        Set<String> values = new LinkedHashSet<>();
        ids.forEach((known, same) -> {
            if (known.equals(kind) || known.endsWith("-" + kind)) {
                values.addAll(same);
            }
        });
        return values;
    }

    private void ask(Sweep sweep, Area area, String path) throws IOException, InterruptedException {
        if (asked.size() >= MOST || !asked.add(path)) {
            return;
        }
        Answer answer = claviger.call(adminToken, "GET", path, null);
        if (answer.status() == 200) {
            sweep.look(area, path, answer.body());
            Matcher id = ID.matcher(answer.body());
            while (id.find()) {
                ids.computeIfAbsent(id.group(1), kind -> new LinkedHashSet<>()).add(id.group(2));
            }
            Matcher tool = TOOL.matcher(path.endsWith("/tools") ? answer.body() : "");
            while (tool.find()) {
                tools.add(tool.group(1));
            }
        } else {
            sweep.lookAlso(area, path, answer.body().getBytes(StandardCharsets.UTF_8));
        }
    }
}
