package dev.claviger.demoprovider;

import java.util.Map;

/** The pages a person sees at the demo provider. */
final class ConsentPage {

    private static final Map<String, String> MEANING = Map.of(
            "notes:read", "Read your notebooks and notes",
            "notes:write", "Write new notes for you",
            "offline_access", "Stay connected while you are away");

    private static final String FRAME = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Acme Notes</title>
            <style>
            :root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --paper: #fff; --desk: #f3efe6; --line: #d1c9b8; --go: #8a4b08; }
            @media (prefers-color-scheme: dark) { :root { --ink: #f0ede6; --soft: #b5aea1; --paper: #26231e; --desk: #171512; --line: #4a443a; --go: #f0b45c; } }
            * { box-sizing: border-box; }
            body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--desk); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
            main { width: min(28rem, 100%%); background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: 2rem; }
            .brand { margin: 0; font-weight: 700; color: var(--go); }
            h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem; }
            ul { padding-left: 1.25rem; } li { margin: .25rem 0; }
            .soft { color: var(--soft); font-size: .9375rem; overflow-wrap: anywhere; }
            .buttons { display: flex; gap: .75rem; margin-top: 1.5rem; }
            button { flex: 1; font: inherit; font-weight: 600; padding: .7rem 1rem; border-radius: .6rem; border: 1px solid var(--go); cursor: pointer; background: transparent; color: var(--go); }
            button.approve { background: var(--go); color: var(--paper); }
            button:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
            </style>
            </head>
            <body>
            <main>
            <p class="brand">Acme Notes</p>
            %s
            </main>
            </body>
            </html>
            """;

    private ConsentPage() {}

    static String ask(String request, String client, String redirectUri, String scope) {
        StringBuilder wishes = new StringBuilder();
        for (String one : scope.split(" ")) {
            wishes.append("<li>").append(escape(MEANING.getOrDefault(one, one))).append("</li>\n");
        }
        return FRAME.formatted("""
                <h1>Let %s use your notes?</h1>
                <p>You are signed in as <strong>Robin Example</strong>. The application asks to:</p>
                <ul>
                %s</ul>
                <p class="soft">You will be sent back to %s</p>
                <form method="post" action="/authorize/decision">
                <input type="hidden" name="request" value="%s">
                <div class="buttons">
                <button type="submit" name="decision" value="deny">Deny</button>
                <button type="submit" name="decision" value="approve" class="approve">Approve</button>
                </div>
                </form>
                """.formatted(escape(client), wishes, escape(redirectUri), escape(request)));
    }

    static String error(String sentence) {
        return FRAME.formatted("<h1>This did not work</h1>\n<p>%s</p>".formatted(escape(sentence)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
