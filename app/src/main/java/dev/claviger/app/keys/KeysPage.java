package dev.claviger.app.keys;

import dev.claviger.credentials.api.KeyQuery.Rotation;
import dev.claviger.credentials.api.KeyQuery.RotationList;
import dev.claviger.credentials.api.KeyQuery.RotationState;
import dev.claviger.credentials.api.KeyRotationRejected;
import dev.claviger.credentials.api.KeyRotations;
import dev.claviger.credentials.api.MasterKeyStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import org.springframework.web.servlet.view.RedirectView;

/** The page of the master keys: what each still wraps, how a rotation goes on, and what to do next. */
@Controller
class KeysPage {

    private static final int SHOWN = 20;
    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final MasterKeyStatus keys;
    private final KeyRotations keyRotations;
    private final Rotations rotations;

    KeysPage(MasterKeyStatus keys, KeyRotations keyRotations, Rotations rotations) {
        this.keys = keys;
        this.keyRotations = keyRotations;
        this.rotations = rotations;
    }

    /** A rotation as the page shows it; {@code percent} of what there was to look at when it began. */
    record Line(
            String what,
            String toKey,
            String state,
            String css,
            boolean running,
            long expected,
            long done,
            long percent,
            long opened,
            long unreadable,
            String secrets,
            @Nullable String left,
            @Nullable String trouble,
            String began,
            @Nullable String ended) {}

    @GetMapping("/keys")
    String show(@RequestParam(defaultValue = "0") int offset, Model model) {
        List<MasterKey> all = MasterKey.all(keys, keyRotations);
        int from = Math.max(0, offset);
        RotationList found = rotations.list(from, SHOWN);
        List<Line> lines = found.items().stream().map(KeysPage::line).toList();
        model.addAttribute("title", "Keys");
        model.addAttribute("section", "keys");
        model.addAttribute("keys", all.stream().map(KeyLine::of).toList());
        model.addAttribute("advice", Advice.of(all));
        model.addAttribute(
                "running", lines.stream().filter(Line::running).findFirst().orElse(null));
        model.addAttribute("lines", lines);
        model.addAttribute("previous", from == 0 ? null : "/keys?offset=" + Math.max(0, from - SHOWN));
        model.addAttribute("next", from + SHOWN < found.total() ? "/keys?offset=" + (from + SHOWN) : null);
        return "app/keys";
    }

    @GetMapping("/keys/rotate")
    String ask(Model model) {
        List<MasterKey> all = MasterKey.all(keys, keyRotations);
        model.addAttribute("title", "Rotate to the current key?");
        model.addAttribute("section", "keys");
        model.addAttribute("current", all.get(0));
        model.addAttribute(
                "others",
                all.stream()
                        .filter(key -> !key.current() && key.liveSecrets() > 0)
                        .toList());
        return "app/keys-rotate";
    }

    @PostMapping("/keys/rotations")
    RedirectView begin(@RequestParam(defaultValue = "false") boolean dryRun, RedirectAttributes attributes) {
        String flash;
        try {
            keyRotations.begin(dryRun);
            flash = dryRun ? "The dry run has begun." : "The rotation has begun.";
        } catch (KeyRotationRejected e) {
            flash = e.getMessage() + ".";
        }
        attributes.addFlashAttribute("flash", flash);
        RedirectView view = new RedirectView("/keys");
        view.setStatusCode(HttpStatus.SEE_OTHER);
        return view;
    }

    private static Line line(Rotation rotation) {
        long done = rotation.opened() + rotation.unreadable();
        boolean running = rotation.state() == RotationState.RUNNING;
        return new Line(
                rotation.dryRun() ? "Dry run" : "Rotation",
                rotation.toKey(),
                state(rotation),
                running ? "warn" : isWhole(rotation) ? "ok" : "bad",
                running,
                rotation.expected(),
                done,
                rotation.expected() == 0 ? 100 : Math.min(100, 100 * done / rotation.expected()),
                rotation.opened(),
                rotation.unreadable(),
                String.join(
                        ", ",
                        rotation.unreadableSecrets().stream()
                                .map(UUID::toString)
                                .toList()),
                left(rotation),
                rotation.trouble(),
                AT.format(rotation.beganAt()),
                at(rotation.endedAt()));
    }

    private static boolean isWhole(Rotation rotation) {
        return rotation.state() == RotationState.DONE && rotation.unreadable() == 0 && rotation.leftReadable() == 0;
    }

    private static String state(Rotation rotation) {
        return switch (rotation.state()) {
            case RUNNING -> "Running";
            case DONE ->
                isWhole(rotation)
                        ? "Done"
                        : rotation.leftReadable() == 0
                                ? "Done, with unreadable keys"
                                : "Done, " + rotation.leftReadable() + " left";
            case FAILED -> "Ended early";
        };
    }

    private static @Nullable String left(Rotation rotation) {
        return rotation.state() != RotationState.DONE || rotation.leftReadable() == 0
                ? null
                : "When it ended, other keys still wrapped live secrets that it could not wrap anew: a node seals under"
                        + " another key, or they were just being changed. Give every node the same current key, then rotate"
                        + " again; until then keep the former keys.";
    }

    private static @Nullable String at(@Nullable Instant time) {
        return time == null ? null : AT.format(time);
    }
}
