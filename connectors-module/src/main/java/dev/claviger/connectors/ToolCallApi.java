package dev.claviger.connectors;

import dev.claviger.connectors.ToolTrials.Ending;
import dev.claviger.connectors.ToolTrials.Trial;
import dev.claviger.credentials.api.Failure;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.oauth.api.ConsentBinding;
import dev.claviger.toolsync.api.ToolCalls.InputPolicy;
import dev.claviger.toolsync.api.ToolCalls.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.JsonNodeFactory;

/** Admin API: calling a tool, with the next step in the answer, so that scripts can drive the whole way. */
@RestController
@RequestMapping("/api/v1/connectors/{id}")
class ToolCallApi {

    /** Attempts that need no consent are live at once; a server that refuses each of them is not called for ever. */
    private static final int ROUNDS = 3;

    private static final Outcome REFUSED_AGAIN = new Outcome.Failed(new Failure(
            FailureCode.CREDENTIAL_REFUSED, "The server refuses the call with every new credential it is shown"));

    private final ToolTrials trials;
    private final NextStep next;
    private final String publicUrl;

    ToolCallApi(ToolTrials trials, NextStep next, @Value("${claviger.public-url}") String publicUrl) {
        this.trials = trials;
        this.next = next;
        this.publicUrl = publicUrl;
    }

    /**
     * Calls a tool once and waits for its end, for at most the call's time limit (60 seconds by default); the call is
     * recorded in the audit trail.
     *
     * @param name of the tool, URL-encoded; a name that no URL can carry as {@code ~} and its base64url
     */
    @PostMapping("/tools/{name}/call")
    ResponseEntity<ToolCallJson.Answer> call(
            @PathVariable String id,
            @PathVariable String name,
            @RequestBody(required = false) ToolCallJson.@Nullable Body body,
            HttpServletRequest request) {
        Trial trial = trial(id, name, body, ConsentBinding.of(request));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(answer(trial));
    }

    private ToolCallJson.Answer answer(Trial first) {
        Trial trial = first;
        for (int round = 1; ; round++) {
            Ending ending = trials.call(trial);
            if (ending instanceof Ending.Called called) {
                return ToolCallJson.Answer.of(trial.callId(), called.outcome(), called.took(), publicUrl);
            }
            Ending.Connecting connecting = (Ending.Connecting) ending;
            ConnectionJson.Answer step = next.await(connecting.attempt(), trial.boundTo(), NextStep.PATIENCE);
            if (!step.next().equals("connected")) {
                return ToolCallJson.Answer.of(trial.callId(), step);
            }
            if (round == ROUNDS) {
                return ToolCallJson.Answer.of(trial.callId(), REFUSED_AGAIN, Duration.ZERO, publicUrl);
            }
            trial = trial.again();
        }
    }

    private static Trial trial(String id, String name, ToolCallJson.@Nullable Body body, String boundTo) {
        ToolCallJson.Body asked = body == null ? new ToolCallJson.Body(null, null, null, null, null) : body;
        return new Trial(
                Ids.connector(id),
                asked.agentId() == null ? null : Ids.agent(asked.agentId()),
                Objects.requireNonNullElseGet(asked.callId(), UUID::randomUUID),
                ToolAddress.name(name),
                Objects.requireNonNullElseGet(asked.arguments(), JsonNodeFactory.instance::objectNode),
                policy(asked.input()),
                asked.answers() == null ? Map.of() : asked.answers(),
                boundTo);
    }

    private static InputPolicy policy(@Nullable String input) {
        return switch (input == null ? "ask" : input) {
            case "ask" -> InputPolicy.ASK_THE_PERSON;
            case "accept_defaults" -> InputPolicy.ACCEPT_DEFAULTS;
            default -> throw new WrongFields(Map.of("input", "Say ask or accept_defaults."));
        };
    }
}
