"""Check a page: with axe, at phone to laptop widths, and its errors, focus and weight."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from tests.browser.conftest import LAPTOP, PHONE, press

NARROWEST = 320
"""A laptop's page at 400% is as narrow as this (WCAG 1.4.10)."""
_RULES: dict[str, object] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    # Contrast takes three quarters of the time, and is checked apart.
    "rules": {"color-contrast": {"enabled": False}},
    "resultTypes": ["violations"],
    # Otherwise axe fetches the style sheet again, and the Content-Security-Policy refuses that.
    "preload": False,
}
_RULES_OF_LAYOUT = ["link-in-text-block", "scrollable-region-focusable", "target-size"]
"""Rules whose result can depend on the width of the window."""
_AXE = f"window.loadAxe = () => {{ {Axe().axe_script} }}"
_CONTRAST = {**_RULES, "runOnly": ["color-contrast"], "rules": {}}
_RUN = """async ([rules, contrast, known]) => {
  window.axe || loadAxe();
  for (const part of document.querySelectorAll('details')) part.open = true;
  // The style of an element: its own and that of all around it, as a number.
  const styles = new Map();
  const style = element => {
    if (!element) return 0;
    if (!styles.has(element)) {
      const one = getComputedStyle(element);
      const words = [element.className, one.color, one.backgroundColor, one.backgroundImage, one.opacity,
        one.fontSize, one.fontWeight].join();
      let hash = style(element.parentElement);
      for (let at = 0; at < words.length; at++) hash = (hash * 31 + words.charCodeAt(at)) | 0;
      styles.set(element, hash);
    }
    return styles.get(element);
  };
  const seen = new Set(known), hashes = [], include = [];
  const elements = [...document.querySelectorAll('input, select, textarea')];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    if (texts.currentNode.nodeValue.trim()) elements.push(texts.currentNode.parentElement);
  for (const element of elements) {
    const hash = style(element);
    if (seen.has(hash) || !element.getClientRects().length) continue;
    seen.add(hash); hashes.push(hash); include.push(element);
  }
  const {violations} = await axe.run(document, rules);
  if (include.length) violations.push(...(await axe.run({include}, contrast)).violations);
  return [violations.flatMap(found =>
    found.nodes.map(node => `${found.id}: ${node.target.join(' ')} ${node.failureSummary}`)), hashes];
}"""
_ERRORS = """async () => {
  const summary = document.querySelector('.error-summary');
  if (!summary) return ['there is no error summary'];
  // The browser gives it the focus when it has first drawn the page.
  for (let drawn = 0; drawn < 60 && document.activeElement !== summary; drawn++)
    await new Promise(requestAnimationFrame);
  const found = document.activeElement === summary ? [] : ['the error summary has not the focus'];
  if (!document.title.startsWith('Error: ')) found.push('the title does not begin with “Error: ”');
  for (const line of summary.querySelectorAll('li')) {
    const said = line.innerText, link = line.querySelector('a');
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) { found.push(`leads to no field: ${said}`); continue; }
    const around = [field, field.closest('fieldset')].filter(Boolean);
    if (!around.some(one => one.getAttribute('aria-invalid') === 'true')) found.push(`aria-invalid: ${said}`);
    const ids = around.flatMap(one => (one.getAttribute('aria-describedby') || '').split(/\\s+/));
    const described_by = ids.map(id => document.getElementById(id)?.innerText || '').join(' ');
    if (!described_by.includes(said)) found.push(`aria-describedby: ${said}`);
  }
  return found;
}"""
_FOCUS = """() => {
  const focused = document.activeElement;
  const one = focused.matches('input[type=radio], input[type=checkbox]')
    ? [focused, ...(focused.labels || [])] : [focused];
  const shows = (element, pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && style.visibility === 'visible';
  };
  if (!one.some(element => [null, '::before', '::after'].some(pseudo => shows(element, pseudo))))
    return 'its focus does not show';
  const uncovered = one.some(element => [...element.getClientRects()].some(box => {
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.contains(element) || one.includes(top));
  }));
  return uncovered ? '' : 'something covers it';
}"""
_EMPTY = """button => {
  for (const field of button.form.elements) {
    if (['radio', 'checkbox'].includes(field.type)) field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = -1;
    else if (!['hidden', 'submit', 'fieldset'].includes(field.type)) field.value = '';
  }
}"""


class Inspector:
    """Finds the faults of pages opened in a window. Contrast is checked once for each style of text and width."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[int, list[int]] = {PHONE: [], LAPTOP: []}
        page.add_init_script(_AXE)

    def faults(self) -> list[str]:
        """Faults of the page, with every part opened: too wide, or against WCAG 2.2 AA."""
        found = self._against(PHONE, _RULES)
        self._page.set_viewport_size({"width": NARROWEST, "height": 800})
        needed = self._page.evaluate("document.documentElement.scrollWidth")
        if needed > NARROWEST:
            found.append(f"at {NARROWEST}: it needs {needed} pixels")
        return found + self._against(LAPTOP, {**_RULES, "runOnly": _RULES_OF_LAYOUT})

    def _against(self, width: int, rules: dict[str, object]) -> list[str]:
        self._page.set_viewport_size({"width": width, "height": 800})
        found, styles = self._page.evaluate(_RUN, [rules, _CONTRAST, self._known[width]])
        self._known[width] += styles
        return [f"at {width}: {fault}" for fault in found]


def untied_errors(page: Page) -> list[str]:
    """Errors of a refused form that do not lead to their field."""
    found: list[str] = page.evaluate(_ERRORS)
    return found


def send_empty(button: Locator) -> None:
    """Press `button` with nothing filled in or chosen in its form."""
    button.evaluate(_EMPTY)
    press(button)


class Scales:
    """Weighs each page opened in a window: every byte over the wire, with an empty cache."""

    def __init__(self, page: Page) -> None:
        self._page, self._came = page, 0.0
        network = page.context.new_cdp_session(page)
        network.on("Network.loadingFinished", self._note)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _note(self, finished: dict[str, float]) -> None:
        self._came += finished["encodedDataLength"]

    def open(self, path: str) -> int:
        """Open the page at `path`. Returns the bytes of it and all it needs, headers included."""
        self._came = 0
        # Whatever the page needs has come before it counts as loaded. Asking each answer for its size instead
        # would wait for ever for one that the next page cut off.
        self._page.goto(path)
        return round(self._came)


def tab_to(page: Page, find: Callable[[Page], Locator]) -> list[str]:
    """Press Tab until what `find` finds has the focus. Returns where the focus did not show on the way."""
    target, found = find(page).first, []
    for _ in range(80):
        page.keyboard.press("Tab")
        where = page.evaluate(
            "() => (document.activeElement.innerText || document.activeElement.name || '').trim()"
        )
        fault = page.evaluate(_FOCUS)
        if fault:
            found.append(f"{where}: {fault}")
        if target.evaluate("element => element === document.activeElement"):
            return found
    raise AssertionError("the Tab key never came there")
