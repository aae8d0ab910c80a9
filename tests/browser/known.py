"""What axe has looked at already: the parts that pages are made of, and the grounds on which their letters stand.

What axe finds on a page depends on its elements, on what each of them says of itself and on where it stands, but not on
the words. So a page that is met once more, in another language or by another visitor, is looked at by axe once more
only where a part of it is new. A colour is looked at once on each ground, whichever page it is met on.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser.fitting import width_of

PARTS_AND_GROUNDS = """() => {
    const digest = text => {
        let one = 0xdeadbeef, other = 0x41c6ce57;
        for (let at = 0; at < text.length; at++) {
            const code = text.charCodeAt(at);
            one = Math.imul(one ^ code, 2654435761);
            other = Math.imul(other ^ code, 1597334677);
        }
        return 4294967296 * (2097151 & (other ^ other >>> 16)) + ((one ^ one >>> 16) >>> 0);
    };
    const parts = new Set(), grounds = new Map(), ids = new Map();
    const idrefs = /^(for|aria-(labelledby|describedby|controls|owns|activedescendant|details|errormessage|flowto))$/;
    const words = /^aria-(label|description|roledescription|placeholder|valuetext|braillelabel)$/;
    const kinds = /^(aria-.*|role|type|lang|tabindex|scope|autocomplete|http-equiv|headers)$/;
    const named = /^(a|area|button|summary|h[1-6]|th|label|legend|caption|option|title|text)$/;
    const ours = /^(en|zh-hans|ar|fr|es|ru)$/;
    const there = ids => ids.trim() && ids.trim().split(/\\s+/).every(id => document.getElementById(id));
    const said = (name, value) => {
        if (name === 'class' || name === 'id' || name.startsWith('data-')) return '';
        if (idrefs.test(name)) return `${name}=${!!there(value)}`;
        if (name === 'lang' && ours.test(value)) return name;
        if (name === 'href' && value.startsWith('#')) return `${name}=#${!!document.getElementById(value.slice(1))}`;
        return kinds.test(name) && !words.test(name) ? `${name}=${value}` : `${name}=${full(value)}`;
    };
    const full = text => text.trim() !== '';
    const writes = part => [...part.childNodes].some(node => node.nodeType === Node.TEXT_NODE && full(node.data));
    const scrolls = (part, style) => (/auto|scroll/.test(style.overflowX) && part.scrollWidth > part.clientWidth)
        || (/auto|scroll/.test(style.overflowY) && part.scrollHeight > part.clientHeight);
    const shape = part => {
        const tag = part.localName;
        if (/^(input|select|textarea)$/.test(tag)) return [...part.labels || []].map(label => full(label.textContent));
        return tag === 'table' ? [Math.min(part.rows.length, 4), Math.min(part.rows[0]?.cells.length || 0, 4)] : '';
    };
    const walk = (part, above, ground, faded) => {
        const tag = part.localName, style = getComputedStyle(part), hidden = style.display === 'none';
        const id = part.getAttribute('id');
        if (id) ids.set(id, (ids.get(id) || 0) + 1);
        const text = writes(part), role = part.getAttribute('role');
        const place = digest(`${above} ${tag} ${role} ${part.getAttribute('class')} ${hidden} ${style.visibility}`);
        const within = [...new Set([...part.children].map(child => child.localName))].sort();
        const says = named.test(tag) || role ? full(part.textContent) : text;
        // Of a form, part.attributes may be a field of this name.
        const attributes = part.getAttributeNames().map(name => said(name, part.getAttribute(name))).sort();
        parts.add(digest([place, attributes, within, says, shape(part), !hidden && scrolls(part, style)].join('|')));
        const {backgroundColor, backgroundImage, opacity, position} = style, kind = part.getAttribute('class');
        if (opacity !== '1') faded += ` ${opacity}`;
        if (backgroundImage === 'none' && backgroundColor.startsWith('rgb(')) ground = backgroundColor;
        else if (backgroundImage !== 'none' || backgroundColor !== 'rgba(0, 0, 0, 0)')
            ground += `${backgroundColor} ${backgroundImage}`;
        if (/absolute|fixed|sticky/.test(position)) ground += `${position} ${tag} ${kind}`;
        if (!hidden && style.visibility === 'visible' && (text || /^(input|select|textarea)$/.test(tag))) {
            const {color, fill, fontSize, fontWeight, textShadow} = style;
            const disabled = part.matches(':disabled') || !!part.closest('label')?.control?.disabled;
            const stands = digest([tag, kind, color, fill, fontSize, fontWeight, textShadow, disabled,
                part.checkVisibility(), ground, faded].join('|'));
            if (!grounds.has(stands)) grounds.set(stands, part);
        }
        if (!hidden) for (const child of part.children) walk(child, place, ground, faded);
    };
    walk(document.documentElement, '', '', '');
    const levels = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6, [role=heading]')].filter(
        heading => heading.checkVisibility()).map(heading => heading.ariaLevel || heading.localName);
    levels.forEach((level, at) => parts.add(digest(`${levels[at - 1]} before ${level}`)));
    const landmarks = [...document.querySelectorAll('main, nav, aside, header, footer, section, form, [role]')].map(
        part => `${part.localName} ${part.getAttribute('role')} ${part.ariaLabel}
            ${part.ariaLabelledByElements?.map(label => label.textContent)}`);
    parts.add(digest(`${[...new Set(landmarks.filter((one, at) => landmarks.indexOf(one) !== at))].map(
        one => one.split(' ').slice(0, 2))}`));
    parts.add(digest(`${[...ids].filter(([, times]) => times > 1)} ${full(document.title)}`));
    window.grounds = grounds;
    return [[...parts], [...grounds.keys()]];
}"""
"""Digests of the parts and of the grounds of a page. Of each ground it keeps an element that stands on it."""

LOOKED_AT = """grounds => axe.run({include: grounds.map(ground => window.grounds.get(ground))},
    {runOnly: ['color-contrast'], resultTypes: ['violations', 'incomplete'], elementRef: true}).then(found => {
        const unsure = new Set(found.incomplete.flatMap(rule => rule.nodes.map(node => node.element)));
        const told = found.violations.map(({id, help, nodes}) => ({id, help, nodes: nodes.map(
            ({html, failureSummary}) => ({html, failureSummary}))}));
        return [told, grounds.filter(ground => unsure.has(window.grounds.get(ground)))];
    })"""
"""What axe finds in the colours on these grounds, and the grounds of which it is not sure."""

WITHOUT_SCRIPTS = """sent => {
    const plain = new DOMParser().parseFromString(sent, 'text/html'), shown = document.documentElement.cloneNode(true);
    for (const one of [plain, shown]) one.querySelectorAll('script').forEach(script => script.remove());
    if (!plain.querySelector('noscript') && plain.documentElement.outerHTML === shown.outerHTML) return null;
    const found = new Set();
    const name = part => `${part.localName}.${part.getAttribute('class')}`;
    const outline = part => part.outerHTML.replace(/ (value|href|src|id|for|nonce|action|data-[a-z-]+)="[^"]*"/g, ' $1')
        .replace(/>[^<]*[^<\\s][^<]*</g, '>words<').replace(/>\\s+</g, '><');
    const own = part => part.cloneNode(false).outerHTML;
    const compare = (one, other, above) => {
        const same = one.isEqualNode(other);
        if (same && !one.querySelector('noscript')) return;
        const inner = [...one.children], outer = [...other.children], within = `${above}>${name(one)}`;
        const alike = own(one) === own(other) && inner.length === outer.length && one.localName !== 'noscript'
            && inner.every((child, at) => child.localName === outer[at].localName);
        if (alike && inner.length) inner.forEach((child, at) => compare(child, outer[at], within));
        else found.add(`${within} ${outline(one)} ${outline(other)}`);
    };
    compare(plain.documentElement, shown, '');
    plain.querySelectorAll('noscript').forEach(instead => instead.replaceWith(...instead.childNodes));
    return {page: '<!doctype html>' + plain.documentElement.outerHTML, differences: [...found]};
}"""
"""Of what the server sent, what a browser without JavaScript shows, and in which parts that differs from the page.

Null where its scripts have changed nothing."""


@dataclass(frozen=True)
class Known:
    """What was looked at without a fault being found.

    Pages by name, parts of pages, grounds with the width of the window, and what differs without a script.
    """

    pages: set[str] = field(default_factory=set)
    parts: set[int] = field(default_factory=set)
    grounds: set[tuple[int, int]] = field(default_factory=set)
    differences: set[str] = field(default_factory=set)


def look_at_what_is_new(page: Page, axe: Callable[..., None], known: Known, name: str) -> None:
    """Let axe look at the page that is open, of this name, as far as it is not known; assert that it finds nothing.

    What it has looked at is known then.
    """
    parts, grounds = page.evaluate(PARTS_AND_GROUNDS)
    if name not in known.pages or not known.parts.issuperset(parts):
        axe(page, colours=False)
    width = width_of(page)
    if new := [ground for ground in grounds if (width, ground) not in known.grounds]:
        found, unsure = page.evaluate(LOOKED_AT, new)
        assert not found, told(page.url, found)
        known.grounds.update((width, ground) for ground in new if ground not in unsure)
    known.pages.add(name)
    known.parts.update(parts)


def told(address: str, found: Iterable[Mapping[str, Any]]) -> str:
    """What axe has found at an address, in words."""
    return f"{address}\n" + "\n".join(
        f"{violation['id']}: {violation['help']}\n    {node['html']}\n    {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    )
