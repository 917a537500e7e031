package dev.claviger.app.browser;

import com.microsoft.playwright.Page;
import java.util.List;

/** What every page owes to everybody who reads it, whatever they see, hear or point with. */
final class PageCheck {

    private static final String FAULTS = """
            () => {
              const faults = [];
              const say = (what, element) => faults.push(what + ': ' + (element?.outerHTML ?? '').slice(0, 160));
              const shown = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true})
                  && !e.closest('.visually-hidden, .skip');

              if (!document.documentElement.lang) say('no lang');
              if (!document.title) say('no title');
              if (document.querySelectorAll('h1').length !== 1) say('not one h1');
              if (document.documentElement.scrollWidth > window.innerWidth) {
                const wide = [...document.body.querySelectorAll('*')]
                    .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest('.table-wrap, pre'));
                say('scrolls sideways', wide[0]);
              }
              for (const table of document.querySelectorAll('.table-wrap:has(> .stack)')) {
                if (window.innerWidth < 768 && table.scrollWidth > table.clientWidth) say('table scrolls sideways', table);
              }
              let level = 1;
              for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
                const now = Number(heading.tagName[1]);
                if (now > level + 1) say('heading level left out', heading);
                level = now;
              }
              const ids = new Set();
              for (const e of document.querySelectorAll('[id]')) {
                if (ids.has(e.id)) say('id twice', e);
                ids.add(e.id);
              }
              for (const e of document.querySelectorAll('[aria-describedby], [aria-labelledby]')) {
                for (const id of ((e.getAttribute('aria-describedby') ?? '') + ' '
                    + (e.getAttribute('aria-labelledby') ?? '')).trim().split(/\\s+/)) {
                  if (!ids.has(id)) say('refers to nothing (' + id + ')', e);
                }
              }
              for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
                const label = [...(field.labels ?? [])].map((l) => l.textContent).join('')
                    + (field.getAttribute('aria-label') ?? '');
                if (!label.trim()) say('field without a label', field);
              }
              for (const e of document.querySelectorAll('a[href], button, summary')) {
                if (!(e.textContent.trim() || e.getAttribute('aria-label'))) say('nothing to read aloud', e);
              }
              for (const e of document.querySelectorAll('th:not([scope])')) say('th without scope', e);
              for (const e of document.querySelectorAll('[style], [onclick]')) say('inline style or handler', e);

              const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
              const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
              const rgba = (color) => {
                const numbers = color.startsWith('rgb') ? color.match(/[\\d.]+/g).map(Number) : [0, 0, 0, 1];
                return [numbers[0], numbers[1], numbers[2], numbers[3] ?? 1];
              };
              const over = (top, ground) => [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3]));
              const ground = (e) => {
                if (!e) return [255, 255, 255];
                const own = rgba(getComputedStyle(e).backgroundColor);
                return own[3] === 1 ? own.slice(0, 3) : over(own, ground(e.parentElement));
              };
              for (const e of document.body.querySelectorAll('*')) {
                const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
                if (!text || !shown(e) || e.closest(':disabled, svg, noscript')) continue;
                const style = getComputedStyle(e);
                const back = ground(e);
                const fore = over(rgba(style.color), back);
                const [a, b] = [light(fore), light(back)].sort((x, y) => y - x);
                const ratio = (a + 0.05) / (b + 0.05);
                const size = parseFloat(style.fontSize);
                const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
                if (ratio < (large ? 3 : 4.5)) say('contrast ' + ratio.toFixed(2), e);
              }
              return faults;
            }""";

    /** The element that has the focus, if one cannot see that it has. */
    private static final String FOCUS_INVISIBLE = """
            () => {
              const e = document.activeElement;
              if (!e || e === document.body) return null;
              const visible = (x) => {
                const style = getComputedStyle(x);
                return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
              };
              return [e, ...(e.labels ?? [])].some(visible) ? null : e.outerHTML.slice(0, 160);
            }""";

    private PageCheck() {}

    @SuppressWarnings("unchecked")
    static List<String> faults(Page page) {
        return (List<String>) page.evaluate(FAULTS);
    }

    /** Goes through the page with Tab; answers what was focused without showing it. */
    static List<String> invisibleFocus(Page page, int steps) {
        return java.util.stream.IntStream.range(0, steps)
                .mapToObj(step -> {
                    page.keyboard().press("Tab");
                    return (String) page.evaluate(FOCUS_INVISIBLE);
                })
                .filter(java.util.Objects::nonNull)
                .distinct()
                .toList();
    }
}
