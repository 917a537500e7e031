package dev.claviger.app.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentKeyring;
import dev.claviger.connectors.api.AgentQuery.AuthenticatedAgent;
import dev.claviger.connectors.api.QuickCredential;
import dev.claviger.connectors.api.QuickCredential.Answer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.ServerHttpObservationFilter;

/**
 * Answers the one question that agents ask all day, for the credential of one connector, before sessions, security and
 * controllers, which cost several times what the answer does. It only ever says yes: whatever else there is to say, it
 * leaves to them, from the start.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class AgentShortcut extends OncePerRequestFilter {

    private static final String PATTERN = "/api/v1/agent/connectors/{serverKey}/credential";
    /** As server keys are made; a path written in any other way is not for us to read. */
    private static final Pattern PATH = Pattern.compile("/api/v1/agent/connectors/([a-z0-9_]+)/credential");

    /**
     * Whose key it was does not change, and whether it still is one is read with every answer; but the keyring, which notes
     * when a key was last used, must see it now and then.
     */
    private static final Duration REMEMBERED = Duration.ofSeconds(30);

    private static final int MOST_REMEMBERED = 100_000;

    private final AgentKeyring agents;
    private final TokenThrottle throttle;
    private final QuickCredential credentials;
    private final Cache<String, AgentId> lately = Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .build();

    AgentShortcut(AgentKeyring agents, TokenThrottle throttle, QuickCredential credentials) {
        this.agents = agents;
        this.throttle = throttle;
        this.credentials = credentials;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith(BearerFilter.AGENT_API);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Answer> answer = answer(request);
        if (answer.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        ServerHttpObservationFilter.findObservationContext(request)
                .ifPresent(observation -> observation.setPathPattern(PATTERN));
        write(answer.get(), response);
    }

    private Optional<Answer> answer(HttpServletRequest request) {
        Matcher path = PATH.matcher(request.getRequestURI());
        if (!HttpMethod.GET.matches(request.getMethod()) || request.getQueryString() != null || !path.matches()) {
            return Optional.empty();
        }
        String presented = BearerFilter.token(request);
        if (presented == null) {
            return Optional.empty();
        }
        String hash = ApiTokens.hash(presented);
        AgentId agent = recognised(hash);
        return agent == null
                ? Optional.empty()
                : credentials.find(agent, hash, path.group(1), ifNoneMatch(request), request.getRemoteAddr());
    }

    /** Nobody whose key was not right lately: who tries wrong ones meets the throttle of {@link BearerFilter}. */
    private @Nullable AgentId recognised(String hash) {
        if (!throttle.wasRightLately(hash)) {
            return null;
        }
        AgentId known = lately.getIfPresent(hash);
        if (known != null) {
            return known;
        }
        AgentId agent = agents.owner(hash).map(AuthenticatedAgent::agentId).orElse(null);
        if (agent != null) {
            lately.put(hash, agent);
        }
        return agent;
    }

    private static List<String> ifNoneMatch(HttpServletRequest request) {
        return Collections.list(request.getHeaders(HttpHeaders.IF_NONE_MATCH));
    }

    private static void write(Answer answer, HttpServletResponse response) throws IOException {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(HttpHeaders.ETAG, answer.entityTag());
        response.setHeader("X-Content-Type-Options", "nosniff");
        byte @Nullable [] body = answer.body();
        if (body == null) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
