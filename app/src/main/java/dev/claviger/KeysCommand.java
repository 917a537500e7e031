package dev.claviger;

import dev.claviger.credentials.api.Secret;
import dev.claviger.credentials.outbound.OutboundClient;
import dev.claviger.credentials.outbound.OutboundRequest;
import dev.claviger.credentials.outbound.OutboundResponse;
import dev.claviger.credentials.outbound.Unreachable;
import dev.claviger.credentials.outbound.Untrusted;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code keys status|rotate [--dry-run]}: what the master keys wrap, and their rotation, asked of a running Claviger over its
 * API. The token comes from the environment, since arguments can be read by everybody on the machine.
 */
final class KeysCommand {

    static final String NAME = "keys";

    private static final int DONE = 0;
    private static final int NOT_ALL = 1;
    private static final int NOT_NOW = 2;
    /** As sysexits.h has it. */
    private static final int USAGE = 64;

    private static final String URL = "CLAVIGER_URL";
    private static final String TOKEN = "CLAVIGER_ADMIN_TOKEN";
    private static final long PAUSE_MILLIS = 500;

    private static final String HELP = """
            The master keys of a running Claviger.

              keys status               which master keys there are and how many live secrets each wraps
              keys rotate [--dry-run]   wraps the keys of all live secrets anew with the current master key

            CLAVIGER_ADMIN_TOKEN: an admin token (page API tokens), to rotate with the scope write.
            CLAVIGER_URL: where Claviger is, default http://localhost:8080.
            Exit status: 0 done; 1 something did not open, other keys still wrap something, or it ended early; 2 refused or
            out of reach; 64 wrong arguments.
            """;

    private final JsonMapper json = JsonMapper.builder().build();
    private final OutboundClient client;
    private final String base;
    private final Secret authorization;
    private final PrintStream out;

    private KeysCommand(String base, String token, PrintStream out) {
        this.client =
                OutboundClient.guarded(List.of(String.valueOf(URI.create(base).getHost())), true);
        this.base = base;
        this.authorization = Secret.of("Bearer " + token);
        this.out = out;
    }

    /** Answers the exit status. */
    static int run(List<String> arguments) {
        // Nothing but the report belongs on the standard output, and no logging is configured here.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
        return run(arguments, System.getenv(), stream(FileDescriptor.out), stream(FileDescriptor.err));
    }

    static int run(List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        boolean status = arguments.equals(List.of("status"));
        boolean dryRun = arguments.equals(List.of("rotate", "--dry-run"));
        String token = environment.getOrDefault(TOKEN, "");
        if (!status && !dryRun && !arguments.equals(List.of("rotate"))) {
            err.print(HELP);
            return USAGE;
        }
        if (token.isBlank()) {
            err.println("Set " + TOKEN + " to an admin token; the page API tokens issues one.");
            return USAGE;
        }
        try {
            KeysCommand command = new KeysCommand(environment.getOrDefault(URL, "http://localhost:8080"), token, out);
            return status ? command.status() : command.rotate(dryRun);
        } catch (Refusal e) {
            err.println(e.getMessage());
            return NOT_NOW;
        } catch (Unreachable | Untrusted e) {
            err.println("Claviger is out of reach: " + e.getMessage() + ". Set " + URL + " to where it is.");
            return NOT_NOW;
        } catch (IllegalArgumentException e) {
            err.println(URL + " is no address; it is such as https://claviger.example.com");
            return USAGE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            err.println("Interrupted; the rotation goes on without us. See: keys status");
            return NOT_NOW;
        }
    }

    private int status() {
        boolean all = true;
        for (JsonNode key : call(OutboundRequest.get(address("/api/v1/keys"))).path("items")) {
            boolean usable = key.path("usable").asBoolean();
            all &= usable;
            String state = usable ? "opens former secrets" : "NOT USABLE HERE";
            if (key.path("current").asBoolean()) {
                state = usable ? "current" : "current, NOT USABLE HERE";
            } else if (!key.path("needed").asBoolean()) {
                state = "wraps nothing: make it the first of the list to rotate to it, or take a former key out";
            }
            out.printf(
                    "%-28s %10d live secrets  %s%n    from %s%n",
                    key.path("id").asString(),
                    key.path("liveSecrets").asLong(),
                    state,
                    key.path("reference").asString());
        }
        return all ? DONE : NOT_ALL;
    }

    private int rotate(boolean dryRun) throws InterruptedException {
        JsonNode rotation = call(OutboundRequest.post(
                address("/api/v1/keys/rotations"), "application/json", "{\"dryRun\":" + dryRun + "}"));
        String id = rotation.path("rotationId").asString();
        out.println((dryRun ? "Dry run of a rotation" : "Rotation") + " to "
                + rotation.path("toKey").asString() + ", " + id);
        while (rotation.path("state").asString().equals("RUNNING")) {
            progress(rotation);
            Thread.sleep(PAUSE_MILLIS);
            rotation =
                    call(OutboundRequest.get(address("/api/v1/keys/rotations/" + id.substring(id.indexOf(':') + 1))));
        }
        progress(rotation);
        out.println();
        rotation.path("parts")
                .forEach(part -> out.println("  " + part.path("fromKey").asString() + ": "
                        + part.path("opened").asLong() + (dryRun ? " open, " : " wrapped anew, ")
                        + part.path("unreadable").asLong() + " do not open"));
        rotation.path("unreadableSecrets")
                .forEach(secret -> out.println("  does not open, left as it is: " + secret.asString()));
        if (rotation.path("state").asString().equals("FAILED")) {
            out.println("It ended early: " + rotation.path("trouble").asString());
        }
        long unreadable = rotation.path("unreadable").asLong();
        long left = dryRun ? 0 : rotation.path("left").asLong(0);
        if (left > unreadable) {
            out.println("  other keys still wrap " + (left - unreadable)
                    + " live secrets that may open: give every node the"
                    + " same current key, then rotate again; keep the former keys until then");
        }
        return rotation.path("state").asString().equals("DONE") && unreadable == 0 && left == 0 ? DONE : NOT_ALL;
    }

    /** One line that is written over itself. */
    private void progress(JsonNode rotation) {
        out.printf(
                "\r%d of %d",
                rotation.path("opened").asLong() + rotation.path("unreadable").asLong(),
                rotation.path("expected").asLong());
        out.flush();
    }

    private URI address(String path) {
        return URI.create(base + path);
    }

    private JsonNode call(OutboundRequest request) {
        OutboundResponse response =
                client.send(request.header("Authorization", authorization).header("Accept", "application/json"));
        JsonNode body = read(response.text());
        if (response.status() >= 300) {
            throw new Refusal("Claviger answered " + response.status() + ": "
                    + body.path("detail").asString("no reason was given")
                    + (response.status() == 401 || response.status() == 403 ? " (" + TOKEN + ")" : ""));
        }
        return body;
    }

    private JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (tools.jackson.core.JacksonException e) {
            throw new Refusal("What answers at " + base + " is no Claviger. Set " + URL + " to where it is.");
        }
    }

    private static final class Refusal extends RuntimeException {
        Refusal(String message) {
            super(message);
        }
    }

    /** As UTF-8 whatever the machine speaks. */
    private static PrintStream stream(FileDescriptor where) {
        return new PrintStream(new FileOutputStream(where), true, StandardCharsets.UTF_8);
    }
}
