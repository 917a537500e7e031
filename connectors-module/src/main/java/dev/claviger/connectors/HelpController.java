package dev.claviger.connectors;

import dev.claviger.credentials.api.FailureCode;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** A page for every failure code: what happened, the likely cause, what to do. */
@Controller
class HelpController {

    private final HelpTexts help;

    HelpController(HelpTexts help) {
        this.help = help;
    }

    @GetMapping("/help")
    String all(Model model) {
        model.addAttribute("title", "Failure codes");
        model.addAttribute("codes", help.all());
        return "connectors/help-list";
    }

    @GetMapping("/help/{code}")
    String one(@PathVariable String code, Model model) {
        HelpTexts.Help text = help.of(parse(code));
        model.addAttribute("title", text.code() + " " + text.title());
        model.addAttribute("help", text);
        return "connectors/help";
    }

    private static FailureCode parse(String code) {
        try {
            return FailureCode.of(code);
        } catch (IllegalArgumentException e) {
            throw new NotFound("There is no failure code of this name.");
        }
    }
}
