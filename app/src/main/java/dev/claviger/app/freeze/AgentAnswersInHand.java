package dev.claviger.app.freeze;

import dev.claviger.credentials.api.InHand;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** An answer to an agent is in our hand until it is written out, whatever it took to find it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class AgentAnswersInHand extends OncePerRequestFilter {

    private final InHand inHand;

    AgentAnswersInHand(InHand inHand) {
        this.inHand = inHand;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/v1/agent/");
    }

    @Override
    @SuppressWarnings("try")
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try (InHand.Hold hold = inHand.hold()) {
            chain.doFilter(request, response);
            if (inHand.isAwaited()) {
                response.flushBuffer();
            }
        }
    }
}
