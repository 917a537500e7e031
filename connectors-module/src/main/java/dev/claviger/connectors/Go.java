package dev.claviger.connectors;

import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.view.RedirectView;

/** Sends a browser on after a POST: 303, so that reloading repeats nothing. */
final class Go {

    private Go() {}

    /** @param path on our own host */
    static RedirectView to(String path) {
        RedirectView view = new RedirectView(path, true);
        view.setStatusCode(HttpStatus.SEE_OTHER);
        view.setExposeModelAttributes(false);
        view.setExpandUriTemplateVariables(false);
        return view;
    }
}
