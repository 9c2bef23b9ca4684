"""The explorer as a person uses it: in Debian's Chromium, from a file, with mouse and keys."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import viz

sync_api = pytest.importorskip("playwright.sync_api", reason="the browser is driven by Playwright")
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="pages are tried in the system's Chromium"),
    # Playwright's own event loop; closing it late is not this project's doing.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:playwright"),
]
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu"]


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def opened(browser, tmp_path):
    """A function that writes a page, opens it from its file, and waits until it is placed."""
    contexts, complaints = [], []

    def open_(*args, scheme="light", motion="reduce", **options):
        path = viz.explore(*args, path=tmp_path / "page.html", **options).path
        context = browser.new_context(color_scheme=scheme, reduced_motion=motion, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready=yes]")
        return page

    asked = []
    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


def box(page, head):
    return page.locator(".box", has=page.locator("text.head", has_text=re.compile(f"^{head}")))


def says(page):
    return page.locator("#says").inner_text()


def test_stepping_to_the_end_accumulates_what_backward_finds(opened):
    x, y = ag.Tensor(2.0, name="x"), ag.Tensor(3.0, name="y")
    with ag.record() as tape:
        z = x * y + np.sin(x)
        z.backward()
    page = opened(tape)
    page.locator("#first").click()
    assert box(page, "x").locator("text.grad").text_content() == ""
    assert box(page, "z").locator("text.value").text_content() == "?"
    seen = []
    while page.locator("#next").is_enabled():
        page.locator("#next").click()
        seen.append(says(page))
    assert any("z = #1 + #2 = 6 + 0.9093 = 6.909" in text for text in seen)
    assert "Done: every gradient is complete." in seen[-1]
    assert any(re.search(r"x: .0\.4161 \+= 3 → 2\.584", text) for text in seen)
    for tensor in (x, y):
        shown = box(page, tensor.name).locator("text.grad").text_content()
        assert shown == f"grad {tensor.grad:.4g}"
        page.locator("#drawing").focus()
        box(page, tensor.name).click()
        numbers = page.locator("#details .number").all_inner_texts()
        assert float(numbers[1]) == tensor.grad


def test_counters_go_down_and_a_node_fires_at_zero(opened):
    page = opened()
    badge = box(page, "b").locator(".pending text")
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert (badge.text_content(), says(page).split("\n")[-1][-8:]) == ("2", "nt is 1.")
    page.keyboard.press("ArrowRight")
    assert badge.text_content() == "0"
    assert "b: 0 += 1 → 1; b: 1 += 1 → 2" in says(page)
    assert page.locator(".back-arrow.active").count() == 2
    page.keyboard.press("ArrowRight")
    assert (
        "b has all 2 contributions, 0 pending, and hands on: a: 0 += 2 → 2; a: 2 += 2 → 4"
        in says(page)
    )


def test_the_naive_order_marks_the_first_wrong_sum(opened):
    page = opened()
    page.locator("#mode").select_option("naive")
    page.locator("#last").click()
    assert "At the end: a has 6, right is 4." in says(page)
    page.locator("#slider").fill("5")
    assert "b does not wait for 1 more contribution: a: 0 += 1 → 1" in says(page)
    assert "The first wrong sum (in the right order this arrow carries 2, once)" in says(page)
    assert "wrong" in box(page, "a").get_attribute("class")
    assert box(page, "a").locator("text.grad").text_content() == "grad 1 ✗"
    page.locator("#mode").select_option("right")
    page.locator("#last").click()
    assert box(page, "a").locator("text.grad").text_content() == "grad 4"


def network(opened, **options):
    model = nn.MLP([3, 4, 2], rng=np.random.default_rng(0))
    labels = np.array([0, 1, 0, 1, 0])

    def loss(x):
        logits = model(x)
        return nn.softmax_cross_entropy(logits, labels)

    return opened(loss, np.ones((5, 3)), **options)


def wait(page, count):
    sync_api.expect(page.locator(".box")).to_have_count(count, timeout=60_000)


def test_groups_close_and_open(opened):
    page = network(opened)
    everything = page.locator(".box").count()
    page.get_by_role("button", name="close group layers.0").click()
    wait(page, everything - 4)
    assert "2 operations" in box(page, "⊞ layers.0").text_content()
    page.locator("#collapse").click()
    wait(page, 2)
    box(page, "⊞ MLP").dblclick()
    page.wait_for_selector("[aria-label='close group MLP']")
    page.locator("#expand").click()
    wait(page, everything)


def test_search_opens_the_group_of_what_it_finds(opened):
    page = network(opened)
    page.locator("#collapse").click()
    wait(page, 2)
    page.locator("#query").fill("relu")
    page.keyboard.press("Enter")
    page.wait_for_selector("[aria-label='close group MLP']")
    assert page.locator("#found").inner_text() == "1 of 1"
    assert page.locator("#details h3").inner_text() == "#3 · relu"
    assert "found" in box(page, "#3").get_attribute("class")


def test_lines_and_nodes_show_each_other(opened):
    page = network(opened)
    page.locator("#lines .used", has_text="softmax_cross_entropy").click()
    assert "chosen" in page.locator(".box.output").get_attribute("class")
    box(page, "#1").click()
    assert page.locator("#lines .now").inner_text().endswith("logits = model(x)")
    box(page, "#1").hover()
    assert page.locator("#lines .hover").count() == 1
    assert "matmul: x @ weight = (5, 3) @ (3, 4) = (5, 4)" in page.locator("#details").inner_text()


def test_everything_can_be_done_with_keys(opened):
    page = network(opened)
    page.keyboard.press("Home")
    assert page.locator("#count").inner_text().startswith("0 of ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#count").inner_text().startswith("1 of ")
    page.keyboard.press("End")
    assert "Done" in says(page)
    page.keyboard.press("n")
    assert page.locator("#mode").input_value() == "naive"
    page.keyboard.press("n")
    page.keyboard.press("/")
    page.keyboard.type("bias")
    page.keyboard.press("Enter")
    assert page.locator("#details h3").inner_text() == "bias"
    for _ in range(9):  # past the buttons of the header
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "drawing"
    page.keyboard.press("ArrowUp")
    before = page.locator("#details h3").inner_text()
    page.keyboard.press("ArrowDown")
    assert page.locator("#details h3").inner_text() == "bias" != before
    count = page.locator(".box").count()
    page.keyboard.press("Enter")  # it closes the group that the node is in
    wait(page, count - 4)
    page.keyboard.press("Enter")
    wait(page, count)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#lines .now").count() == 1
    page.keyboard.press("?")
    assert page.locator("#about").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#about").is_visible()


def test_play_goes_from_the_first_step_to_the_last(opened):
    page = opened(motion="no-preference")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    sync_api.expect(page.locator("#next")).to_be_disabled(timeout=60_000)
    assert "Done" in says(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_light_or_dark_as_the_system_is_and_as_one_wants(opened, scheme):
    page = network(opened, scheme=scheme)
    paper = "getComputedStyle(document.body).backgroundColor"
    colors = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 24, 28)"}
    assert page.evaluate(paper) == colors.pop(scheme)
    page.locator("#theme").click()
    assert page.evaluate(paper) == colors.popitem()[1]
    focus = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert focus in {"solid", "none"}
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_name_that_is_markup_is_shown_as_text(opened):
    name = "</script><b>&\"'"
    x = ag.Tensor(2.0, name=name)
    page = opened(x * 3.0, title=name)
    assert page.locator("h1").inner_text() == name
    assert page.locator("b", has_text=name).count() == 0
    page.locator(".box.leaf").click()
    assert page.locator("#details h3").inner_text() == name


def test_heat_maps_histograms_and_tables(opened):
    x = np.random.default_rng(0).normal(size=(40, 50))
    page = opened(lambda x, v: np.sum(x) + np.sum(v), x, np.array([1.0, -2.0]))
    box(page, "x").click()
    assert page.locator("#details canvas").count() == 2  # value and gradient
    assert page.locator("#details svg.bars rect").count() == 32
    box(page, "v").click()
    assert page.locator("#details table.heat td").all_inner_texts()[:2] == ["1", "\N{MINUS SIGN}2"]


def test_what_is_not_finite_is_marked(opened):
    with np.errstate(all="ignore"):
        page = opened(lambda x: np.sum(np.log(x)), np.array([-1.0, 0.0]))
    assert box(page, "#1").locator("text.value").text_content() == "(2,) NaN ∞"
    assert "odd" in box(page, "#1").get_attribute("class")
    assert "odd" not in box(page, "x").get_attribute("class")


def test_twenty_thousand_operations_open_collapsed(opened):
    w = ag.Tensor(0.5, name="w")

    def program(h):
        for _ in range(10_000):
            with ag.scope("cell"):
                h = np.tanh(w * h)
        return h

    page = opened(program, np.linspace(-1.0, 1.0, 9))
    assert page.locator(".box").count() < 120
    for key in ("Home", "ArrowRight", "End", "ArrowLeft"):
        page.keyboard.press(key)
    assert page.locator("#count").inner_text() == "40000 of 40001"
    # A step inside a closed group is shown all the same, and its group opens.
    assert page.locator("#details h3").inner_text() == "#2 · tanh"
    assert "norm" in page.locator("#details").inner_text()
    assert "undefined" not in page.locator("body").inner_text()
    page.get_by_role("button", name="Show it there").click()
    sync_api.expect(box(page, "#2:")).to_have_count(1, timeout=60_000)


def test_without_workers_the_page_places_the_boxes_itself(browser, tmp_path):
    path = viz.explore(path=tmp_path / "page.html").path
    page = browser.new_page()
    page.add_init_script("delete globalThis.Worker")
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready=yes]")
    assert page.locator(".box").count() == 3
    assert not page.locator("#busy").is_visible()
    page.close()


def test_a_notebook_shows_the_page_in_a_frame(browser, tmp_path):
    shown = viz.explore(path=None)._repr_html_()
    path = Path(tmp_path / "notebook.html")
    path.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{shown}", encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("body[data-ready=yes]").wait_for()
    assert frame.locator(".box").count() == 3
    page.close()
