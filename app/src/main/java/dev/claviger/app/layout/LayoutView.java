package dev.claviger.app.layout;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.mustache.servlet.view.MustacheView;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * A page with what the layout shows: who is signed in, the sections, the banner. Added while rendering, so that error pages
 * have it too and no redirect carries it.
 */
class LayoutView extends MustacheView {

    private final ObjectProvider<Banner> banners;

    LayoutView(ObjectProvider<Banner> banners) {
        this.banners = banners;
    }

    /** One entry of the bar. */
    record Section(String href, String label, boolean current) {}

    /** As Spring does it, without writing the model into the log: a new key or password is in it, this once. */
    @Override
    public void render(@Nullable Map<String, ?> model, HttpServletRequest request, HttpServletResponse response)
            throws Exception {
        Map<String, Object> merged = createMergedOutputModel(model, request, response);
        prepareResponse(request, response);
        renderMergedOutputModel(merged, getRequestToExpose(request), response);
    }

    @Override
    protected void renderMergedTemplateModel(
            Map<String, Object> model, HttpServletRequest request, HttpServletResponse response) throws Exception {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        boolean admin = has(who, "ROLE_ADMIN");
        if (who != null && (admin || has(who, "ROLE_AUDITOR"))) {
            model.put("user", who.getName());
            model.put("admin", admin);
            model.put("nav", sections(model.get("section")));
            model.put(
                    "banner",
                    banners.orderedStream()
                            .map(Banner::text)
                            .flatMap(Optional::stream)
                            .collect(Collectors.joining(" ")));
        }
        super.renderMergedTemplateModel(model, request, response);
    }

    private static boolean has(@Nullable Authentication who, String role) {
        return who != null
                && who.getAuthorities().stream().anyMatch(authority -> role.equals(authority.getAuthority()));
    }

    private static List<Section> sections(@Nullable Object current) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("/", "Dashboard", "dashboard".equals(current)));
        sections.add(new Section("/connectors", "Connectors", "connectors".equals(current)));
        sections.add(new Section("/agents", "Agents", "agents".equals(current)));
        sections.add(new Section("/forecast", "Forecast", "forecast".equals(current)));
        sections.add(new Section("/clients", "Clients", "clients".equals(current)));
        sections.add(new Section("/keys", "Keys", "keys".equals(current)));
        sections.add(new Section("/audit", "Audit", "audit".equals(current)));
        sections.add(new Section("/jobs", "Jobs", "jobs".equals(current)));
        sections.add(new Section("/emergency", "Emergency", "emergency".equals(current)));
        sections.add(new Section("/users", "Users", "users".equals(current)));
        return sections;
    }
}
