package dev.claviger.app.layout;

import dev.claviger.credentials.api.Passing;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Has {@link Errors} answer as well where a session or a key could not be looked up, which is before any controller; the
 * container itself would write a stack trace for each and answer with a page of its own.
 */
@Configuration(proxyBeanMethods = false)
class OutOfReach {

    /** Of the request: the trouble that ended it outside of the controllers. */
    static final String TROUBLE = OutOfReach.class.getName() + ".trouble";

    /** Outside of the sessions, which stand at fifty. */
    private static final int OUTERMOST = Ordered.HIGHEST_PRECEDENCE + 10;

    @Bean
    FilterRegistrationBean<Filter> troubleBeforeControllers() {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) ->
                pass((HttpServletRequest) request, (HttpServletResponse) response, chain));
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ERROR);
        registration.setOrder(OUTERMOST);
        return registration;
    }

    private static void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getDispatcherType() == DispatcherType.ERROR) {
            boolean again = request.getAttribute(TROUBLE) != null;
            chain.doFilter(again ? new WithoutCookies(request) : request, response);
            return;
        }
        try {
            chain.doFilter(request, response);
        } catch (RuntimeException | ServletException e) {
            if (response.isCommitted() || !Passing.isPassing(e)) {
                throw e;
            }
            request.setAttribute(TROUBLE, e);
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
    }

    /** The session that could not be read must not be wanted again by the page that says so. */
    private static final class WithoutCookies extends HttpServletRequestWrapper {

        WithoutCookies(HttpServletRequest request) {
            super(request);
        }

        @Override
        @SuppressWarnings("NullAway") // Jakarta Servlet: null where the client sent none
        public Cookie @Nullable [] getCookies() {
            return null;
        }
    }
}
