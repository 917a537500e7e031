package dev.claviger.app.audit;

import dev.claviger.app.audit.AuditEntries.Entry;
import dev.claviger.app.audit.AuditEntries.Filter;
import dev.claviger.credentials.api.CredentialId;
import dev.claviger.credentials.api.CredentialQuery.CredentialUses;
import dev.claviger.credentials.api.CredentialQuery.FindUses;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.ModelAndView;

/** The pages of the audit trail, its exports, and the same as JSON. */
@Controller
class AuditController {

    private static final int PAGE = 50;
    private static final int USES = 500;

    private final AuditEntries entries;
    private final AuditExport export;
    private final AuditPage pages;
    private final QueryGateway queries;

    AuditController(AuditEntries entries, AuditExport export, AuditPage pages, QueryGateway queries) {
        this.entries = entries;
        this.export = export;
        this.pages = pages;
        this.queries = queries;
    }

    /** @param next give it as {@code before} to read on; null: that was all */
    record Page(List<Object> items, @Nullable Long next) {}

    @GetMapping("/audit")
    ModelAndView page(
            @RequestParam Map<String, String> asked,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(required = false) @Nullable Long after) {
        AuditPage.Asked read = AuditPage.read(asked);
        Filter filter = read.filter();
        // One more than shown tells whether there is a further page.
        List<Entry> found = !read.unreadable().isEmpty()
                ? List.of()
                : after != null
                        ? entries.after(filter, after, PAGE + 1)
                        : entries.before(filter, before == null ? Long.MAX_VALUE : before, PAGE + 1);
        boolean back = after != null;
        boolean more = found.size() > PAGE;
        List<Entry> shown = !more ? found : back ? found.subList(1, PAGE + 1) : found.subList(0, PAGE);
        return pages.of(asked, read.unreadable(), shown, back ? more : before != null, back || more);
    }

    @GetMapping("/audit/uses/{credential}")
    ModelAndView uses(@PathVariable UUID credential) {
        return pages.uses(credential, find(credential, USES), entries.names("agent"));
    }

    /** @param credential UUID of the connection that brought it; newest first, at most 1,000 */
    @GetMapping("/api/v1/credentials/{credential}/uses")
    @ResponseBody
    CredentialUses usesAsJson(@PathVariable UUID credential, @RequestParam(defaultValue = "100") int limit) {
        return find(credential, Math.max(1, Math.min(limit, 1000)));
    }

    private CredentialUses find(UUID credential, int limit) {
        return queries.query(
                        new FindUses(new CredentialId(credential), limit),
                        ResponseTypes.instanceOf(CredentialUses.class))
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @GetMapping("/audit/export.jsonl")
    void jsonLines(@RequestParam Map<String, String> asked, HttpServletResponse response) throws IOException {
        Filter filter = AuditPage.filter(asked);
        begin(response, "application/jsonl", "claviger-audit.jsonl");
        export.jsonLines(filter, response.getWriter());
    }

    @GetMapping("/audit/export.csv")
    void csv(@RequestParam Map<String, String> asked, HttpServletResponse response) throws IOException {
        Filter filter = AuditPage.filter(asked);
        begin(response, "text/csv", "claviger-audit.csv");
        export.csv(filter, response.getWriter());
    }

    @GetMapping("/api/v1/audit")
    @ResponseBody
    @Parameter(name = "connector", in = ParameterIn.QUERY, description = "UUID")
    @Parameter(name = "agent", in = ParameterIn.QUERY, description = "UUID")
    @Parameter(name = "attempt", in = ParameterIn.QUERY, description = "UUID of a connection")
    @Parameter(name = "actor", in = ParameterIn.QUERY, description = "with or without its kind, such as person:ada")
    @Parameter(name = "event", in = ParameterIn.QUERY, description = "such as TokenIssued")
    @Parameter(name = "from", in = ParameterIn.QUERY, description = "ISO 8601, inclusive")
    @Parameter(name = "to", in = ParameterIn.QUERY, description = "ISO 8601, exclusive")
    Page json(
            @Parameter(hidden = true) @RequestParam Map<String, String> asked,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "100") int limit) {
        int size = Math.max(1, Math.min(limit, 1000));
        List<Entry> found = entries.before(AuditPage.filter(asked), before == null ? Long.MAX_VALUE : before, size + 1);
        boolean more = found.size() > size;
        List<Entry> shown = more ? found.subList(0, size) : found;
        return new Page(
                shown.stream().<Object>map(export::object).toList(),
                more ? shown.get(size - 1).position() : null);
    }

    private static void begin(HttpServletResponse response, String type, String file) {
        response.setContentType(type);
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + file + "\"");
    }
}
