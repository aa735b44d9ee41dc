"""A keyboard without a pointer beside it: what is pressed was reached by Tab or by arrow keys."""

import re
from collections.abc import Callable
from typing import Final

from playwright.sync_api import Locator, Page, expect

FURTHEST: Final = 160
"""Presses of Tab after which something counts as out of reach."""
IS_FOCUSED: Final = "(element) => element === document.activeElement"
# The last word of an element that is no longer in the page is no answer.
HAS_FOCUS: Final = "(element) => element.isConnected ? element === document.activeElement : null"
IS_LIKE: Final = "(selector) => document.activeElement.matches(selector)"


class Keys:
    """One member's keyboard.

    Attributes:
        page: What they look at.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.press = page.keyboard.press
        self.type = page.keyboard.type

    def reach(self, target: Locator | str, *, back: bool = False) -> None:
        """Press Tab until the target has the focus, or Shift and Tab.

        A selector stands for the next thing that it fits, a locator for the first that it finds.
        """
        key = "Shift+Tab" if back else "Tab"
        if isinstance(target, str):
            self.press(key)
        is_at = self._glance(target)
        for _ in range(FURTHEST):
            if is_at():
                return
            self.press(key)
        message = f"Tab does not lead to {target}"
        raise AssertionError(message)

    def _glance(self, target: Locator | str) -> Callable[[], bool]:
        """Whether the target has the focus, told at once; a locator looks for its element first."""
        if isinstance(target, str):
            return lambda: bool(self.page.evaluate(IS_LIKE, target))
        first = target.first
        element = first.element_handle()

        def has_focus() -> bool:
            nonlocal element
            while (said := element.evaluate(HAS_FOCUS)) is None:
                element = first.element_handle()
            return bool(said)

        return has_focus

    def use(self, target: Locator, key: str = "Enter") -> None:
        """Reach it and press it."""
        self.reach(target)
        self.press(key)

    def fill(self, selector: str, text: str) -> None:
        """Write into the next field that it fits, instead of what stands there."""
        self.reach(selector)
        if self.page.evaluate("() => document.activeElement.tagName") == "INPUT":
            self.press("Control+a")
        self.type(text)

    def submit(self, selector: str) -> None:
        """Press the next button that it fits; another page says that it is done."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.press("Enter")

    def sees(self, text: str) -> None:
        """The page says so."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def button(self, name: str) -> None:
        """Use the button of that name."""
        self.use(self.page.get_by_role("button", name=name, exact=True))

    def link(self, name: str) -> None:
        """Follow the link of that name."""
        self.use(self.page.get_by_role("link", name=name, exact=True))

    def field(self, label: str, text: str) -> None:
        """Write into the field of that label, instead of what stands there."""
        self.reach(self.page.get_by_label(re.compile(f"^{re.escape(label)}")))
        self.press("Control+a")
        self.type(text)

    def choose(self, label: str, option: str) -> None:
        """Choose from a list by the beginning of the option."""
        self.reach(self.page.get_by_label(re.compile(f"^{re.escape(label)}")))
        self.type(option)

    def say(self, text: str) -> None:
        """Write a message and send it."""
        self.reach(self.page.locator("#compose-text"))
        self.type(text)
        self.press("Enter")

    def newest(self) -> None:
        """From an empty composer to the newest message."""
        self.reach(self.page.locator("#compose-text"))
        self.press("ArrowUp")
        expect(self.page.locator(".content .message:focus")).to_have_count(1)

    def item(self, name: str) -> None:
        """Choose from the menu of the message that has the focus."""
        self.press("m")
        entry = self.page.get_by_role("menuitem", name=name, exact=True)
        for _ in range(10):
            if entry.evaluate(IS_FOCUSED):
                break
            self.press("ArrowDown")
        self.press("Enter")
