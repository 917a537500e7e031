package dev.claviger.app.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/** Writes down who came, who went and who was turned away, and sends the browser on. */
class SignInListener extends SavedRequestAwareAuthenticationSuccessHandler
        implements AuthenticationFailureHandler, LogoutHandler {

    private static final int SIGNED_IN_SECONDS = (int) Duration.ofHours(8).toSeconds();

    private final People people;
    private final UserEvents events;
    private final SignInThrottle throttle;
    /** Networks whose guesses at names nobody has were told within the last minute: history is not theirs to fill. */
    private final Cache<String, Boolean> told = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    SignInListener(People people, UserEvents events, SignInThrottle throttle) {
        this.people = people;
        this.events = events;
        this.throttle = throttle;
    }

    @Override
    public void onAuthenticationSuccess(HttpServletRequest request, HttpServletResponse response, Authentication who)
            throws ServletException, IOException {
        throttle.succeeded(who.getName(), request.getRemoteAddr());
        people.signedIn(who.getName());
        request.getSession().setMaxInactiveInterval(SIGNED_IN_SECONDS);
        super.onAuthenticationSuccess(request, response, who);
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException cause)
            throws IOException {
        String typed = request.getParameter("username");
        String name = typed == null ? "" : typed.strip();
        String shown = people.find(name)
                .map(People.Person::name)
                .orElseGet(() -> name.substring(
                                0, name.offsetByCodePoints(0, Math.min(2, name.codePointCount(0, name.length()))))
                        + "…");
        boolean known = !shown.endsWith("…");
        if (known || told.asMap().putIfAbsent(ClientAddress.network(request.getRemoteAddr()), Boolean.TRUE) == null) {
            events.tell(new UserEvent.SignInFailed(shown), "somebody");
        }
        response.sendRedirect("/login?failed");
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response, @Nullable Authentication who) {
        if (who != null) {
            events.tell(new UserEvent.SignedOut(who.getName()), "person:" + who.getName());
        }
    }
}
