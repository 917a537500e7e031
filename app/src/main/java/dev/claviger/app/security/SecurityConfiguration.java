package dev.claviger.app.security;

import dev.claviger.connectors.api.AgentKeyring;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AccountStatusUserDetailsChecker;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.CookieRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * Who may ask for what. Programs come with a token and have no session; people come with a session and need a CSRF token to
 * change anything. An auditor reads every page and changes nothing but the own password.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none';"
            + " base-uri 'none'";
    /** Pages that only lead to a change, so an auditor is refused before filling them in. */
    private static final String[] FORMS = {
        "/connectors/new",
        "/preflight",
        "/preflight/*",
        "/connectors/*/edit",
        "/connectors/*/disconnect",
        "/connectors/*/remove",
        "/agents/new",
        "/agents/*/remove",
        "/agents/*/keys/*/revoke",
        "/agents/*/connectors/*/disconnect",
        "/clients/registrations/*/*",
        "/tokens/*/revoke",
        "/keys/rotate",
        "/keys/leaked"
    };

    /** What authorization servers read of us. */
    private static final String[] PUBLISHED = {"/oauth/client-metadata.json", "/oauth/jwks.json"};

    private static final String PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

    /** What a program may reach with its token besides the API. */
    private static final Pattern ALSO_FOR_PROGRAMS = Pattern.compile(
            "/oauth/.*|/actuator/.*|/v3/api-docs(/.*|\\.yaml)?|/audit/export\\.(jsonl|csv)|/forecast\\.ics");

    private final boolean https;

    SecurityConfiguration(@Value("${claviger.public-url:}") String publicUrl) {
        this.https = publicUrl.startsWith("https:");
    }

    /** Of each request its whole is observed; what each filter takes is worth less than the observing costs. */
    @Bean
    SecurityObservationSettings unobservedFilters() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    @Order(1)
    SecurityFilterChain chainOfPrograms(
            HttpSecurity http, ApiTokens tokens, AgentKeyring agents, TokenThrottle throttle, Problems problems) {
        common(http);
        http.securityMatcher(SecurityConfiguration::isProgram)
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(
                        new BearerFilter(tokens, agents, throttle, problems),
                        UsernamePasswordAuthenticationFilter.class)
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint((request, response, cause) -> problems.write(
                                        response,
                                        HttpStatus.UNAUTHORIZED,
                                        "Send a token in the Authorization header: Bearer …",
                                        ""))
                                .accessDeniedHandler((request, response, cause) -> problems.write(
                                        response,
                                        HttpStatus.FORBIDDEN,
                                        "This token does not allow that; use one with the scope write, or the right kind of key.",
                                        "error=\"insufficient_scope\"")))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers("/api/v1/agent/**")
                        .hasRole("AGENT")
                        .requestMatchers("/api/v1/ping")
                        .permitAll()
                        .requestMatchers("/actuator/health/**", "/actuator/health")
                        .permitAll()
                        .requestMatchers(PUBLISHED)
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/oauth/**")
                        .hasAuthority("SCOPE_WRITE")
                        .requestMatchers(HttpMethod.GET)
                        .hasAuthority("SCOPE_READ")
                        .requestMatchers(HttpMethod.HEAD)
                        .hasAuthority("SCOPE_READ")
                        .anyRequest()
                        .hasAuthority("SCOPE_WRITE"));
        return http.build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain chainOfPeople(
            HttpSecurity http, People people, Passwords passwords, UserEvents events, SignInThrottle throttle) {
        SignInListener listener = new SignInListener(people, events, throttle);
        RequestCache requests = pagesAskedFor();
        listener.setRequestCache(requests);
        DaoAuthenticationProvider provider = new DaoAuthenticationProvider(people);
        provider.setPasswordEncoder(passwords);
        // After the password, so that the time taken does not tell who is disabled.
        provider.setPreAuthenticationChecks(person -> {});
        provider.setPostAuthenticationChecks(new AccountStatusUserDetailsChecker());
        common(http);
        http.authenticationProvider(provider)
                .requestCache(cache -> cache.requestCache(requests))
                .addFilterBefore(new ThrottleFilter(throttle), UsernamePasswordAuthenticationFilter.class)
                .formLogin(login -> login.loginPage("/login")
                        .successHandler(listener)
                        .failureHandler(listener)
                        .permitAll())
                .logout(logout -> logout.addLogoutHandler(listener).logoutSuccessUrl("/login?signed-out"))
                .exceptionHandling(errors -> errors.authenticationEntryPoint(signIn()))
                .authorizeHttpRequests(rules -> rules.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.ASYNC, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(
                                "/login",
                                "/app.css",
                                "/app.js",
                                "/favicon.svg",
                                "/webjars/**",
                                "/actuator/health",
                                "/actuator/health/**")
                        .permitAll()
                        .requestMatchers(PUBLISHED)
                        .permitAll()
                        .requestMatchers("/oauth/callback", "/actuator/**", "/swagger-ui/**")
                        .hasRole("ADMIN")
                        .requestMatchers(FORMS)
                        .hasRole("ADMIN")
                        .requestMatchers("/account/**")
                        .hasAnyRole("ADMIN", "AUDITOR")
                        .requestMatchers(HttpMethod.GET)
                        .hasAnyRole("ADMIN", "AUDITOR")
                        .requestMatchers(HttpMethod.HEAD)
                        .hasAnyRole("ADMIN", "AUDITOR")
                        .anyRequest()
                        .hasRole("ADMIN"));
        return http.build();
    }

    private void common(HttpSecurity http) {
        http.httpBasic(AbstractHttpConfigurer::disable)
                .anonymous(anonymous -> {})
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(permissions -> permissions.policy(PERMISSIONS_POLICY))
                        .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                        // TLS ends before us, so the request itself does not say whether it was https.
                        .httpStrictTransportSecurity(hsts -> hsts.requestMatcher(
                                        https ? AnyRequestMatcher.INSTANCE : HttpServletRequest::isSecure)
                                .includeSubDomains(false)));
    }

    private static boolean isProgram(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path.startsWith("/api/")
                || (BearerFilter.token(request) != null
                        && ALSO_FOR_PROGRAMS.matcher(path).matches());
    }

    /** In a cookie: a stranger who asks for pages must not fill the session table. */
    private static RequestCache pagesAskedFor() {
        CookieRequestCache requests = new CookieRequestCache();
        // An authorization response carries a code, which has no business in a cookie.
        requests.setRequestMatcher(request -> "GET".equals(request.getMethod())
                && !request.getServletPath().startsWith("/oauth/")
                && wantsPage(request));
        return requests;
    }

    private static boolean wantsPage(HttpServletRequest request) {
        String accept = request.getHeader("Accept");
        return request.getHeader("HX-Request") == null && accept != null && accept.contains("text/html");
    }

    /** Pages lead to the sign-in page; fragments and event streams only say that the session is over. */
    private static AuthenticationEntryPoint signIn() {
        LoginUrlAuthenticationEntryPoint page = new LoginUrlAuthenticationEntryPoint("/login");
        page.setFavorRelativeUris(true);
        return (request, response, cause) -> {
            String accept = request.getHeader("Accept");
            if (request.getHeader("HX-Request") != null) {
                response.setHeader("HX-Redirect", "/login");
                response.setStatus(HttpStatus.UNAUTHORIZED.value());
            } else if (accept != null && (accept.contains("event-stream") || accept.contains("json"))) {
                response.setStatus(HttpStatus.UNAUTHORIZED.value());
            } else {
                page.commence(request, response, cause);
            }
        };
    }
}
