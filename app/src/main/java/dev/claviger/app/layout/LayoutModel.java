package dev.claviger.app.layout;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;

/**
 * Gives every page what the layout shows: who is signed in, the sections, the banner. Works on the finished model, so that
 * nothing of it ends up in a redirect.
 */
@Component
class LayoutModel implements HandlerInterceptor {

    private final ObjectProvider<Banner> banners;

    LayoutModel(ObjectProvider<Banner> banners) {
        this.banners = banners;
    }

    /** One entry of the bar. */
    record Section(String href, String label, boolean current) {}

    @Override
    public void postHandle(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable ModelAndView page) {
        if (page == null || page.getViewName() == null || page.getViewName().startsWith("redirect:")) {
            return;
        }
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        boolean admin = has(who, "ROLE_ADMIN");
        if (who == null || !(admin || has(who, "ROLE_AUDITOR"))) {
            return;
        }
        page.addObject("user", who.getName());
        page.addObject("admin", admin);
        page.addObject("nav", sections(page.getModel().get("section"), admin));
        String banner = banners.orderedStream()
                .map(Banner::text)
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
        if (!banner.isEmpty()) {
            page.addObject("banner", banner);
        }
    }

    private static boolean has(@Nullable Authentication who, String role) {
        return who != null
                && who.getAuthorities().stream().anyMatch(authority -> role.equals(authority.getAuthority()));
    }

    private static List<Section> sections(@Nullable Object current, boolean admin) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("/", "Dashboard", "dashboard".equals(current)));
        sections.add(new Section("/connectors", "Connectors", "connectors".equals(current)));
        sections.add(new Section("/agents", "Agents", "agents".equals(current)));
        sections.add(new Section("/audit", "Audit", "audit".equals(current)));
        sections.add(new Section("/jobs", "Jobs", "jobs".equals(current)));
        if (admin) {
            sections.add(new Section("/users", "Users", "users".equals(current)));
        }
        return sections;
    }
}
