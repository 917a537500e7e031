package dev.claviger.oauth;

import dev.claviger.credentials.api.FailureCode;
import dev.claviger.oauth.ReceiveResponse.Reception;
import dev.claviger.oauth.api.ConsentBinding;
import dev.claviger.oauth.protocol.AuthorizationResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

/** The redirect URI: takes the authorization response and sends the browser on, with nothing of it left in the address. */
@Controller
class CallbackController {

    private final ReceiveResponse receiveResponse;

    CallbackController(ReceiveResponse receiveResponse) {
        this.receiveResponse = receiveResponse;
    }

    @GetMapping(RedirectUri.PATH)
    @Nullable
    ModelAndView callback(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Referrer-Policy", "no-referrer");
        if (isOnlyLooking(request)) {
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            return null;
        }
        Reception reception = receiveResponse.receive(
                AuthorizationResponse.of(request.getParameterMap()), ConsentBinding.of(request));
        return reception.returnTo() != null ? to(reception.returnTo()) : refusal(reception.ignored());
    }

    /** A code works once: link previews and prefetching must not use it up. */
    private static boolean isOnlyLooking(HttpServletRequest request) {
        return !request.getMethod().equals("GET")
                || says(request, "Sec-Purpose")
                || says(request, "Purpose")
                || says(request, "X-Moz");
    }

    private static boolean says(HttpServletRequest request, String header) {
        String purpose = request.getHeader(header);
        return purpose != null && purpose.toLowerCase(Locale.ROOT).startsWith("prefetch");
    }

    static ModelAndView to(String path) {
        RedirectView view = new RedirectView(path);
        view.setStatusCode(HttpStatus.SEE_OTHER);
        view.setExposeModelAttributes(false);
        view.setExpandUriTemplateVariables(false);
        return new ModelAndView(view);
    }

    private static ModelAndView refusal(@Nullable FailureCode code) {
        FailureCode shown = code == null ? FailureCode.STATE_UNKNOWN : code;
        ModelAndView page = new ModelAndView(
                "oauth/refused",
                Map.of(
                        "title",
                        "This response was not used",
                        "section",
                        "connectors",
                        "code",
                        shown.code(),
                        "sentence",
                        sentence(shown)));
        page.setStatus(HttpStatus.BAD_REQUEST);
        return page;
    }

    private static String sentence(FailureCode code) {
        return switch (code) {
            case STATE_OTHER_SESSION ->
                "This response answers a request that was not begun in this browser session. Begin again with Connect,"
                        + " and finish in the same browser.";
            case STATE_REPLAYED ->
                "This response has been used already, and works only once. If the connector is not connected, begin"
                        + " again with Connect.";
            default -> "This response answers no request of ours. Begin again with Connect.";
        };
    }
}
