package dev.claviger.connectors;

import java.util.List;
import org.springframework.ui.Model;

/** A page that asks before something is destroyed. */
record Confirm(String question, List<String> consequences, String action, String button, String back) {

    String show(String section, Model model) {
        model.addAttribute("title", question);
        model.addAttribute("section", section);
        model.addAttribute("confirm", this);
        return "connectors/confirm";
    }
}
