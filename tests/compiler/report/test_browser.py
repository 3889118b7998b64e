"""The page in headless Chromium: it renders, everything is reached by keyboard, and it reads at phone width.

Chromium and its driver are Debian's packages ``chromium`` and ``chromium-driver``. Where they are absent these tests
skip, unless ``STRANDGRAD_BROWSER=required``.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

WIDTHS = {"desktop": 1200, "phone": 360}

CONTRAST = 4.5
"""Least contrast of text, WCAG 2.1, success criterion 1.4.3."""

READABLE = 9.0
"""Least height in pixels that the text of a chart is set in."""


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Chromium that shows nothing on a screen."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        message = "Chromium is not installed; apt install chromium chromium-driver"
        if os.environ.get("STRANDGRAD_BROWSER") == "required":
            pytest.fail(message)
        pytest.skip(message)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    profile = tmp_path_factory.mktemp("profile")
    # Root cannot use Chromium's sandbox; it opens nothing here but the pages that these tests wrote.
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(driver))
    yield found
    found.quit()


def opened(browser: Any, folder: Path, width: int = 1200, scheme: str = "light") -> Any:
    """The report of a folder, at a width in CSS pixels and in a colour scheme."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get((folder / "report.html").resolve().as_uri())
    return browser


def press(browser: Any, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(browser).send_keys(*keys).perform()


def focus(browser: Any, selector: str) -> None:
    """Put the keyboard on an element."""
    browser.execute_script("document.querySelector(arguments[0]).focus()", selector)


def said(browser: Any, name: str) -> str:
    """What a chart's reading says."""
    return str(browser.execute_script("return document.getElementById(arguments[0] + '-reading').textContent", name))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["regression", "classifier", "hostile"])
def test_it_renders(browser: Any, which: str, width: str, scheme: str, request: pytest.FixtureRequest) -> None:
    """No errors, nothing loaded, every picture there, nothing wider than the page, all text large and dark enough."""
    page = opened(browser, request.getfixturevalue(which), WIDTHS[width], scheme)
    assert page.get_log("browser") == []
    assert page.execute_script("return performance.getEntriesByType('resource').map(e => e.name)") == []
    open_all = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
    page.execute_script(open_all)
    pictures = page.execute_script("return [...document.images].map(i => i.complete && i.naturalWidth)")
    assert all(pictures)
    wide = page.execute_script("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1] <= WIDTHS[width]
    small = page.execute_script(
        "return [...document.querySelectorAll('svg.chart text')].map(t => [t.textContent, parseFloat("
        "getComputedStyle(t).fontSize) * t.ownerSVGElement.getBoundingClientRect().width / "
        "t.ownerSVGElement.viewBox.baseVal.width]).filter(([_, size]) => size < arguments[0])",
        READABLE,
    )
    assert small == []
    assert page.execute_script(FAINT, CONTRAST) == []


FAINT = """
const parts = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
const linear = v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const light = c => { const [r, g, b] = c.map(v => linear(v / 255)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = e => {
  for (; e; e = e.parentElement) {
    const c = parts(getComputedStyle(e).backgroundColor);
    if (c[3] === 1) return c;
  }
  return [255, 255, 255, 1];
};
const texts = 'h1,h2,h3,p,a,li,dt,dd,strong,span,th,td,caption,figcaption,summary,button,label,output,code,text';
const faint = [];
for (const e of document.querySelectorAll(texts)) {
  if (!e.textContent.trim() || !e.getClientRects().length || e.disabled) continue;
  const style = getComputedStyle(e), ink = parts(e.closest('svg') ? style.fill : style.color);
  const a = light(ink), b = light(behind(e)), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < arguments[0]) faint.push([e.tagName, e.textContent.trim().slice(0, 40), ratio.toFixed(2)]);
}
return faint;
"""


@pytest.mark.parametrize("which", ["regression", "classifier"])
def test_tab_reaches_every_control(browser: Any, which: str, request: pytest.FixtureRequest) -> None:
    page = opened(browser, request.getfixturevalue(which))
    wanted = page.execute_script(
        "return [...document.querySelectorAll('a[href], button, input, summary, [tabindex=\"0\"]')].filter(e => "
        "e.checkVisibility() && !e.disabled).map((e, i) => { e.dataset.stop = i; return i; })"
    )
    assert len(wanted) > 15
    reached: list[int] = []
    for _ in range(len(wanted) + 3):
        press(page, "\ue004")  # Tab
        stop = page.execute_script("return document.activeElement.dataset.stop ?? null")
        if stop is None or int(stop) in reached:
            break
        reached.append(int(stop))
    assert reached == wanted


def test_levels_are_switched_by_the_keyboard(browser: Any, regression: Path) -> None:
    page = opened(browser, regression)
    hidden = "return [...document.querySelectorAll('.training [data-key=dsd]')].map(g => getComputedStyle(g).display)"
    assert set(page.execute_script(hidden)) == {"inline"}
    focus(page, "[data-level=dsd]")
    for key, pressed, display in ((" ", "false", "none"), ("\ue007", "true", "inline")):  # space, Enter
        press(page, key)
        assert page.execute_script("return document.activeElement.getAttribute('aria-pressed')") == pressed
        assert set(page.execute_script(hidden)) == {display}
        assert ("DNA" in said(page, "loss")) == (pressed == "true")
    assert page.get_log("browser") == []


def test_the_slider_scrubs_through_the_iterations(browser: Any, classifier: Path) -> None:
    """Readings of all training charts, and the boundary, follow it."""
    page = opened(browser, classifier)
    visible = "return [...document.querySelectorAll('[data-moment]:not([hidden])')].map(g => Number(g.dataset.moment))"
    last = int(page.execute_script("return document.getElementById('iteration').max"))
    assert set(page.execute_script(visible)) == {last}
    focus(page, "#iteration")
    press(page, "\ue011")  # Home
    assert set(page.execute_script(visible)) == {0}
    assert said(page, "loss").startswith("iteration 0: neural ODE ")
    press(page, "\ue014", "\ue014")  # right, right
    assert page.execute_script("return document.getElementById('at').textContent") == "2"
    assert said(page, "weight-0").startswith("iteration 2: neural ODE ")
    first = page.execute_script("return document.querySelector('#weights .cursor line').getAttribute('transform')")
    press(page, "\ue010")  # End
    assert set(page.execute_script(visible)) == {last}
    assert (
        page.execute_script("return document.querySelector('#weights .cursor line').getAttribute('transform')") != first
    )


def test_a_chart_reads_its_values_by_keyboard_and_pointer(browser: Any, regression: Path) -> None:
    from selenium.webdriver import ActionChains

    page = opened(browser, regression)
    focus(page, "[data-chart=clock-dsd]")
    press(page, "\ue011")  # Home
    assert said(page, "clock-dsd") == "time, h, 0: O1 13, O2 1.00e−5, O3 1.00e−5"
    press(page, "\ue014")  # right
    assert not said(page, "clock-dsd").startswith("time, h, 0:")
    box = page.find_element("css selector", "[data-chart=period-dsd]")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", box)
    ActionChains(page).move_to_element(box).perform()
    found = re.fullmatch(r"iteration (\d+): DNA (5\.\d+)", said(page, "period-dsd"))
    assert found
    assert 12 < int(found[1]) < 30
    assert float(found[2]) == pytest.approx((20_000 + 5 * (int(found[1]) - 1)) / 3600, rel=1e-3)


def test_details_open_by_the_keyboard(browser: Any, regression: Path) -> None:
    page = opened(browser, regression)
    focus(page, "#gates summary")
    press(page, "\ue007")  # Enter
    assert page.execute_script("return document.querySelector('#gates img').getClientRects().length") == 1


def test_markup_in_names_stays_text(browser: Any, hostile: Path) -> None:
    page = opened(browser, hostile)
    assert page.execute_script("return document.scripts.length") == 2
    assert (
        page.execute_script("return document.querySelector('.description').textContent") == "<script>alert(1)</script>"
    )
    page.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.hacked = 1'; document.body.append(s)"
    )
    assert page.execute_script("return window.hacked ?? null") is None
    assert any("Content Security Policy" in entry["message"] for entry in page.get_log("browser"))
