package dev.claviger.app.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check of pages finds what it is there to find. */
class PageCheckTest {

    @Test
    void findsEachFault() {
        List<String> faults = faults("""
                <html><head><title></title></head><body><h2>a</h2><h4>b</h4><input name="x"><button></button>
                <p style="color: #aaa">pale</p><p id="i">a</p><p id="i">b</p><table><tr><th>t</th></tr></table>
                <p aria-describedby="nowhere">c</p><div style="width: 3000px">wide</div></body></html>""");
        for (String fault : List.of(
                "no lang",
                "no title",
                "not one h1",
                "scrolls sideways",
                "heading level left out",
                "id twice",
                "refers to nothing",
                "field without a label",
                "nothing to read aloud",
                "th without scope",
                "inline style",
                "contrast 2.32")) {
            assertThat(faults).as(fault).anyMatch(found -> found.startsWith(fault));
        }
    }

    @Test
    void isContentWithAGoodPage() {
        assertThat(faults("""
                <html lang="en"><head><title>t</title></head><body><h1>a</h1><label>x <input name="x"></label>
                <p>text</p></body></html>""")).isEmpty();
    }

    private static List<String> faults(String html) {
        try (Page page = Chromium.running().newPage()) {
            page.setContent(html);
            return PageCheck.faults(page);
        }
    }
}
