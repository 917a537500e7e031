package dev.claviger.app.security;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The sign-in page; the sign-in itself is Spring Security's. */
@Controller
class SignInController {

    @GetMapping("/login")
    String page(
            @Nullable Principal who,
            @RequestParam(name = "failed", required = false) @Nullable String failed,
            @RequestParam(name = "signed-out", required = false) @Nullable String signedOut,
            Model page) {
        if (who != null) {
            return "redirect:/";
        }
        page.addAttribute("title", "Sign in");
        page.addAttribute("failed", failed != null);
        page.addAttribute("signedOut", signedOut != null);
        return "app/login";
    }

    @RequestMapping("/login/throttled")
    String throttled(HttpServletRequest request, Model page) {
        page.addAttribute("title", "Sign in");
        page.addAttribute("wait", inWords(request.getAttribute(ThrottleFilter.WAIT_SECONDS)));
        return "app/login";
    }

    private static String inWords(@Nullable Object seconds) {
        long wait = seconds instanceof Long number ? number : 60;
        return wait < 90 ? wait + " seconds" : (wait + 59) / 60 + " minutes";
    }
}
