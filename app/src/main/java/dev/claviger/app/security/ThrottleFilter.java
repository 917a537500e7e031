package dev.claviger.app.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.web.filter.OncePerRequestFilter;

/** Turns away sign-ins that come too often, before the password is looked at. */
class ThrottleFilter extends OncePerRequestFilter {

    static final String WAIT_SECONDS = ThrottleFilter.class.getName() + ".waitSeconds";

    private final SignInThrottle throttle;

    ThrottleFilter(SignInThrottle throttle) {
        this.throttle = throttle;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !("POST".equals(request.getMethod()) && "/login".equals(request.getServletPath()));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String name = request.getParameter("username");
        Duration wait = throttle.attempt(name == null ? "" : name, request.getRemoteAddr());
        if (wait.isZero()) {
            chain.doFilter(request, response);
            return;
        }
        long seconds = wait.toSeconds() + 1;
        response.setStatus(429);
        response.setHeader("Retry-After", Long.toString(seconds));
        request.setAttribute(WAIT_SECONDS, seconds);
        request.getRequestDispatcher("/login/throttled").forward(request, response);
    }
}
