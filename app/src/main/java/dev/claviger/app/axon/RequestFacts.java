package dev.claviger.app.axon;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.UUID;
import org.slf4j.MDC;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Writes down who asks and from where, for the metadata of every message that comes of a request: the address before
 * security has looked, the actor after. Names with a colon (an agent, a token) say their kind themselves.
 */
@Configuration(proxyBeanMethods = false)
class RequestFacts {

    private static final int BEFORE_SECURITY = -200;
    private static final int AFTER_SECURITY = -50;

    @Bean
    FilterRegistrationBean<Filter> sourceOfRequests() {
        return at(BEFORE_SECURITY, new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                MDC.put("source", request.getRemoteAddr());
                MDC.put("correlation", "request:" + UUID.randomUUID());
                try {
                    chain.doFilter(request, response);
                } finally {
                    MDC.remove("source");
                    MDC.remove("correlation");
                }
            }
        });
    }

    @Bean
    FilterRegistrationBean<Filter> actorOfRequests() {
        return at(AFTER_SECURITY, new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                Principal principal = request.getUserPrincipal();
                if (principal == null) {
                    chain.doFilter(request, response);
                    return;
                }
                MDC.put("actor", actor(principal));
                try {
                    chain.doFilter(request, response);
                } finally {
                    MDC.remove("actor");
                }
            }
        });
    }

    static String actor(Principal principal) {
        String name = principal.getName();
        return name.startsWith("agent:") || name.startsWith("token:") ? name : "person:" + name;
    }

    private static FilterRegistrationBean<Filter> at(int order, Filter filter) {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }
}
