package dev.claviger.connectors;

import dev.claviger.credentials.api.FailureCode;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** A page for every failure code: what happened, the likely cause, what to do, and where to see what was sent. */
@Controller
class HelpController {

    private final HelpTexts help;

    HelpController(HelpTexts help) {
        this.help = help;
    }

    @GetMapping("/help")
    String all(@RequestParam @Nullable String q, Model model) {
        return list(Pager.search(q), false, model);
    }

    /**
     * @param attempt the connection it happened to, when somebody comes from there
     */
    @GetMapping("/help/{code}")
    String one(
            @PathVariable String code,
            @RequestParam @Nullable String attempt,
            HttpServletResponse response,
            Model model) {
        FailureCode known = parse(code);
        if (known == null) {
            response.setStatus(HttpStatus.NOT_FOUND.value());
            return list(null, true, model);
        }
        HelpTexts.Help text = help.of(known);
        model.addAttribute("title", text.code() + " " + text.title());
        model.addAttribute("help", text);
        model.addAttribute("attempt", uuid(attempt));
        return "connectors/help";
    }

    private String list(@Nullable String search, boolean unknown, Model model) {
        List<HelpTexts.Group> groups = help.search(search);
        model.addAttribute("title", "Failure codes");
        model.addAttribute("q", search);
        model.addAttribute("unknown", unknown);
        model.addAttribute("groups", groups);
        model.addAttribute("none", groups.isEmpty());
        return "connectors/help-list";
    }

    private static @Nullable FailureCode parse(String code) {
        try {
            return FailureCode.of(code);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable UUID uuid(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
