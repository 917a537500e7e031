package dev.claviger.oauth;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page about our client: who it is, and its signing keys. */
@Controller
class OurClientController {

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** One published key, as the page shows it. */
    record KeyLine(String keyId, String createdAt, @Nullable String retiresAt) {}

    private final OurClient ourClient;
    private final SigningKeyTable keys;
    private final KeyRing keyRing;

    OurClientController(OurClient ourClient, SigningKeyTable keys, KeyRing keyRing) {
        this.ourClient = ourClient;
        this.keys = keys;
        this.keyRing = keyRing;
    }

    @GetMapping("/clients")
    ModelAndView page() {
        List<KeyLine> lines = keys.published().stream()
                .map(row -> new KeyLine(row.keyId(), String.valueOf(utc(row.createdAt())), utc(row.retiresAt())))
                .toList();
        return new ModelAndView(
                "oauth/clients",
                Map.of(
                        "title",
                        "OAuth clients",
                        "section",
                        "clients",
                        "ours",
                        OurClientApi.Overview.of(ourClient),
                        "keys",
                        lines));
    }

    @PostMapping("/clients/signing-keys/rotate")
    String rotate(RedirectAttributes next) {
        keyRing.rotate();
        next.addFlashAttribute("flash", "A new key is published. The former stays published for a day.");
        return "redirect:/clients";
    }

    static @Nullable String utc(@Nullable Instant at) {
        return at == null ? null : UTC.format(at);
    }
}
