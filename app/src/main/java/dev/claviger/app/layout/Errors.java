package dev.claviger.app.layout;

import dev.claviger.connectors.api.AgentRejected;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.credentials.api.CredentialUnavailable;
import dev.claviger.credentials.api.FreezeRejected;
import dev.claviger.credentials.api.KeyRotationRejected;
import dev.claviger.credentials.api.MasterKeyUnavailable;
import dev.claviger.credentials.api.Passing;
import dev.claviger.oauth.api.AuthorizationRejected;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.stereotype.Controller;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.ModelAndView;

/**
 * Every error that nobody nearer has answered: a page for people, {@code application/problem+json} for programs. A bug gets
 * an id that stands in the log beside its stack trace, and nothing of it is shown.
 */
@Controller
@ControllerAdvice
@Order
class Errors implements ErrorController {

    private static final Logger log = LoggerFactory.getLogger(Errors.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What the reader is told. */
    private record Told(
            HttpStatus status,
            String title,
            String detail,
            @Nullable String id,
            @Nullable Duration pause) {

        Told(HttpStatus status, String title, String detail, @Nullable String id) {
            this(status, title, detail, id, null);
        }

        Told after(@Nullable Duration howLong) {
            return new Told(status, title, detail, id, howLong);
        }
    }

    /** For what is out of reach at the moment, where nobody knows for how long. */
    private static final Duration LATER = Duration.ofSeconds(5);

    @ExceptionHandler
    @Nullable
    Object thrown(Exception e, HttpServletRequest request, HttpServletResponse response) throws Exception {
        if (e instanceof AccessDeniedException || e instanceof AuthenticationException) {
            throw e; // Spring Security answers these
        }
        if (e instanceof AsyncRequestNotUsableException || response.isCommitted()) {
            log.debug("The reader of {} has gone", request.getRequestURI());
            return null;
        }
        return answer(told(e, request), request, response);
    }

    @RequestMapping("/error")
    @Nullable
    Object sent(HttpServletRequest request, HttpServletResponse response) {
        Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : HttpStatus.NOT_FOUND;
        Object trouble = request.getAttribute(OutOfReach.TROUBLE);
        Object cause = trouble == null ? request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) : trouble;
        Told told = cause instanceof Exception e && (status == null || status.is5xxServerError())
                ? told(e, request)
                : told(status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status, null);
        return answer(told, request, response);
    }

    private static Told told(Exception e, HttpServletRequest request) {
        if (e instanceof ConnectorRejected
                || e instanceof AgentRejected
                || e instanceof CredentialRejected
                || e instanceof FreezeRejected
                || e instanceof KeyRotationRejected
                || e instanceof AuthorizationRejected
                || e instanceof ToolCatalogRejected) {
            return told(HttpStatus.CONFLICT, e.getMessage());
        }
        if (e instanceof CredentialUnavailable unavailable) {
            return told(
                            switch (unavailable.reason()) {
                                case NEEDS_CONSENT -> HttpStatus.CONFLICT;
                                case REVOKED -> HttpStatus.GONE;
                                case TRY_LATER -> HttpStatus.SERVICE_UNAVAILABLE;
                                case FROZEN -> HttpStatus.LOCKED;
                            },
                            e.getMessage())
                    .after(unavailable.retryAfter());
        }
        if (e instanceof MasterKeyUnavailable unavailable) {
            return told(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            e.getMessage() + " More: /help/"
                                    + unavailable.failure().code().code())
                    .after(unavailable.retryAfter());
        }
        if (e instanceof ErrorResponse known && known.getStatusCode().value() != 500) {
            return told(HttpStatus.valueOf(known.getStatusCode().value()), reason(e));
        }
        if (e instanceof TypeMismatchException || e instanceof HttpMessageNotReadableException) {
            return told(HttpStatus.BAD_REQUEST, null);
        }
        if (Passing.isPassing(e)) {
            return later(e, request);
        }
        String id = HexFormat.of().formatHex(bytes());
        log.error("Error {} at {} {}", id, request.getMethod(), path(request), e);
        return new Told(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Something went wrong here",
                "This is our fault, not yours. The log names the cause beside the id below.",
                id);
    }

    /** The database is away, full or busy: no fault of this request, and every one meets it, so the log gets one line each. */
    private static Told later(Exception e, HttpServletRequest request) {
        String id = HexFormat.of().formatHex(bytes());
        Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
        log.warn("Error {} at {} {}: {}", id, request.getMethod(), path(request), root.toString());
        log.debug("Error {} in full", id, e);
        return new Told(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The database does not answer as it should",
                "Nothing was handed out. Try again in a moment; if it goes on, an admin finds the cause in the log beside the"
                        + " id below.",
                id,
                LATER);
    }

    private static @Nullable String reason(Exception e) {
        return e instanceof org.springframework.web.server.ResponseStatusException stated ? stated.getReason() : null;
    }

    private static Told told(HttpStatus status, @Nullable String detail) {
        return switch (status) {
            case BAD_REQUEST ->
                new Told(status, "That request cannot be read", or(detail, "Go back and try again."), null);
            case UNAUTHORIZED -> new Told(status, "Sign in first", or(detail, "This needs a person we know."), null);
            case FORBIDDEN ->
                new Told(
                        status,
                        "You may not do that",
                        or(
                                detail,
                                "Your role does not allow it, or the page was open for too long. Go back, load it again and"
                                        + " try once more; otherwise ask an admin."),
                        null);
            case NOT_FOUND ->
                new Told(
                        status,
                        "There is nothing here",
                        or(detail, "The address is mistyped, or what stood here was removed. The audit trail knows."),
                        null);
            case METHOD_NOT_ALLOWED ->
                new Told(status, "That cannot be done here", or(detail, "Go back and use the buttons there."), null);
            case CONFLICT ->
                new Told(status, "Not now", or(detail, "Somebody else was quicker. Load the page again."), null);
            case TOO_MANY_REQUESTS -> new Told(status, "Too many tries", or(detail, "Wait a while."), null);
            default ->
                new Told(status, status.getReasonPhrase(), or(detail, "Go back, load the page and try again."), null);
        };
    }

    private static String or(@Nullable String detail, String otherwise) {
        return detail == null || detail.isBlank() ? otherwise : detail;
    }

    private static Object answer(Told told, HttpServletRequest request, HttpServletResponse response) {
        if (told.status() == HttpStatus.SERVICE_UNAVAILABLE) {
            Duration pause = told.pause() == null ? LATER : told.pause();
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, pause.toSeconds())));
        }
        if (forPrograms(request)) {
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(told.status(), told.detail());
            problem.setTitle(told.title());
            if (told.id() != null) {
                problem.setProperty("id", told.id());
            }
            return ResponseEntity.status(told.status())
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(problem);
        }
        response.setStatus(told.status().value());
        ModelAndView page = new ModelAndView("error/error", told.status());
        page.addObject("title", told.title());
        page.addObject("status", told.status().value());
        page.addObject("detail", told.detail());
        page.addObject("errorId", told.id());
        return page;
    }

    private static boolean forPrograms(HttpServletRequest request) {
        String path = path(request);
        String accept = request.getHeader("Accept");
        return path.startsWith("/api/")
                || path.startsWith("/actuator/")
                || path.startsWith("/v3/")
                || request.getHeader("Authorization") != null
                || (accept != null && accept.toLowerCase(Locale.ROOT).contains("json") && !accept.contains("html"));
    }

    private static String path(HttpServletRequest request) {
        return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String original
                ? original
                : request.getRequestURI();
    }

    private static byte[] bytes() {
        byte[] id = new byte[6];
        RANDOM.nextBytes(id);
        return id;
    }
}
