package dev.claviger.app.security;

import dev.claviger.app.security.ApiTokens.ApiToken;
import dev.claviger.app.security.UserEvent.Scope;
import dev.claviger.connectors.api.AgentId;
import dev.claviger.connectors.api.AgentKeyring;
import dev.claviger.oauth.api.ConsentBinding;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets programs in by the token in the {@code Authorization} header (RFC 6750): an admin's API token or an agent's key. */
class BearerFilter extends OncePerRequestFilter {

    static final String AGENT_API = "/api/v1/agent/";

    private static final String SCHEME = "bearer ";
    private static final Object FROZEN = new Object();

    private final ApiTokens tokens;
    private final AgentKeyring agents;
    private final TokenThrottle throttle;
    private final Problems problems;

    BearerFilter(ApiTokens tokens, AgentKeyring agents, TokenThrottle throttle, Problems problems) {
        this.tokens = tokens;
        this.agents = agents;
        this.throttle = throttle;
        this.problems = problems;
    }

    /** The presented token, or null where there is none. */
    static @Nullable String token(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }

    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String presented = token(request);
        if (presented == null) {
            chain.doFilter(request, response);
            return;
        }
        String hash = ApiTokens.hash(presented);
        Duration wait = throttle.attempt(hash, request.getRemoteAddr());
        if (!wait.isZero()) {
            problems.tooMany(
                    response, "Too many wrong tokens came from your address; wait as long as Retry-After says.", wait);
            return;
        }
        Optional<Authentication> who = forAgents(request) ? agent(hash) : admin(presented, request);
        if (who.isEmpty()) {
            throttle.wrong(hash, request.getRemoteAddr());
            problems.write(
                    response,
                    HttpStatus.UNAUTHORIZED,
                    "This token is unknown here, has expired or was revoked; use a valid one.",
                    "error=\"invalid_token\"");
            return;
        }
        throttle.right(hash, request.getRemoteAddr());
        if (who.get().getDetails() == FROZEN) {
            agents.refusedFrozen(AgentId.parse(who.get().getName()), request.getRequestURI(), request.getRemoteAddr());
            problems.frozen(response);
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(who.get());
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }

    private static boolean forAgents(HttpServletRequest request) {
        return request.getRequestURI().startsWith(AGENT_API);
    }

    private Optional<Authentication> admin(String presented, HttpServletRequest request) {
        Optional<ApiToken> token = tokens.authenticate(presented);
        token.ifPresent(known ->
                request.setAttribute(ConsentBinding.API_TOKEN_ID, known.id().toString()));
        return token.map(known -> known.scope() == Scope.WRITE
                ? authenticated("token:" + known.id(), "ROLE_ADMIN", "SCOPE_READ", "SCOPE_WRITE")
                : authenticated("token:" + known.id(), "ROLE_AUDITOR", "SCOPE_READ"));
    }

    private Optional<Authentication> agent(String hash) {
        return agents.owner(hash).map(agent -> {
            UsernamePasswordAuthenticationToken who =
                    authenticated(agent.agentId().toString(), "ROLE_AGENT");
            who.setDetails(agent.frozen() ? FROZEN : null);
            return who;
        });
    }

    private static UsernamePasswordAuthenticationToken authenticated(String name, String... authorities) {
        List<SimpleGrantedAuthority> granted = new ArrayList<>();
        for (String authority : authorities) {
            granted.add(new SimpleGrantedAuthority(authority));
        }
        return UsernamePasswordAuthenticationToken.authenticated(name, null, granted);
    }
}
