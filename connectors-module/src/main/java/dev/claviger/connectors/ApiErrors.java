package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentRejected;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.FailureCode;
import dev.claviger.credentials.api.FreezeRejected;
import dev.claviger.oauth.api.AuthorizationRejected;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Failures of the APIs as {@code application/problem+json} (RFC 9457), named by what the reader must do. */
@RestControllerAdvice(
        assignableTypes = {
            ConnectorApi.class,
            ConnectorFactsApi.class,
            ConnectApi.class,
            ToolApi.class,
            ToolCallApi.class,
            AgentApi.class,
            AgentSelfApi.class,
            PreflightApi.class,
            HealthApi.class,
            ForecastApi.class
        })
@Order(0)
class ApiErrors {

    private static final Duration LATER = Duration.ofSeconds(10);

    @ExceptionHandler
    ProblemDetail rejected(ConnectorRejected refusal) {
        ProblemDetail problem = problem(HttpStatus.CONFLICT, "Not possible now", refusal.getMessage());
        String field = refusal.field();
        if (field != null) {
            problem.setProperty("errors", Map.of(field, String.valueOf(refusal.getMessage())));
        }
        return problem;
    }

    @ExceptionHandler({
        AgentRejected.class,
        ToolCatalogRejected.class,
        CredentialRejected.class,
        FreezeRejected.class,
        AuthorizationRejected.class
    })
    ProblemDetail rejected(RuntimeException refusal) {
        return problem(HttpStatus.CONFLICT, "Not possible now", refusal.getMessage());
    }

    @ExceptionHandler
    ProblemDetail wouldDrop(WouldDrop refusal) {
        ProblemDetail problem = problem(HttpStatus.CONFLICT, "Something would be lost", refusal.getMessage());
        problem.setProperty("drops", refusal.drops());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail wrongFields(WrongFields refusal) {
        ProblemDetail problem =
                problem(HttpStatus.UNPROCESSABLE_CONTENT, "Some fields cannot stay so", "See errors, by field.");
        problem.setProperty("errors", refusal.errors());
        return problem;
    }

    @ExceptionHandler
    ProblemDetail notFound(NotFound refusal) {
        return problem(HttpStatus.NOT_FOUND, "Not found", refusal.sentence());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooMany(TooMany refusal) {
        return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                .header(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(refusal.retryAfter().toSeconds()))
                .body(problem(HttpStatus.TOO_MANY_REQUESTS, "Asked too often", refusal.sentence()));
    }

    /** Says nothing of the body: what could not be read may be a secret in the wrong place. */
    @ExceptionHandler
    ProblemDetail unreadable(HttpMessageNotReadableException unreadable) {
        return problem(
                HttpStatus.BAD_REQUEST,
                "The request body cannot be read",
                "Send the JSON that /v3/api-docs describes for this address.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unavailable(Unmended refusal) {
        CredentialUnavailable unavailable = refusal.unavailable();
        HttpStatus status = switch (unavailable.reason()) {
            case NEEDS_CONSENT -> HttpStatus.CONFLICT;
            case REVOKED -> HttpStatus.GONE;
            case TRY_LATER -> HttpStatus.SERVICE_UNAVAILABLE;
            case FROZEN -> HttpStatus.LOCKED;
        };
        ProblemDetail problem = problem(status, title(unavailable.reason()), unavailable.getMessage());
        String help = refusal.help();
        problem.setType(URI.create(help));
        problem.setProperty("code", FailureCode.CREDENTIAL_UNAVAILABLE.code());
        problem.setProperty("help", help);
        problem.setProperty("reason", unavailable.reason().name());
        problem.setProperty("mend", refusal.mend());
        HttpHeaders headers = new HttpHeaders();
        headers.setCacheControl("no-store");
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            Duration wait = unavailable.retryAfter();
            headers.set(
                    HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, (wait == null ? LATER : wait).toSeconds())));
        }
        return new ResponseEntity<>(problem, headers, status);
    }

    private static String title(CredentialUnavailable.Reason reason) {
        return switch (reason) {
            case NEEDS_CONSENT -> "Somebody must connect this first";
            case REVOKED -> "The credential was revoked";
            case TRY_LATER -> "Try later";
            case FROZEN -> "Frozen by an admin";
        };
    }

    private static ProblemDetail problem(HttpStatus status, String title, @Nullable String detail) {
        ProblemDetail problem = ProblemDetail.forStatus(status);
        problem.setTitle(title);
        problem.setDetail(detail);
        return problem;
    }
}
